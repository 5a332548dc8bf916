"""Screening, check-ups and the twenty exams of the child, from the facts, §3.10. Decisions stand in REFERENCE.md."""

from datetime import date

from .reference_life import VIABLE_WEEKS, Life, after_days, after_months, after_weeks, end_of, once

DENTAL_YEARLY = date(2025, 4, 1)
CHECKUPS = ((18, 25), (45, 50), (60, 65), (70, 75))


def breast_screening(life: Life) -> int | None:
    if life.person.sex != "F" or not life.is_aged(50, 74) or life.has("high_risk_breast"):
        return None
    seen = life.days("mammography")
    return once(not seen or life.today >= after_months(seen[-1], 24))


def colorectal_screening(life: Life) -> int | None:
    if not life.is_aged(50, 74) or life.has("high_risk_colorectal"):
        return None
    covered = [after_months(day, 24) for day in life.days("fit")]
    covered += [after_months(day, 60) for day in life.days("colonoscopy")]
    return once(all(life.today >= day for day in covered))


def is_for_the_cervix(life: Life) -> bool:
    return life.person.sex == "F" and not life.has("high_risk_cervical", "no_cervix")


def is_normal(life: Life, code: str, day: date) -> bool:
    """Tell whether the test of that day was normal: nobody wrote that it was not."""
    results = [act.result for act in life.lived() if (act.code, act.on) == (code, day)]
    return "abnormal" not in results


def cervical_cytology(life: Life) -> int | None:
    if not is_for_the_cervix(life) or not life.is_aged(25, 29):
        return None
    seen = life.days("cytology")
    if not seen:
        return 1
    if len(seen) == 1:
        return 2 if life.today >= after_months(seen[0], 12) else None
    again = is_normal(life, "cytology", seen[-1]) and life.today >= after_months(seen[-1], 36)
    return len(seen) + 1 if again else None


def cervical_hpv(life: Life) -> int | None:
    if not is_for_the_cervix(life) or not life.is_aged(30, 65):
        return None
    covered = [after_months(day, 60) for day in life.days("hpv_test")]
    covered += [after_months(day, 36) for day in life.days("cytology") if is_normal(life, "cytology", day)]
    return once(all(life.today >= day for day in covered))


def prevention_checkup(life: Life) -> int | None:
    """Number the windows: 18-25 is the first."""
    for number, (first, last) in enumerate(CHECKUPS, start=1):
        if life.is_aged(first, last):
            return None if life.done_since(life.age(first), "prevention_checkup") else number
    return None


def dental_exam(life: Life) -> int | None:
    if life.today < DENTAL_YEARLY or not life.is_aged(3, 24):
        return None
    seen = life.days("dental_exam")
    return once(not seen or life.today >= after_months(seen[-1], 12))


def dental_maternity(life: Life) -> int | None:
    for one in life.person.pregnancies:
        over = end_of(one)
        was_birth = over >= after_weeks(one.began, VIABLE_WEEKS)
        end = after_months(over, 6) if was_birth else over
        in_time = life.between(after_months(one.began, 3), end)
        if in_time and not life.done_since(one.began, "dental_maternity"):
            return 1
    return None


def window_of_exam(life: Life, number: int) -> tuple[date, date]:
    """Return the first day of an exam of the child, and the first day on which it is too late."""
    if number == 1:
        return life.person.birth, after_days(life.person.birth, 9)
    if number == 2:
        return after_days(life.person.birth, 8), after_days(life.person.birth, 14)
    in_months = {
        3: (1, 2), 4: (2, 3), 5: (3, 4), 6: (4, 5), 7: (5, 6),  # 2nd to 6th month
        8: (8, 9), 9: (11, 12), 10: (12, 13),  # 9th, 12th, 13th month
        11: (16, 19),  # 16-18 months
        12: (23, 24),  # 24th month
        13: (24, 36), 14: (36, 48), 15: (48, 60), 16: (60, 72), 17: (72, 84),  # 3rd to 7th year
        18: (96, 120), 19: (132, 168), 20: (180, 204),  # 8-9, 11-13, 15-16 years
    }  # fmt: skip
    first, end = in_months[number]
    return life.month(first), life.month(end)


def child_exam(life: Life, number: int) -> int | None:
    start, end = window_of_exam(life, number)
    return once(life.between(start, end) and not life.days(f"child_exam_{number:02}"))
