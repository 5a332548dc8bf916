"""What random lives did: calendars kept, kept late, kept wrongly, and days that make an interval end today."""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from .reference_life import after_months

Told = tuple[str, date, str]  # code, day, result
# The usual ages, in months. They only make likely lives; nothing is decided by them.
CALENDAR: dict[str, tuple[int, ...]] = {
    "hexavalent": (2, 4, 11),
    "pneumococcal": (2, 4, 11),
    "rotavirus": (2, 3),
    "rotavirus_3": (2, 3, 4),
    "menb": (3, 5, 12),
    "menacwy": (6, 12, 138),
    "mmr": (12, 16),
    "bcg": (1,),
    "yellow_fever": (12,),
    "dtcap": (72, 138, 300),
    "dtp": (540, 780, 900, 1020),
    "hpv": (138, 144),
    "hepb": (138, 144),
    "zoster": (780, 782),
    "rsv": (900,),
    "mammography": tuple(range(600, 900, 24)),
    "fit": tuple(range(600, 900, 24)),
    "colonoscopy": (640,),
    "cytology": (300, 312, 348),
    "hpv_test": tuple(range(384, 792, 60)),
    "prevention_checkup": (230, 545, 725, 845),
    "dental_exam": tuple(range(36, 300, 12)),
    **{
        f"child_exam_{number:02}": (month,)
        for number, month in enumerate(
            (0, 0, 1, 2, 3, 4, 5, 8, 11, 12, 16, 23, 30, 42, 54, 66, 78, 100, 140, 185), start=1
        )
    },
}
SEASONAL = ("influenza", "covid")
TESTS = ("mammography", "fit", "colonoscopy", "cytology", "hpv_test")
IN_PREGNANCY = ("dtcap", "rsv", "dental_maternity")
CODES = (*CALENDAR, *SEASONAL, "dental_maternity")
# Intervals worth standing beside: code, months, youngest and oldest age in years at which somebody may wait for it.
INTERVALS = (
    ("hexavalent", (2, 6), 0, 6), ("pneumococcal", (1, 2, 6), 0, 6), ("menb", (2, 6), 0, 2), ("menacwy", (6,), 0, 2),
    ("mmr", (1,), 1, 55), ("hpv", (2, 4, 5), 11, 26), ("hepb", (1, 5, 6), 6, 15), ("dtp", (60,), 25, 39),
    ("zoster", (1, 2), 18, 120), ("covid", (3, 6), 0, 120), ("covid", (3, 6), 64, 120), ("mammography", (24,), 50, 74),
    ("fit", (24,), 50, 74), ("colonoscopy", (24, 60), 50, 74), ("cytology", (12, 36), 25, 33),
    ("hpv_test", (36, 60), 30, 65), ("dental_exam", (12,), 3, 24), ("influenza", (12,), 0, 120),
    ("dtp", (120,), 65, 120), ("dtcap", (60,), 25, 39),
)  # fmt: skip
AGES = (12, 72, 132, 180, 216, 300, 540, 780, 900)


def acts(chance: random.Random, birth: date, today: date, pregnancies: Iterable[date]) -> list[Told]:
    """Return at most forty acts between the birth and today, in order, in disorder or in the order of writing."""
    told = chance.choice(STYLES)(chance, birth, today)
    told += [(code, day, "") for began in pregnancies for code, day in of_a_pregnancy(chance, began)]
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        told = with_an_edge(chance, birth, today, told)
    told = [one for one in told if birth <= one[1] <= today]
    if chance.random() < 0.15:
        told += [(code, day + timedelta(days=chance.choice((0, 0, 1))), result) for code, day, result in told[::3]]
        told = [one for one in told if one[1] <= today]
    if len(told) > 40:
        latest = sorted(told, key=lambda one: one[1])[-40:]
        told = latest if chance.random() < 0.7 else chance.sample(told, chance.randint(1, 40))
    order: Callable[[Told], str | date | float] = chance.choice(
        (lambda one: one[1], lambda one: one[0], lambda _: chance.random())
    )
    return [(code, day, result_of(chance, code, result)) for code, day, result in sorted(told, key=order)]


def result_of(chance: random.Random, code: str, result: str) -> str:
    if result or code not in TESTS:
        return result
    return chance.choices(("", "normal", "abnormal"), (2, 5, 2))[0]


def nothing(chance: random.Random, birth: date, today: date) -> list[Told]:
    return []


