"""The edges on which a change of one month, week or word in the reference would otherwise pass unseen."""

import pytest

from .reference_golden import dose

PRETERM_THREE = "pneumococcal 2025-06-01, pneumococcal 2025-07-01, pneumococcal 2025-08-15"
LATE_THIRD = PRETERM_THREE.replace("2025-08-15", "2027-01-15")


@pytest.mark.parametrize(
    ("rule", "today", "did", "risks", "due"),
    [
        ("hexavalent", "2025-07-31", "hexavalent 2025-05-01", "", None),
        ("pneumococcal_infant", "2025-05-31", "", "", None),
        ("pneumococcal_infant", "2025-05-31", "", "preterm", None),
        ("pneumococcal_infant", "2025-07-31", "pneumococcal 2025-05-01", "", None),
        ("pneumococcal_infant", "2026-02-28", "pneumococcal 2025-06-01, pneumococcal 2025-08-01", "", None),
        ("pneumococcal_infant", "2026-03-01", "pneumococcal 2025-06-01, pneumococcal 2025-08-01", "", 3),
        ("pneumococcal_infant", "2026-04-14", "pneumococcal 2025-06-01, pneumococcal 2025-10-15", "", None),
        ("pneumococcal_infant", "2026-04-15", "pneumococcal 2025-06-01, pneumococcal 2025-10-15", "", 3),
        ("pneumococcal_infant", "2025-07-14", "pneumococcal 2025-06-15", "preterm", None),
        ("pneumococcal_infant", "2025-06-30", "pneumococcal 2025-05-01", "preterm", None),
        ("pneumococcal_infant", "2025-07-31", "pneumococcal 2025-05-01, pneumococcal 2025-06-01", "preterm", None),
        ("pneumococcal_infant", "2025-08-14", "pneumococcal 2025-06-01, pneumococcal 2025-07-15", "preterm", None),
        ("pneumococcal_infant", "2026-02-28", PRETERM_THREE, "preterm", None),
        ("pneumococcal_infant", "2026-03-01", PRETERM_THREE, "preterm", 4),
        ("pneumococcal_infant", "2026-04-14", PRETERM_THREE.replace("08-15", "10-15"), "preterm", None),
        ("pneumococcal_infant", "2026-04-15", PRETERM_THREE.replace("08-15", "10-15"), "preterm", 4),
        ("pneumococcal_infant", "2027-03-30", "pneumococcal 2027-02-28", "preterm chronic", 2),  # under 2: a month
        ("pneumococcal_infant", "2027-06-09", "pneumococcal 2027-04-10", "preterm chronic", None),
        ("pneumococcal_infant", "2027-06-10", "pneumococcal 2027-04-10", "preterm chronic", 2),  # from 2: two
        (
            "pneumococcal_infant",
            "2027-07-14",
            LATE_THIRD,
            "preterm chronic",
            None,
        ),
        ("pneumococcal_infant", "2027-07-15", LATE_THIRD, "preterm chronic", 4),
        ("pneumococcal_infant", "2027-07-15", PRETERM_THREE, "chronic", None),
        ("rotavirus", "2025-05-31", "", "", None),
        ("rotavirus", "2025-06-30", "rotavirus 2025-05-20", "", None),
        ("rotavirus", "2025-06-30", "rotavirus_3 2025-05-20", "", None),
        ("rotavirus", "2025-07-12", "rotavirus_3 2025-06-15", "", None),
        ("rotavirus", "2025-07-31", "rotavirus_3 2025-06-01, rotavirus_3 2025-07-01", "", None),
        ("rotavirus", "2025-08-11", "rotavirus_3 2025-06-01, rotavirus_3 2025-07-15", "", None),
        ("meningococcal_b", "2025-06-30", "", "", None),
        ("meningococcal_b", "2025-08-31", "menb 2025-06-01", "", None),
        ("meningococcal_b", "2026-03-31", "menb 2025-07-01, menb 2025-08-01", "", None),
        ("meningococcal_acwy_infant", "2026-03-31", "menacwy 2025-08-01", "", None),
        ("meningococcal_acwy_infant", "2026-05-01", "menacwy 2026-04-01", "", None),
        ("meningococcal_acwy_infant", "2026-09-30", "menacwy 2026-03-31", "", 2),
    ],
)
def test_an_infant_waits_for_the_age_and_for_the_interval(rule, today, did, risks, due):
    assert dose(rule, "2025-04-01", today, did, risks) == due


