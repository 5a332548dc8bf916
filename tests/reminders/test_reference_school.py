import pytest

from .reference_golden import dose


@pytest.mark.parametrize(
    ("rule", "today", "did", "due"),
    [
        ("dtcap_6", "2026-02-27", "", None),
        ("dtcap_6", "2026-02-28", "", 1),  # born on a 29 February
        ("dtcap_6", "2026-03-01", "dtcap 2026-02-27", 1),  # a dose of an earlier line
        ("dtcap_6", "2026-03-01", "dtcap 2026-02-28", None),
        ("dtcap_6", "2026-03-01", "dtp 2026-02-28", 1),  # no pertussis in it
        ("dtcap_6", "2031-02-27", "", 1),
        ("dtcap_6", "2031-02-28", "", None),
        ("dtcap_11", "2031-02-28", "dtcap 2026-03-01", 1),
        ("dtcap_11", "2034-02-27", "", 1),
        ("dtcap_11", "2034-02-28", "", None),
    ],
)
def test_dtcap_has_a_booster_at_6_and_one_at_11_to_13(rule, today, did, due):
    assert dose(rule, "2020-02-29", today, did) == due


@pytest.mark.parametrize(
    ("born", "today", "did", "due"),
    [
        ("2015-06-01", "2026-05-31", "", None),
        ("2015-06-01", "2026-06-01", "", 1),
        ("2015-06-01", "2026-11-30", "hpv 2026-06-30", 2),
        ("2015-06-01", "2026-11-29", "hpv 2026-06-30", None),
        ("2015-06-01", "2028-01-01", "hpv 2026-06-30, hpv 2026-12-01", None),
        ("2010-06-01", "2025-11-30", "hpv 2025-05-31", 2),  # begun before 15: two doses, five months
        ("2010-06-01", "2025-08-01", "hpv 2025-06-01", 2),  # begun at 15: 0-2-6
        ("2010-06-01", "2025-07-31", "hpv 2025-06-01", None),
        ("2010-06-01", "2025-12-01", "hpv 2025-06-01, hpv 2025-08-01", 3),
        ("2010-06-01", "2025-11-30", "hpv 2025-06-01, hpv 2025-08-01", None),
        ("2005-12-08", "2025-12-07", "", 1),  # still 19
        ("2005-12-08", "2025-12-08", "", None),  # 20, the day before the arrêté
        ("2005-12-08", "2025-12-09", "", 1),
        ("2000-01-01", "2026-12-31", "", 1),
        ("2000-01-01", "2027-01-01", "", None),
    ],
)
def test_hpv_takes_two_doses_from_11_and_three_from_15(born, today, did, due):
    assert {dose("hpv", born, today, did, sex=sex) for sex in "FMI"} == {due}


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2024-12-31", "", None),
        ("2025-01-01", "menacwy 2014-07-01, menacwy 2024-12-31", 1),
        ("2025-01-01", "menacwy 2025-01-01", None),
        ("2038-12-31", "", 1),
        ("2039-01-01", "", None),
    ],
)
def test_meningococcal_acwy_is_given_once_from_11_whatever_earlier(today, did, due):
    assert dose("meningococcal_acwy_adolescent", "2014-01-01", today, did) == due


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-12-31", "", None),
        ("2026-01-01", "", 1),
        ("2027-02-01", "hepb 2027-01-01", 2),
        ("2027-07-01", "hepb 2027-01-01, hepb 2027-02-01", 3),
        ("2027-06-30", "hepb 2027-01-01, hepb 2027-02-01", None),
        ("2026-01-01", "hexavalent 2020-03-01, hexavalent 2020-05-01", 3),
        ("2026-01-01", "hexavalent 2020-03-01, hexavalent 2020-05-01, hexavalent 2021-01-01", None),
        ("2031-02-01", "hepb 2031-01-01", 2),  # begun at 11: the product of two doses is not known
        ("2031-11-30", "hepb 2031-01-01, hepb 2031-07-01", None),
        ("2031-12-01", "hepb 2031-01-01, hepb 2031-07-01", 3),
        ("2035-12-31", "", 1),
        ("2036-01-01", "", None),
    ],
)
def test_hepatitis_b_is_caught_up_to_15_years(today, did, due):
    assert dose("hepatitis_b_catchup", "2020-01-01", today, did) == due


@pytest.mark.parametrize(("rule", "born"), [("hpv", "2010-01-01"), ("bcg", "2020-01-01"), ("dtcap_6", "2019-01-01")])
def test_nobody_is_reminded_of_what_was_switched_off_or_must_not_be(rule, born):
    assert dose(rule, born, "2026-01-01", lives_in="75") == 1
    assert dose(rule, born, "2026-01-01", lives_in="75", without=rule) is None
    assert dose(rule, born, "2026-01-01", lives_in="75", risks=f"contraindicated:{rule}") is None
    assert dose(rule, born, "2026-01-01", lives_in="75", without="zoster", risks="contraindicated:zoster") == 1
