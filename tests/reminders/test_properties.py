"""What holds for every life, whatever it was: generated people against the shipped rules, all of them signed."""

from datetime import date, timedelta
from itertools import pairwise, takewhile
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.period import Period
from chalicelib.reminders.due import due, next_due
from chalicelib.reminders.life import Life
from chalicelib.reminders.model import Act, Due, History, Person, Pregnancy
from tests.reminders.ages import AGES, PREGNANT

from .lives import raw, signed, words

RULES = signed()
# The published intervals before the second dose, the third and so on; the last one holds for what comes again.
INTERVALS = {
    "hexavalent": ("P2M", "P6M"), "pneumococcal_infant": ("P2M", "P6M"), "rotavirus": ("P4W",),
    "meningococcal_b": ("P2M", "P6M"), "meningococcal_acwy_infant": ("P2M",), "measles_mumps_rubella": ("P1M",),
    "hpv": ("P2M", "P4M"), "hepatitis_b_catchup": ("P1M", "P5M"), "dtp_65": ("P5Y",), "zoster": ("P2M",),
    "covid_autumn": ("P6M",), "covid_spring": ("P6M",), "breast_screening": ("P2Y",),
    "colorectal_screening": ("P2Y",), "cervical_cytology": ("P1Y", "P3Y"), "cervical_hpv": ("P5Y",),
    "dental_exam": ("P1Y",),
}  # fmt: skip


def interval(person: Person, first: date, item: Due) -> Period:
    """Return the least time before what is asked for, to who did the first dose on that day."""
    wanted = INTERVALS[item.rule]
    frail = "immunocompromised" in person.risks
    if item.rule == "pneumococcal_infant" and "preterm" in person.risks and first < _aged(person, "P2Y"):
        wanted = ("P1M", "P1M", "P6M")
    if item.rule == "hpv" and first < _aged(person, "P15Y"):
        wanted = ("P5M",)
    if item.rule == "zoster" and frail:
        wanted = ("P1M",)
    if item.rule.startswith("covid") and (frail or item.start >= _aged(person, "P80Y")):
        wanted = ("P3M",)
    return Period.parse(wanted[min(max(item.dose - 2, 0), len(wanted) - 1)])


def _aged(person: Person, age: str) -> date:
    return Period.parse(age).after(person.birth)


BIRTHS = st.dates(date(1935, 1, 1), date(2032, 1, 1)) | st.sampled_from([date(1960, 2, 29), date(2028, 2, 29)])
RISKS = st.sampled_from(sorted(words().risks))
PLAIN = st.sampled_from(sorted(word for word in words().risks if ":" not in word))
TERRITORIES = st.sampled_from(["", "973", "976", "93", "974", "35"])


@st.composite
def people(draw: st.DrawFn) -> Person:
    birth = draw(BIRTHS)
    begun = draw(st.lists(st.integers(17 * 365, 45 * 365), max_size=2))
    lasted = st.none() | st.integers(20, 295).map(timedelta)
    known = tuple(_pregnancy(birth + timedelta(days), draw(lasted)) for days in begun)
    risks = frozenset(draw(st.lists(PLAIN, max_size=2)) + draw(st.lists(RISKS, max_size=1)))
    opted_out = frozenset(draw(st.lists(st.sampled_from(sorted(raw())), max_size=1)))
    return Person(birth, draw(st.sampled_from("FMI")), draw(TERRITORIES), risks, known, opted_out)


def _pregnancy(began: date, lasted: timedelta | None) -> Pregnancy:
    return Pregnancy(began, began + lasted if lasted else None)


DAYS = st.integers(0, 1200) | st.integers(0, 90 * 366)
ACTS = st.lists(
    st.tuples(st.sampled_from(sorted(words().acts)), DAYS, st.sampled_from(["", "normal", "abnormal"])), max_size=8
)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Person, History, date]:
    person = draw(people())
    history = tuple(Act(code, person.birth + timedelta(days), result) for code, days, result in draw(ACTS))
    soon = [act.on + timedelta(draw(st.integers(0, 220))) for act in history]
    days = st.one_of([*([st.sampled_from(soon)] if soon else []), DAYS.map(lambda n: person.birth + timedelta(n))])
    return person, history, draw(days)


def names(person: Person, history: History, today: date) -> set[tuple[str, int, str]]:
    return {(item.rule, item.dose, item.cycle) for item in due(person, history, RULES, today)}


def test_the_ages_of_every_rule_are_written_here():
    assert set(AGES) | PREGNANT == set(raw())


@given(lives())
def test_nothing_is_due_before_the_minimum_age_or_when_it_is_too_late(life):
    person, history, today = life
    for item in due(person, history, RULES, today):
        assert item.start <= today < item.end
        youngest, oldest = AGES.get(item.rule, ("", ""))
        assert not youngest or Period.parse(youngest).after(person.birth) <= item.start
        assert not oldest or item.end <= Period.parse(oldest).after(person.birth)


@given(lives())
def test_one_name_is_due_once_and_says_why(life):
    person, history, today = life
    found = due(person, history, RULES, today)
    assert len(names(person, history, today)) == len(found)
    assert all(item.reason_fr and item.reason_en and item.source for item in found)
    assert len({item.rule for item in found}) == len(found)


