import pytest

from .reference_golden import dose


@pytest.mark.parametrize(
    ("rule", "act", "high_risk"),
    [
        ("breast_screening", "mammography", "high_risk_breast"),
        ("colorectal_screening", "fit", "high_risk_colorectal"),
    ],
)
def test_breast_and_colorectal_are_every_two_years_from_50_to_74(rule, act, high_risk):
    assert dose(rule, "1975-05-31", "2025-05-30") is None
    assert dose(rule, "1975-05-31", "2025-05-31") == 1
    assert dose(rule, "1975-05-31", "2025-05-31", risks=high_risk) is None
    assert dose(rule, "1975-05-31", "2028-02-27", f"{act} 2026-02-28") is None
    assert dose(rule, "1975-05-31", "2028-02-28", f"{act} 2026-02-28") == 1
    assert dose(rule, "1975-05-31", "2028-02-27", f"{act} 2026-02-28 abnormal") is None
    assert dose(rule, "1951-05-31", "2026-05-30") == 1
    assert dose(rule, "1951-05-31", "2026-05-31") is None


def test_breast_is_for_women_and_colorectal_for_everybody():
    assert [dose("breast_screening", "1970-01-01", "2026-01-01", sex=sex) for sex in "FMI"] == [1, None, None]
    assert [dose("colorectal_screening", "1970-01-01", "2026-01-01", sex=sex) for sex in "FMI"] == [1, 1, 1]


def test_a_colonoscopy_stands_for_five_years():
    assert dose("colorectal_screening", "1970-01-01", "2026-01-01", "colonoscopy 2021-01-02") is None
    assert dose("colorectal_screening", "1970-01-01", "2026-01-01", "colonoscopy 2021-01-01") == 1
    assert dose("colorectal_screening", "1970-01-01", "2026-01-01", "colonoscopy 2021-01-01, fit 2024-06-01") is None


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2024-12-31", "", None),
        ("2025-01-01", "", 1),
        ("2025-12-31", "cytology 2025-01-01 normal", None),
        ("2026-01-01", "cytology 2025-01-01 normal", 2),
        ("2026-01-01", "cytology 2024-12-01 normal", 2),
        ("2028-12-31", "cytology 2025-01-01 normal, cytology 2026-01-01 normal", None),
        ("2029-01-01", "cytology 2025-01-01 normal, cytology 2026-01-01 normal", 3),
        ("2029-01-01", "cytology 2025-01-01 normal, cytology 2026-01-01", 3),
        ("2029-01-01", "cytology 2024-01-01, cytology 2025-01-01, cytology 2026-01-01", 4),
        ("2029-01-01", "cytology 2025-01-01 normal, cytology 2026-01-01 abnormal", None),
        ("2029-12-31", "", 1),
        ("2030-01-01", "", None),
    ],
)
def test_cytology_is_twice_a_year_apart_and_then_after_three(today, did, due):
    assert dose("cervical_cytology", "2000-01-01", today, did) == due


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2024-12-31", "", None),
        ("2025-01-01", "", 1),
        ("2026-05-31", "cytology 2023-06-01 normal", None),
        ("2026-06-01", "cytology 2023-06-01 normal", 1),
        ("2026-06-01", "cytology 2023-06-01 normal, cytology 2025-01-01 abnormal", 1),
        ("2030-05-31", "hpv_test 2025-06-01 normal", None),
        ("2030-06-01", "hpv_test 2025-06-01 normal, cytology 2027-06-01 normal", 1),
        ("2031-12-31", "hpv_test 2025-06-01 normal, cytology 2029-01-01 normal", None),
        ("2032-01-01", "hpv_test 2025-06-01 normal, cytology 2029-01-01 normal", 1),
        ("2030-06-01", "hpv_test 2025-06-01 normal, cytology 2029-01-01 abnormal", 1),
        ("2030-05-31", "hpv_test 2025-06-01 abnormal", None),
    ],
)
def test_the_hpv_test_is_three_years_after_cytology_then_every_five(today, did, due):
    assert dose("cervical_hpv", "1995-01-01", today, did) == due


def test_the_hpv_test_ends_after_65():
    assert dose("cervical_hpv", "1960-06-01", "2026-05-31") == 1
    assert dose("cervical_hpv", "1960-06-01", "2026-06-01") is None


@pytest.mark.parametrize(("rule", "born"), [("cervical_cytology", "1999-01-01"), ("cervical_hpv", "1980-01-01")])
def test_cervical_screening_is_for_women_who_have_a_cervix_and_no_high_risk(rule, born):
    assert [dose(rule, born, "2026-01-01", sex=sex) for sex in "FMI"] == [1, None, None]
    assert dose(rule, born, "2026-01-01", risks="no_cervix") is None
    assert dose(rule, born, "2026-01-01", risks="high_risk_cervical") is None


