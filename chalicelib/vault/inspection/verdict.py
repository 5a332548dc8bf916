"""What an inspection says. Reasons are codes of policies/labels.csv."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` with the media type found in the content, or the `reason` why the file goes to quarantine."""

    ok: bool
    reason: str
    media: str


class Refused(Exception):
    """The content breaks a rule; the one way out of every checker."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
