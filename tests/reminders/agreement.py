"""`python -m tests.reminders.agreement [lives] [seed]`: the engine and the slow reference answer for the same lives.

The engine reads its rules as if a medical officer had signed every line. Who was right when they did not agree stands
in DISAGREEMENTS.md. It ends with 1 when they do not.
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial

from chalicelib.reminders import model
from chalicelib.reminders.due import due
from chalicelib.reminders.spans import LAST

from .lives import signed
from .reference import expected
from .reference_lives import FIRST_TODAY, Act, Life, Person, lives

LIVES, SEED = 100_000, 20261127
PROCESSES = 2
AT_ONCE = 2_500
SHOWN = 20
ONE_DAY = timedelta(days=1)


def as_person(person: Person) -> model.Person:
    known = tuple(model.Pregnancy(one.began, one.ended) for one in person.pregnancies)
    return model.Person(person.birth, person.sex, person.territory, person.risks, known, person.opted_out)


def as_history(history: Iterable[Act]) -> model.History:
    return tuple(model.Act(act.code, act.on, act.result) for act in history)


def disagreement(life: Life) -> tuple[int, str]:
    """Return how much is due in this life, and what only one of the two says ("" when they agree)."""
    person, history, today = life
    found = due(as_person(person), as_history(history), signed(), today)
    engine, reference = {(item.rule, item.dose) for item in found}, expected(person, history, today)
    if engine == reference:
        return len(found), ""
    return len(found), f"engine {sorted(engine - reference)}, reference {sorted(reference - engine)}: {told(life)}"


def out_of_window(life: Life) -> str:
    """Return what the two say differently of when something due begins and ends ("" when they agree).

    One of what is due in each life, so that every rule has its turn. Around its days they agree on all that is due; on
    its last day the reference still asks for it when nothing was done meanwhile.
    """
    person, history, today = life
    found = due(as_person(person), as_history(history), signed(), today)
    if not found:
        return ""
    item = found[today.toordinal() % len(found)]
    days = [day for day in (item.start - ONE_DAY, item.start, item.end) if max(person.birth, FIRST_TODAY) <= day < LAST]
    for day in days:
        if said := disagreement((person, history, day))[1]:
            return f"{item.rule} {item.start} {item.end}: {said}"
    last, known = item.end - ONE_DAY, [act for act in history if act.on <= today]
    if item.end < LAST and (item.rule, item.dose) not in expected(person, known, last):
        return f"{item.rule} ends before {item.end}: {told(life)}"
    return ""


def told(life: Life) -> str:
    person, history, today = life
    acts = ", ".join(f"{act.code} {act.on} {act.result}".rstrip() for act in sorted(history, key=lambda act: act.on))
    pregnant = ", ".join(f"{one.began} {one.ended or ''}".rstrip() for one in person.pregnancies)
    who = f"born {person.birth} {person.sex} {person.territory}".rstrip()
    return f"{who}, risks {sorted(person.risks)}, pregnant [{pregnant}], did [{acts}], today {today}"


def compared(seed: int, first: int, count: int) -> tuple[int, list[str]]:
    """Return how much is due in these lives, and the disagreements."""
    found = list(lives(seed, count, first))
    answers = [disagreement(life) for life in found]
    others = [said for said in (*(said for _, said in answers), *map(out_of_window, found)) if said]
    return sum(dues for dues, _ in answers), others


def agreement(seed: int, count: int) -> tuple[int, list[str]]:
    """Return the same for many lives, shared out to a few processes."""
    starts = range(0, count, AT_ONCE)
    counts = [min(AT_ONCE, count - first) for first in starts]
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = list(pool.map(partial(compared, seed), starts, counts))
    return sum(dues for dues, _ in found), [said for _, others in found for said in others]


def main(count: int = LIVES, seed: int = SEED) -> int:
    """Print what only one of the two says, and the count."""
    dues, others = agreement(seed, count)
    for said in others[:SHOWN]:
        print(said)
    print(f"agreement: {count:,} lives, {dues:,} due, {len(others):,} disagreements")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
