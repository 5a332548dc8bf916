"""What is asked for, as far as a decision may depend on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry of a record, or the record itself (`kind` = record, everything else empty).

    `author` is the id of the actor who deposited it, `organisation` the organisation of the *exercice* at
    deposit; author rights need both. `state` is the document's own state (received, available, quarantined,
    uploading); `hidden` and deletion live in Choices, because they turn decisions.
    """

    kind: str = "record"
    id: str = ""
    category: str = ""
    author: str = ""
    organisation: str = ""
    state: str = ""


RECORD = Thing()