@pytest.mark.parametrize(("number", "first", "last"), [(1, 18, 25), (2, 45, 50), (3, 60, 65), (4, 70, 75)])
def test_there_is_one_check_up_in_each_window(number, first, last):
    begins, ends = f"{2026 - first}-07-01", f"{2026 - last - 1}-07-01"
    assert dose("prevention_checkup", begins, "2026-06-30") is None
    assert dose("prevention_checkup", begins, "2026-07-01", "prevention_checkup 2026-06-30") == number
    assert dose("prevention_checkup", begins, "2026-07-02", "prevention_checkup 2026-07-01") is None
    assert dose("prevention_checkup", ends, "2026-06-30", "prevention_checkup 2018-01-01") == number
    assert dose("prevention_checkup", ends, "2026-07-01") is None


@pytest.mark.parametrize(
    ("born", "today", "did", "due"),
    [
        ("2015-01-01", "2025-03-31", "", None),
        ("2015-01-01", "2025-04-01", "", 1),
        ("2023-06-01", "2026-05-31", "", None),
        ("2023-06-01", "2026-06-01", "", 1),
        ("2015-01-01", "2026-04-30", "dental_exam 2025-05-01", None),
        ("2015-01-01", "2026-05-01", "dental_exam 2025-05-01", 1),
        ("2001-06-01", "2026-05-31", "", 1),
        ("2001-06-01", "2026-06-01", "", None),
    ],
)
def test_the_dental_exam_is_yearly_from_3_to_24_since_april_2025(born, today, did, due):
    assert dose("dental_exam", born, today, did) == due


@pytest.mark.parametrize(
    ("pregnant", "today", "did", "due"),
    [
        ("2025-01-31", "2025-04-29", "", None),
        ("2025-01-31", "2025-04-30", "", 1),
        ("2025-01-31 2025-10-31", "2026-04-29", "", 1),
        ("2025-01-31 2025-10-31", "2026-04-30", "", None),
        ("2025-01-31 2025-10-31", "2026-01-01", "dental_maternity 2025-06-01", None),
        ("2023-01-31 2023-10-31, 2025-01-31", "2025-06-01", "dental_maternity 2023-06-01", 1),
        ("2025-01-31 2025-05-15", "2025-05-15", "", None),  # too early an end to be a birth
        ("2025-01-31 2025-07-04", "2025-07-04", "", 1),  # 22 weeks
        ("2025-01-01", "2026-04-21", "", 1),  # no end was written: 42 weeks and six months
        ("2025-01-01", "2026-04-22", "", None),
    ],
)
def test_the_dental_exam_of_maternity_is_from_the_4th_month_to_6_months_after_birth(pregnant, today, did, due):
    assert dose("dental_maternity", "1995-01-01", today, did, pregnant=pregnant) == due


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, "2025-01-31", "2025-02-08"), (2, "2025-02-08", "2025-02-13"), (3, "2025-02-28", "2025-03-30"),
        (4, "2025-03-31", "2025-04-29"), (5, "2025-04-30", "2025-05-30"), (6, "2025-05-31", "2025-06-29"),
        (7, "2025-06-30", "2025-07-30"), (8, "2025-09-30", "2025-10-30"), (9, "2025-12-31", "2026-01-30"),
        (10, "2026-01-31", "2026-02-27"), (11, "2026-05-31", "2026-08-30"), (12, "2026-12-31", "2027-01-30"),
        (13, "2027-01-31", "2028-01-30"), (14, "2028-01-31", "2029-01-30"), (15, "2029-01-31", "2030-01-30"),
        (16, "2030-01-31", "2031-01-30"), (17, "2031-01-31", "2032-01-30"), (18, "2033-01-31", "2035-01-30"),
        (19, "2036-01-31", "2039-01-30"), (20, "2040-01-31", "2042-01-30"),
    ],
)  # fmt: skip
def test_each_exam_of_the_child_has_its_days(number, first, last):
    from datetime import date, timedelta

    rule, born, one = f"child_exam_{number:02}", "2025-01-31", timedelta(days=1)
    before, after = date.fromisoformat(first) - one, date.fromisoformat(last) + one
    assert [dose(rule, born, str(day)) for day in (before, first, last, after)] == [None, 1, 1, None]
    assert dose(rule, born, last, f"{rule} {first}") is None
