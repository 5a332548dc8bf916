"""What a decision of the holder may name, and the grounds that the law knows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..access.matrix import BadPolicy, rows_of

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


def grounds_of(use: str) -> Mapping[str, str]:
    """Return the code and the words of each ground that there is for a use."""
    return {code: one.label for code, one in grounds().items() if one.use == use}


def listed(words: Callable[[], Mapping[str, str]]) -> Callable[[dict[str, Any]], None]:
    """Return what says in a schema which codes of a table there are; callers have no table of ours."""

    def said(schema: dict[str, Any]) -> None:
        schema["enum"] = [*words()]
        schema["description"] = "; ".join(f"`{code}`: {label}" for code, label in words().items())

    return said
