"""What is asked for, as far as a decision may depend on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry of a record, or the record itself (`kind` = record, everything else empty).

    `author` is the id of the actor who deposited it, `organisation` the organisation of the *exercice* at
    deposit; author rights need both. `state` is the document's own state (received, available, quarantined,
    uploading); `hidden` and deletion live in Choices, because they turn decisions. `day` is the day of care (ISO).
    `secret` is a minor's document that representatives do not see (INVISIBLE_REPRESENTANTS_LEGAUX); `withheld` the
    instant of deposit of one that the holder does not see before its announcement (INVISIBLE_PATIENT), else empty.
    Entries of the profile (kind `profile`) and the agenda (`agenda`) are told by the same fields, their state is
    available; one that is closed to professionals has no category. A new one has its id and author already.
    What a caller must bring to an action is a thing as well: kind `code` with state `code_good`, `code_wrong`;
    kind `reason` with state `reason_given`; kind `subject` with the id of the person concerned, and state `may_end`
    when the law lets the holder end what that person may do.
    """

    kind: str = "record"
    id: str = ""
    category: str = ""
    author: str = ""
    organisation: str = ""
    state: str = ""
    day: str = ""
    secret: bool = False
    withheld: str = ""


RECORD = Thing()