@given(lives())
def test_what_is_open_on_a_day_are_the_windows_that_have_begun(case: tuple[Person, History, date]) -> None:
    person, history, day = case
    life = Life.until(person, history, day)
    for line in RULES.lines:
        assert line.open_on(life, day) == list(takewhile(lambda one: one.start <= day, line.windows(life, day)))


@given(lives(), st.sampled_from(sorted(words().acts)), st.sampled_from(["", "normal", "abnormal"]))
def test_a_dose_recorded_today_never_increases_what_is_due_today(life, code, result):
    person, history, today = life
    before = due(person, history, RULES, today)
    after = due(person, (*history, Act(code, today, result)), RULES, today)
    assert {item.rule for item in after} <= {item.rule for item in before}
    assert len(after) <= len(before)


@given(lives(), st.integers(0, 900), st.sampled_from(sorted(words().acts)))
def test_a_dose_recorded_late_makes_no_other_rule_due(life, ago, code):
    # A dose of the three-dose product lets the series be finished later: that one may become due again.
    person, history, today = life
    before = {item.rule for item in due(person, history, RULES, today)}
    late = (*history, Act(code, today - timedelta(ago)))
    after = {item.rule for item in due(person, late, RULES, today)}
    assert after - before <= ({"rotavirus"} if code == "rotavirus_3" else set())


def follow(person: Person, since: date, until: date) -> list[tuple[date, Due]]:
    """Live as somebody does who from some day on does everything on the day on which it is due."""
    history: History = ()
    found: list[tuple[date, Due]] = []
    today: date | None = since
    while today and today <= until:
        for item in due(person, history, RULES, today):
            found.append((today, item))
            history = (*history, Act(RULES.by_id[item.rule].counts[0], today, "normal"))
        today = next_due(person, history, RULES, today)
    return found


@settings(max_examples=40, deadline=None)
@given(people(), st.integers(0, 3) | st.integers(0, 80), st.just(0) | DAYS)
@example(Person(date(2026, 1, 1), "F"), 17, 0)
@example(Person(date(2026, 1, 1), "F"), 17, 365)
@example(Person(date(2026, 1, 1), "F", risks=frozenset({"preterm"})), 3, 0)
@example(Person(date(2014, 1, 1), "M"), 17, 16 * 365)
@example(Person(date(1996, 1, 1), "F"), 70, 30 * 365)
@example(Person(date(2001, 1, 1), "F"), 9, 25 * 366)
def test_nothing_is_asked_for_twice_within_the_interval(person, years, late):
    asked: dict[str, list[Due]] = {}
    told: dict[str, list[date]] = {}
    since = person.birth + timedelta(late)
    for day, item in follow(person, since, since + timedelta(years * 366)):
        asked.setdefault(item.rule, []).append(item)
        told.setdefault(item.rule, []).append(day)
    for rule, days in told.items():
        cycles = [item.cycle for item in asked[rule]]
        assert rule in INTERVALS or len(set(cycles)) == len(cycles) or rule == "prevention_checkup"
        if rule in INTERVALS:
            for (before, _), (day, item) in pairwise(zip(days, asked[rule], strict=True)):
                assert interval(person, days[0], item).after(before) <= day, (rule, item.dose)


@settings(max_examples=60, deadline=None)
@example((Person(date(1945, 12, 20), "F"), (Act("covid", date(2025, 9, 1)),), date(2025, 11, 1)))
@example((Person(date(1998, 6, 1), "F", "", frozenset(), (Pregnancy(date(2026, 3, 2)),)), (), date(2026, 6, 1)))
@given(lives())
def test_the_next_day_is_the_first_on_which_something_new_is_due(life):
    person, history, after = life
    now, found = names(person, history, after), next_due(person, history, RULES, after)
    days = (after + timedelta(n) for n in range(1, 150))
    first = next((day for day in days if names(person, history, day) - now), None)
    assert first == (found if found and found < after + timedelta(150) else None)


@settings(max_examples=60, deadline=None)
@given(lives())
def test_nothing_new_is_due_on_the_day_before_the_next_day(life):
    person, history, after = life
    found = next_due(person, history, RULES, after)
    if found:
        now = names(person, history, after)
        assert names(person, history, found) - now
        assert found - after == timedelta(1) or not names(person, history, found - timedelta(1)) - now


@given(lives(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_what_was_recorded_do_not_matter(life, random: Random):
    person, history, today = life
    shuffled = [*history, *history]
    random.shuffle(shuffled)
    assert due(person, tuple(shuffled), RULES, today) == due(person, history, RULES, today)


@given(lives())
def test_what_has_not_happened_yet_is_not_known(life):
    person, history, today = life
    known = tuple(act for act in history if act.on <= today)
    assert due(person, known, RULES, today) == due(person, history, RULES, today)


@given(lives())
def test_the_rules_of_one_person_do_not_depend_on_what_else_is_loaded(life):
    person, history, today = life
    whole = due(person, history, RULES, today)
    alone = [item for line in RULES.lines for item in due(person, history, _only(line), today)]
    assert {(item.rule, item.dose, item.cycle) for item in alone} == {
        (item.rule, item.dose, item.cycle) for item in whole
    }


def _only(line):
    return type(RULES)((line,), ((line,),) * len(RULES.by_age), RULES.by_id, RULES.version)
