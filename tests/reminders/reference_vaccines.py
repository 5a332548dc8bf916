"""The vaccination calendar of the facts, §3.9, line by line. Decisions stand in REFERENCE.md."""

from datetime import date

from .reference_life import Gap, Life, after_months, after_weeks, months, next_dose, once, weeks

FOR_EVER = date.max
ILE_DE_FRANCE = ("75", "77", "78", "91", "92", "93", "94", "95")
GUYANE, MAYOTTE = "973", "976"
HPV_WIDENED = date(2025, 12, 9)


def is_weak(life: Life) -> bool:
    """Tell whether a live vaccine would be a danger."""
    return life.has("immunocompromised")


def hexavalent(life: Life) -> int | None:
    ages = [life.month(2), life.month(4), life.month(11)]
    return next_dose(life, life.days("hexavalent"), ages, [months(2), months(6)], end=life.age(6))


def pneumococcal_infant(life: Life) -> int | None:
    end = life.age(6) if life.is_at_risk() else life.age(2)
    given = life.days("pneumococcal")
    if life.has("preterm"):
        ages = [life.month(2), life.month(3), life.month(4), life.month(11)]
        # The ages of the preterm are a month apart; once they are past, the intervals written for everybody hold.
        early = [months(1), months(1), months(6)]
        return next_dose(
            life, given, ages, early if life.today < life.age(2) else [months(2), months(6), months(6)], end
        )
    ages = [life.month(2), life.month(4), life.month(11)]
    return next_dose(life, given, ages, [months(2), months(6)], end)


def rotavirus(life: Life) -> int | None:
    if is_weak(life):
        return None
    given = life.days("rotavirus", "rotavirus_3")
    if life.days("rotavirus_3"):
        ages, end = [life.month(2), life.month(3), life.month(4)], after_weeks(life.person.birth, 32)
        return next_dose(life, given, ages, [weeks(4), weeks(4)], end)
    ages, end = [life.month(2), life.month(3)], after_weeks(life.person.birth, 24)
    return next_dose(life, given, ages, [weeks(4)], end)


def meningococcal_b(life: Life) -> int | None:
    ages = [life.month(3), life.month(5), life.month(12)]
    return next_dose(life, life.days("menb"), ages, [months(2), months(6)], end=life.age(2))


def meningococcal_acwy_infant(life: Life) -> int | None:
    given = life.days("menacwy")
    if any(day >= life.month(12) for day in given):
        return None  # one dose at 12 months or later is enough
    ages = [life.month(6), life.month(12)]
    return next_dose(life, given, ages, [months(2)], end=life.age(5))


def measles_mumps_rubella(life: Life) -> int | None:
    if life.person.birth < date(1980, 1, 1) or is_weak(life) or life.is_pregnant():
        return None
    given = [day for day in life.days("mmr") if day >= life.month(12)]
    return next_dose(life, given, [life.month(12), life.month(16)], [months(1)], end=FOR_EVER)


def bcg(life: Life) -> int | None:
    if is_weak(life) or life.is_pregnant():
        return None
    exposed = life.has("tuberculosis_risk") or life.person.territory in (*ILE_DE_FRANCE, GUYANE, MAYOTTE)
    return once(exposed and life.between(life.month(1), life.age(15)) and not life.days("bcg"))


def dtcap_6(life: Life) -> int | None:
    return once(life.between(life.age(6), life.age(11)) and not life.done_since(life.age(6), "dtcap"))


def dtcap_11(life: Life) -> int | None:
    return once(life.is_aged(11, 13) and not life.done_since(life.age(11), "dtcap"))


def hpv(life: Life) -> int | None:
    given = life.days("hpv")
    last_age = 26 if life.today >= HPV_WIDENED else 19
    first = given[0] if given else life.today
    if first < life.age(15):
        ages: list[date] = [life.age(11), life.age(11)]
        gaps: list[Gap] = [months(5)]
    else:
        ages, gaps = [life.age(15), life.age(15), life.age(15)], [months(2), months(4)]
    return next_dose(life, given, ages, gaps, end=life.age(last_age + 1))


def meningococcal_acwy_adolescent(life: Life) -> int | None:
    return once(life.is_aged(11, 24) and not life.done_since(life.age(11), "menacwy"))


def hepatitis_b_catchup(life: Life) -> int | None:
    given = life.days("hepb", "hexavalent")
    return next_dose(life, given, [life.age(6)] * 3, [months(1), months(5)], end=life.age(16))


