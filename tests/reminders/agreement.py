"""`python -m tests.reminders.agreement [lives] [seed]`: the engine and the slow reference answer for the same lives.

The engine reads its rules as if a medical officer had signed every line. Who was right when they did not agree stands
in DISAGREEMENTS.md. It ends with 1 when they do not.
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from chalicelib.reminders import model
from chalicelib.reminders.due import due

from .lives import signed
from .reference import expected
from .reference_lives import Act, Life, Person, lives

LIVES, SEED = 100_000, 20261127
PROCESSES = 2
AT_ONCE = 2_500
SHOWN = 20


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


def told(life: Life) -> str:
    person, history, today = life
    acts = ", ".join(f"{act.code} {act.on} {act.result}".rstrip() for act in sorted(history, key=lambda act: act.on))
    pregnant = ", ".join(f"{one.began} {one.ended or ''}".rstrip() for one in person.pregnancies)
    who = f"born {person.birth} {person.sex} {person.territory}".rstrip()
    return f"{who}, risks {sorted(person.risks)}, pregnant [{pregnant}], did [{acts}], today {today}"


def compared(seed: int, first: int, count: int) -> tuple[int, list[str]]:
    """Return how much is due in these lives, and the disagreements."""
    answers = [disagreement(life) for life in lives(seed, count, first)]
    return sum(dues for dues, _ in answers), [said for _, said in answers if said]


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
