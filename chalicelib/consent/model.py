"""What a decision of the holder may name, how much of it there is room for, and the grounds that the law knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..access.choices import FULL, Choices
from ..access.mandates import ceilings
from ..access.matrix import BadPolicy, rows_of
from ..kernel.errors import Conflict

COLUMNS = ["use", "ground", "effect", "label", "source"]
REFUSAL, DISCLOSURE = "refusal", "disclosure"
HEIR, EXPERT, ENDS = "heir", "expert", "ends"
EFFECTS = {REFUSAL: ("refuse",), DISCLOSURE: (HEIR, EXPERT, ENDS)}
PREFIXES = {"professional": "pro:", "organisation": "org:", "profession": "prof:", "category": "cat:"}


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason the law accepts: what it is good for and what it does."""

    use: str
    effect: str
    label: str


def load_grounds(lines: Iterable[str]) -> Mapping[str, Ground]:
    """Read policies/grounds.csv. Raise BadPolicy."""
    found: dict[str, Ground] = {}
    for row in rows_of(lines, COLUMNS):
        if row["ground"] in found or not all(row.values()) or row["effect"] not in EFFECTS.get(row["use"], ()):
            raise BadPolicy(f"{row['ground']} stands twice, has an empty column or an unknown word")
        found[row["ground"]] = Ground(row["use"], row["effect"], row["label"])
    return found


@cache
def grounds() -> Mapping[str, Ground]:
    """Return the shipped table, read once."""
    return load_grounds(Path(__file__).with_name("grounds.csv").read_text(encoding="utf-8").splitlines())


def with_room(before: Choices, after: Choices) -> Choices:
    """Return the next choices. Raise Conflict when they grew past a ceiling; taking back is always possible."""
    ceiling = ceilings()
    grew = _size(after) > _size(before)
    if grew and (
        _subjects(after) > ceiling["subjects_per_record"]
        or len(after.limits) > ceiling["limits_per_record"]
        or _size(after) > ceiling["choices_bytes"]
    ):
        raise Conflict(FULL)
    return after


def _subjects(choices: Choices) -> int:
    named = (choices.allowed, choices.blocked, choices.team, choices.express, choices.refused, choices.designated)
    return sum(map(len, named))


def _size(choices: Choices) -> int:
    return len(choices.dump())
