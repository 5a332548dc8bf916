"""What is told, and by whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and where the reader finds the rest."""

    sender: str
    portal: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell the holder of a record: `name` tells it from every other, the same at every try."""

    record: str
    event: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: an event in a language, with the code that it may carry; `represented`: to who acts for a child."""

    event: str
    language: str
    code: str = ""
    represented: bool = False
