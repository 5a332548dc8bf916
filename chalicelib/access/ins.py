"""The national identity number (matricule INS): its forms, its key, and how strictly each authority is held to them.

Policy is policies/ins.csv. `strict` checks the key (97 minus the remainder of the thirteen characters by 97, Corsican
departments counted as 19 and 18); `lenient` only its form, because published test identities carry wrong keys.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stdnum.fr import nir

from .matrix import BadPolicy, rows_of

COLUMNS = ["oid", "scheme", "forms", "key", "source"]
QUALIFIED = "QUALIFIEE"
STATUSES = ("PROVISOIRE", "RECUPEREE", "VALIDEE", QUALIFIED)
"""of an identity (RNIV): only a qualified one exchanges documents under its number"""
PATTERN = r"^[1-8][0-9]{4}([0-9]{2}|2[AB])[0-9]{6}(0[1-9]|[1-8][0-9]|9[0-7])$"
"""what every form has in common, key included"""

_PLACE = "(0[1-9]|1[0-2]|[2-9][0-9])([0-9]{2}|2[AB])[0-9]{6}"
_KEY = "(0[1-9]|[1-8][0-9]|9[0-7])"
FORMS = {
    "nir": f"[12][0-9]{{2}}{_PLACE}",
    "nia": f"[34][0-9]{{2}}{_PLACE}",
    "nnp": "[78][012][0-9]{11}",
    "mig": "[56][12][0-9]{11}",
}
"""registered number; number while waiting for it; temporary numbers of the funds (second digit 0: before 2012)"""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What numbers of one authority look like; `strict`: their key is checked."""

    form: re.Pattern[str]
    strict: bool


def load_schemes(lines: Iterable[str]) -> Mapping[str, Scheme]:
    """Read the table: OID of the authority -> scheme. Raise BadPolicy on anything not understood."""
    found: dict[str, Scheme] = {}
    for row in rows_of(lines, COLUMNS):
        if row["oid"] in found or row["key"] not in ("strict", "lenient") or not all(row.values()):
            raise BadPolicy(f"{row['oid']} stands twice, has an empty column or an unknown key policy")
        found[row["oid"]] = Scheme(_form(row), row["key"] == "strict")
    return found


def _form(row: Mapping[str, str]) -> re.Pattern[str]:
    names = row["forms"].split("|")
    if not set(names) <= set(FORMS):
        raise BadPolicy(f"{row['oid']}: unknown form")
    return re.compile(f"({'|'.join(FORMS[name] for name in names)}){_KEY}")


SCHEMES = load_schemes(Path(__file__).with_name("ins.csv").read_text(encoding="utf-8").splitlines())


def fault_of(oid: str, value: str, schemes: Mapping[str, Scheme] = SCHEMES) -> str:
    """Return what is wrong with a number: `OID`, `FORM` or `KEY`; empty when nothing is."""
    scheme = schemes.get(oid)
    if scheme is None:
        return "OID"
    if not scheme.form.fullmatch(value):
        return "FORM"
    return "KEY" if scheme.strict and not nir.is_valid(value) else ""