@pytest.mark.parametrize(
    ("rule", "born", "today", "did", "risks", "due"),
    [
        ("dtcap_11", "2015-06-01", "2026-05-31", "", "", None),
        ("dtcap_11", "2015-06-01", "2026-07-01", "dtcap 2026-05-31", "", 1),
        ("dtcap_11", "2015-06-01", "2026-07-01", "dtcap 2026-06-01", "", None),
        ("hpv", "2015-06-01", "2026-05-31", "hpv 2025-01-01", "", None),
        ("hpv", "2010-06-01", "2026-01-01", "hpv 2025-05-31, hpv 2025-06-30", "", None),  # begun at 14
        ("hpv", "2010-06-01", "2026-01-01", "hpv 2025-06-01, hpv 2025-08-01, hpv 2025-12-01", "", None),
        ("hepatitis_b_catchup", "2016-01-01", "2026-03-01", "hepb 2026-02-10", "", None),
        ("hepatitis_b_catchup", "2015-01-01", "2026-02-01", "hepb 2025-12-31", "", 2),  # begun at 10
        ("hepatitis_b_catchup", "2015-01-01", "2026-02-01", "hepb 2026-01-01", "", 2),  # begun at 11
        ("hepatitis_b_catchup", "2015-01-01", "2027-01-01", "hepb 2026-01-01, hepb 2026-06-30", "", 3),
        ("hepatitis_b_catchup", "2010-01-01", "2025-12-31", "hepb 2015-01-01", "", 2),
        ("hepatitis_b_catchup", "2010-01-01", "2026-01-01", "hepb 2015-01-01", "", None),
        ("dtcap_25", "2000-01-01", "2026-01-01", "dtcap 2024-12-31", "", 1),
        ("dtcap_25", "2000-01-01", "2026-01-01", "dtp 2024-12-31, dtcap 2023-01-01", "", 1),
        ("dtp_65", "1955-01-01", "2026-01-01", "dtcap 2025-01-01", "", None),
        ("rsv_senior", "1961-01-02", "2026-01-01", "", "respiratory_or_cardiac", None),
        ("zoster", "2008-01-01", "2026-01-01", "", "immunocompromised", 1),
        ("zoster", "1950-01-01", "2026-01-30", "zoster 2025-12-31", "immunocompromised", None),
        ("covid_spring", "1990-01-01", "2026-05-01", "", "immunocompromised", 1),
        ("covid_autumn", "1946-01-01", "2025-12-29", "covid 2025-08-30", "", None),  # 79: six months
    ],
)
def test_the_first_and_the_last_day_are_exact(rule, born, today, did, risks, due):
    assert dose(rule, born, today, did, risks) == due


@pytest.mark.parametrize("lives_in", ["75", "77", "78", "91", "92", "93", "94", "95", "973", "976"])
def test_bcg_is_for_the_whole_of_the_ile_de_france_guyane_and_mayotte(lives_in):
    assert dose("bcg", "2025-01-01", "2026-01-01", lives_in=lives_in) == 1


def test_rsv_in_pregnancy_is_possible_in_each_month_of_its_season():
    begun = {
        "2025-09-15": "2025-02-01",
        "2025-10-15": "2025-03-01",
        "2025-11-15": "2025-04-01",
        "2025-12-15": "2025-05-01",
    }
    assert {dose("rsv_pregnancy", "1995-01-01", today, pregnant=began) for today, began in begun.items()} == {1}


@pytest.mark.parametrize(
    ("rule", "born", "did"),
    [
        ("breast_screening", "1970-01-01", "mammography 2022-01-01, mammography 2024-06-01"),
        ("dental_exam", "2015-01-01", "dental_exam 2024-01-01, dental_exam 2025-06-01"),
        ("cervical_hpv", "1980-01-01", "hpv_test 2016-01-01, hpv_test 2022-01-01"),
        ("cervical_hpv", "1980-01-01", "cytology 2016-01-01, cytology 2024-01-01"),
    ],
)
def test_the_last_test_decides_and_not_the_first(rule, born, did):
    assert dose(rule, born, "2026-01-01", did.split(", ")[0]) == 1
    assert dose(rule, born, "2026-01-01", did) is None


def test_an_end_a_day_before_22_weeks_is_no_birth():
    assert dose("dental_maternity", "1995-01-01", "2025-07-03", pregnant="2025-01-31 2025-07-03") is None