def keeping(chance: random.Random, birth: date, today: date) -> list[Told]:
    """Keep the calendar within three weeks, forget one act in ten, and catch the flu season most years."""
    return on_time(chance, birth, shift=lambda: chance.randint(0, 20), kept=0.9) + seasons(chance, birth, today)


def late(chance: random.Random, birth: date, today: date) -> list[Told]:
    lag = chance.choice((30, 90, 200, 400, 1500, 3500))
    return on_time(chance, birth, shift=lambda: lag + chance.randint(-20, 60), kept=0.8)


def early(chance: random.Random, birth: date, today: date) -> list[Told]:
    return on_time(chance, birth, shift=lambda: chance.choice((-60, -31, -30, -1, -1, 0)), kept=0.8)


def partly(chance: random.Random, birth: date, today: date) -> list[Told]:
    return on_time(chance, birth, shift=lambda: chance.choice((0, 0, 1, 10, 45)), kept=0.45)


def anything(chance: random.Random, birth: date, today: date) -> list[Told]:
    """Do up to forty acts of any kind on any day, half of them of three kinds only."""
    few, days = chance.sample(CODES, 3), (today - birth).days
    return [
        (chance.choice(few if chance.random() < 0.5 else CODES), birth + timedelta(days=chance.randint(0, days)), "")
        for _ in range(chance.randint(1, 40))
    ]


STYLES = (nothing, keeping, keeping, keeping, late, early, partly, partly, anything)


def on_time(chance: random.Random, birth: date, shift: Callable[[], int], kept: float) -> list[Told]:
    """Follow the calendar of one rotavirus product, each act moved by `shift` days and done with the chance `kept`."""
    unused = {chance.choice(("rotavirus", "rotavirus_3")), chance.choice(("hepb", "colonoscopy", "")), "bcg"}
    kinds = [kind for kind in CALENDAR if kind not in unused or chance.random() < 0.05]
    return [
        (kind, after_months(birth, age) + timedelta(days=shift()), "")
        for kind in kinds
        for age in CALENDAR[kind]
        if chance.random() < kept
    ]


def seasons(chance: random.Random, birth: date, today: date) -> list[Told]:
    first = max(birth.year, today.year - 3)
    days = [date(year, 10, 14) + timedelta(days=chance.randint(-20, 137)) for year in range(first, today.year + 1)]
    return [(chance.choice(SEASONAL), day, "") for day in days]


def of_a_pregnancy(chance: random.Random, began: date) -> list[tuple[str, date]]:
    days = {
        code: began + timedelta(days=chance.choice((-1, 0, 90, 139, 140, 200, 224, 259, 300))) for code in IN_PREGNANCY
    }
    return [(code, day) for code, day in days.items() if chance.random() < 0.35]


def with_an_edge(chance: random.Random, birth: date, today: date, told: list[Told]) -> list[Told]:
    """Add an act an interval before today, on an age or on an edge of a season: a day before it, on it or after it."""
    wobble = timedelta(days=chance.choice((-1, 0, 0, 1)))
    kind = chance.random()
    if kind < 0.65:
        return with_an_interval(chance, birth, today, told, wobble)
    if kind < 0.7:
        return [*told, (chance.choice(("rotavirus", "rotavirus_3")), today - timedelta(days=28) + wobble, "")]
    if kind < 0.85:
        return [*told, (chance.choice(CODES), after_months(birth, chance.choice(AGES)) + wobble, "")]
    month, day = chance.choice(((10, 14), (2, 28), (3, 1), (6, 30)))
    on = date(today.year - chance.choice((0, 1)), month, day) + wobble
    return [*told, (chance.choice(SEASONAL), on, "")]


def with_an_interval(
    chance: random.Random, birth: date, today: date, told: list[Told], wobble: timedelta
) -> list[Told]:
    """Add an act whose interval ends beside today, and mostly drop what was done of its kind since."""
    years = (today - birth).days // 365
    code, lengths, _, _ = chance.choice([one for one in INTERVALS if one[2] <= years <= one[3]])
    on = months_before(today, chance.choice(lengths)) + wobble
    if chance.random() < 0.8:
        told = [one for one in told if one[0] != code or one[1] <= on]
    return [*told, (code, on, "")]


def months_before(today: date, count: int) -> date:
    """Return the last day from which `count` months lead to today or earlier."""
    day = today - timedelta(days=28 * count)
    while after_months(day, count) > today:
        day -= timedelta(days=1)
    return day
