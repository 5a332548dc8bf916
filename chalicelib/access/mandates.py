"""Who may act for somebody, and how many: policies/mandates.csv and policies/ceilings.csv, read strictly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .matrix import BadPolicy, rows_of

COLUMNS = ["mandate", "represents", "ends", "holder_may_end", "why", "source"]
CEILING_COLUMNS = ["ceiling", "value", "what", "source"]
PARENT = "parent"
AT_MAJORITY, BY_JUDGMENT = "majority", "judgment"
CEILINGS = (
    "proxies_per_person",
    "carers_per_person",
    "persons_per_carer",
    "codes_per_record",
    "subjects_per_record",
    "team_per_record",
    "limits_per_record",
    "choices_bytes",
    "rectifications_per_document",
    "calendars_per_record",
    "notes_per_organisation",
    "agenda_entries",
    "appointments_per_organisation",
    "own_reminders_per_day",
)


@dataclass(frozen=True, slots=True)
class Mandate:
    """One kind of representation: whether it represents at all, when it ends, and whether the holder may end it."""

    represents: bool
    ends: str
    holder_may_end: bool
    why: str


def load_mandates(lines: Iterable[str]) -> Mapping[str, Mandate]:
    """Return the kinds of representation. Raise BadPolicy unless every line says one known thing in each column."""
    found: dict[str, Mandate] = {}
    for row in rows_of(lines, COLUMNS):
        known = row["ends"] in (AT_MAJORITY, BY_JUDGMENT) and {row["represents"], row["holder_may_end"]} <= {
            "yes",
            "no",
        }
        if row["mandate"] in found or not all(row.values()) or not known:
            raise BadPolicy(f"{row['mandate']} stands twice, has an empty column or an unknown word")
        found[row["mandate"]] = Mandate(
            row["represents"] == "yes", row["ends"], row["holder_may_end"] == "yes", row["why"]
        )
    if PARENT not in found:
        raise BadPolicy("parents represent their children")
    return found


def load_ceilings(lines: Iterable[str]) -> Mapping[str, int]:
    """Return every ceiling. Raise BadPolicy unless each one stands there exactly once, positive, with its source."""
    found: dict[str, int] = {}
    for row in rows_of(lines, CEILING_COLUMNS):
        if row["ceiling"] in found or not row["source"] or not row["value"].isdecimal() or int(row["value"]) < 1:
            raise BadPolicy(f"{row['ceiling']} stands twice, is no positive number or has no source")
        found[row["ceiling"]] = int(row["value"])
    if set(found) != set(CEILINGS):
        raise BadPolicy(f"missing or unknown ceilings: {sorted(set(found) ^ set(CEILINGS))}")
    return found


@cache
def mandates() -> Mapping[str, Mandate]:
    """Return the shipped table, read once."""
    return load_mandates(_lines("mandates.csv"))


@cache
def ceilings() -> Mapping[str, int]:
    """Return the shipped table, read once."""
    return load_ceilings(_lines("ceilings.csv"))


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
