"""Write one golden life on one line, and ask the reference about one rule."""

from datetime import date

from .reference import expected
from .reference_lives import Act, Person, Pregnancy


def day(text: str) -> date:
    return date.fromisoformat(text)


def acts(text: str) -> tuple[Act, ...]:
    """Read 'mmr 2026-01-01, cytology 2026-02-01 normal'."""
    words = [one.split() for one in text.split(",") if one.strip()]
    return tuple(Act(one[0], day(one[1]), one[2] if len(one) > 2 else "") for one in words)


def pregnancies(text: str) -> tuple[Pregnancy, ...]:
    """Read '2025-01-01 2025-10-08, 2026-05-01': the first day of each, and its end when it is known."""
    words = [one.split() for one in text.split(",") if one.strip()]
    return tuple(Pregnancy(day(one[0]), day(one[1]) if len(one) > 1 else None) for one in words)


def dose(
    rule: str, born: str, today: str, did: str = "", risks: str = "", sex: str = "F", lives_in: str = "13",
    pregnant: str = "", without: str = "",
) -> int | None:  # fmt: skip
    """Return the dose of this rule due today, None when there is none."""
    person = Person(
        day(born), sex, lives_in, frozenset(risks.split()), pregnancies(pregnant), frozenset(without.split())
    )
    found = [number for name, number in expected(person, acts(did), day(today)) if name == rule]
    assert len(found) <= 1
    return found[0] if found else None