def dtcap_25(life: Life) -> int | None:
    if not life.is_aged(25, 39) or life.done_since(life.age(25), "dtcap"):
        return None
    pertussis = life.days("dtcap", "hexavalent")
    for dtp in life.days("dtp"):
        recent = any(day <= dtp < after_months(day, 60) for day in pertussis)
        if dtp >= life.age(25) and recent:
            return None
    return 1


def dtp_45(life: Life) -> int | None:
    return once(life.is_aged(45, 64) and booster_is_missing(life, since=life.age(45)))


def dtp_65(life: Life) -> int | None:
    """Number the appointments: 65 is the first, 75 the second."""
    reached = [years for years in range(65, 130, 10) if life.has_reached(years)]
    return len(reached) if reached and booster_is_missing(life, since=life.age(reached[-1])) else None


def booster_is_missing(life: Life, since: date) -> bool:
    """Tell whether no booster was given since the appointment, nor so shortly before that another is too early."""
    given = life.days("dtp", "dtcap")
    return not given or (given[-1] < since and life.today >= after_months(given[-1], 60))


def season(today: date) -> date | None:
    """Return the first day of the autumn season that today is in: 14 October to 28 February, from 2025 on."""
    first = today.year if today >= date(today.year, 10, 14) else today.year - 1
    return date(first, 10, 14) if first >= 2025 and today <= date(first + 1, 2, 28) else None


def influenza(life: Life) -> int | None:
    started = season(life.today)
    if started is None or life.today < life.month(6):
        return None
    concerned = (
        life.has_reached(65)
        or life.is_pregnant()
        or life.is_at_risk()
        or life.has("severe_obesity", "infant_contact", "health_staff")
    )
    return once(concerned and not life.done_since(started, "influenza"))


def pneumococcal_adult(life: Life) -> int | None:
    concerned = life.has_reached(65) or (life.has_reached(18) and life.is_at_risk())
    return once(concerned and not life.done_since(life.age(18), "pneumococcal"))


def zoster(life: Life) -> int | None:
    weak = life.has("immunocompromised")
    ages = [life.age(18 if weak else 65)] * 2
    return next_dose(life, life.days("zoster"), ages, [months(1 if weak else 2)], end=FOR_EVER)


def rsv_senior(life: Life) -> int | None:
    concerned = life.has_reached(75) or (life.has_reached(65) and life.has("respiratory_or_cardiac"))
    return once(concerned and season(life.today) is not None and not life.done_since(life.age(60), "rsv"))


def rsv_pregnancy(life: Life) -> int | None:
    if life.today.month not in (9, 10, 11, 12, 1):
        return None
    for one in life.current_pregnancies():
        in_time = life.between(after_weeks(one.began, 32), after_weeks(one.began, 37))
        if in_time and not life.done_since(one.began, "rsv"):
            return 1
    return None


def pertussis_pregnancy(life: Life) -> int | None:
    for one in life.current_pregnancies():
        if life.today >= after_weeks(one.began, 20) and not life.done_since(one.began, "dtcap"):
            return 1
    return None


def covid(life: Life, started: date) -> int | None:
    """Tell whether a dose is due in the season that started: none in it yet, and the last one long enough ago."""
    given = life.days("covid")
    short = life.has_reached(80) or life.has("immunocompromised")
    rested = not given or life.today >= after_months(given[-1], 3 if short else 6)
    return once(life.today >= life.month(6) and rested and not life.done_since(started, "covid"))


def covid_autumn(life: Life) -> int | None:
    started = season(life.today)
    concerned = (
        life.has_reached(65)
        or life.is_at_risk()
        or life.is_pregnant()
        or life.has("severe_obesity", "care_home", "infant_contact")
    )
    return covid(life, started) if concerned and started is not None else None


def covid_spring(life: Life) -> int | None:
    started, last = date(life.today.year, 4, 14), date(life.today.year, 6, 14)
    concerned = life.has_reached(80) or life.has("immunocompromised", "care_home")
    return covid(life, started) if concerned and started <= life.today <= last else None


def yellow_fever(life: Life) -> int | None:
    if is_weak(life) or life.is_pregnant():
        return None
    exposed = life.person.territory == GUYANE and life.today >= life.month(12)
    return once(exposed and not life.days("yellow_fever"))
