"""Four lives from the birth to 85 years under all rules at once, as read and kept in golden/lives/*.txt.

`python -m tests.reminders.test_whole_lives` writes them anew: read the difference as a physician would.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.reminders.compiled import Rules
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.model import Act, History, Person

from .lives import SHIPPED, pregnancies, signed

KEPT = Path(__file__).parent / "golden" / "lives"
DELAY = timedelta(days=10)
TWICE = pregnancies("2055-06-07..2056-03-12", "2058-01-14..2058-10-15")
# Who, under which rules, and whether everything is done ten days after it was told.
LIVES: dict[str, tuple[Person, Rules, bool]] = {
    "girl_guyane_all_signed_does_everything": (
        Person(date(2028, 2, 29), "F", "973", pregnancies=TWICE),
        signed(),
        True,
    ),
    "boy_bretagne_as_shipped_does_nothing": (Person(date(2027, 3, 10), "M", "35"), SHIPPED, False),
    "preterm_girl_at_risk_does_everything": (
        Person(date(2027, 12, 31), "F", "93", frozenset({"preterm", "immunocompromised", "high_risk_breast"})),
        signed(),
        True,
    ),
    "man_of_forty_five_with_no_history_does_everything": (Person(date(1980, 1, 1), "M", "75"), SHIPPED, True),
}


def told(person: Person, rules: Rules, *, does: bool) -> list[str]:
    """Return each reminder with its day, walking from one day on which something begins to the next."""
    found: dict[tuple[str, int, str], str] = {}
    history: History = ()
    today: date | None = person.birth
    while today and today.year - person.birth.year <= 85:
        for item in due(person, history, rules, today):
            name = (item.rule, item.dose, item.cycle)
            if name not in found:
                found[name] = f"{today} {item.rule}/{item.dose} {item.cycle}".rstrip()
                act = Act(rules.by_id[item.rule].counts[0], today + DELAY, "normal")
                history = (*history, act) if does and act.on < item.end else history
        today = next_due(person, history, rules, today)
    return list(found.values())


@pytest.mark.parametrize("life", LIVES)
def test_a_whole_life_is_told_what_was_read_and_kept(life):
    person, rules, does = LIVES[life]
    assert told(person, rules, does=does) == (KEPT / f"{life}.txt").read_text(encoding="utf-8").splitlines()


def test_no_life_is_kept_that_is_not_told():
    assert {path.stem for path in KEPT.glob("*")} == set(LIVES)


def main() -> None:
    """Write the lives anew."""
    for life, (person, rules, does) in LIVES.items():
        lines = told(person, rules, does=does)
        (KEPT / f"{life}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{life}: {len(lines)} reminders")


if __name__ == "__main__":
    main()
