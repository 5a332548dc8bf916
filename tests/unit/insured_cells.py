"""A line of an intake file as CSV."""

import csv
import io
from typing import Any

from chalicelib.enrolment.insured import COLUMNS


def cells(person: dict[str, Any]) -> bytes:
    """Write a person as the line of a CSV file."""

    def flat(one: dict[str, Any], prefix: str = "") -> dict[str, str]:
        plain = {**one, **({"ins": one["ins"]["value"], "oid": one["ins"]["oid"]} if "ins" in one else {})}
        lists = {name: "|".join(value) for name, value in plain.items() if name in ("given_names", "address")}
        return {prefix + name: str(value) for name, value in {**plain, **lists}.items()}

    named = person.get("representatives", [])
    row = flat({name: value for name, value in person.items() if name != "representatives"})
    for number, one in enumerate(named, 1):
        row |= flat(one, f"representative{number}_")
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row.get(name, "") for name in COLUMNS)
    return out.getvalue().encode()
