import pytest

from .reference_golden import dose


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2024-12-31", "", None),
        ("2025-01-01", "dtcap 2022-06-01", 1),
        ("2025-01-01", "dtcap 2025-01-01", None),
        ("2025-02-01", "dtp 2025-01-01, dtcap 2020-01-02", None),  # pertussis less than five years before: dTP will do
        ("2025-02-01", "dtp 2025-01-01, dtcap 2020-01-01", 1),
        ("2025-02-01", "dtp 2025-01-01", 1),
        ("2039-12-31", "", 1),
        ("2040-01-01", "", None),
    ],
)
def test_dtcap_at_25_is_caught_up_to_39(today, did, due):
    assert dose("dtcap_25", "2000-01-01", today, did) == due


@pytest.mark.parametrize(
    ("rule", "born", "today", "did", "due"),
    [
        ("dtp_45", "1980-06-15", "2025-06-14", "", None),
        ("dtp_45", "1980-06-15", "2025-06-15", "dtcap 2015-01-01", 1),
        ("dtp_45", "1980-06-15", "2025-06-16", "dtp 2025-06-15", None),
        ("dtp_45", "1980-06-15", "2025-06-16", "dtcap 2025-06-15", None),
        ("dtp_45", "1980-06-15", "2029-06-13", "dtp 2024-06-14", None),  # at 43: five years must pass
        ("dtp_45", "1980-06-15", "2029-06-14", "dtp 2024-06-14", 1),
        ("dtp_45", "1961-01-01", "2025-12-31", "", 1),
        ("dtp_45", "1961-01-01", "2026-01-01", "", None),
        ("dtp_65", "1961-01-01", "2025-12-31", "", None),
        ("dtp_65", "1961-01-01", "2026-01-01", "dtp 2021-01-01", 1),
        ("dtp_65", "1961-01-01", "2030-12-30", "dtp 2025-12-31", None),
        ("dtp_65", "1961-01-01", "2030-12-31", "dtp 2025-12-31", 1),
        ("dtp_65", "1961-01-01", "2035-12-31", "dtp 2026-01-01", None),
        ("dtp_65", "1951-01-01", "2025-12-31", "dtp 2023-01-01", None),
        ("dtp_65", "1951-01-01", "2026-01-01", "dtp 2021-01-01", 2),  # 75, not ten years after the late one of 65
        ("dtp_65", "1951-01-01", "2026-01-01", "dtp 2023-01-01", None),
        ("dtp_65", "1940-01-01", "2035-01-01", "dtcap 2026-01-01", 4),  # 95
    ],
)
def test_dtp_has_its_days_at_45_65_75_and_on(rule, born, today, did, due):
    assert dose(rule, born, today, did) == due


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-10-13", "", None),
        ("2025-10-14", "", 1),
        ("2026-02-28", "", 1),
        ("2026-03-01", "", None),
        ("2028-02-28", "", 1),
        ("2028-02-29", "", None),
        ("2026-10-14", "influenza 2025-10-14", 1),
        ("2026-02-28", "influenza 2025-10-14", None),
        ("2025-12-01", "influenza 2025-10-13", 1),
        ("2025-01-01", "", None),  # no day of the season 2024-25 is written
    ],
)
def test_influenza_is_yearly_in_its_season(today, did, due):
    assert dose("influenza", "1950-01-01", today, did) == due


@pytest.mark.parametrize(
    ("risks", "flu", "covid"),
    [
        ("", None, None),
        ("chronic", 1, 1),
        ("respiratory_or_cardiac", 1, 1),
        ("immunocompromised", 1, 1),
        ("severe_obesity", 1, 1),
        ("infant_contact", 1, 1),
        ("health_staff", 1, None),
        ("care_home", None, 1),
        ("early_childhood_staff", None, None),
    ],
)
def test_the_autumn_vaccines_are_for_those_the_facts_name(risks, flu, covid):
    assert dose("influenza", "1990-01-01", "2025-11-01", risks=risks) == flu
    assert dose("covid_autumn", "1990-01-01", "2025-11-01", risks=risks) == covid


def test_the_autumn_vaccines_begin_at_65_in_pregnancy_and_at_six_months():
    for rule in ("influenza", "covid_autumn"):
        assert dose(rule, "1960-11-01", "2025-10-31") is None
        assert dose(rule, "1960-11-01", "2025-11-01") == 1
        assert dose(rule, "1990-01-01", "2025-11-01", pregnant="2025-06-01") == 1
        assert dose(rule, "1990-01-01", "2025-11-01", pregnant="2025-01-01 2025-11-01") is None
        assert dose(rule, "1990-01-01", "2025-11-01", pregnant="2025-01-11") is None  # 42 weeks are over
        assert dose(rule, "1990-01-01", "2025-11-01", pregnant="2025-01-12") == 1
        assert dose(rule, "2025-05-01", "2025-10-31", risks="chronic") is None
        assert dose(rule, "2025-05-01", "2025-11-01", risks="chronic") == 1


@pytest.mark.parametrize(
    ("rule", "born", "today", "did", "risks", "due"),
    [
        ("covid_autumn", "1950-01-01", "2025-12-30", "covid 2025-06-30", "", 1),
        ("covid_autumn", "1950-01-01", "2025-12-29", "covid 2025-06-30", "", None),
        ("covid_autumn", "1950-01-01", "2025-12-29", "covid 2025-06-30", "immunocompromised", 1),
        ("covid_autumn", "1945-12-29", "2025-12-29", "covid 2025-06-30", "", 1),
        ("covid_autumn", "1945-12-29", "2025-12-29", "covid 2025-09-30", "", None),
        ("covid_autumn", "1945-12-29", "2025-12-30", "covid 2025-09-30", "", 1),
        ("covid_autumn", "1940-01-01", "2026-02-01", "covid 2025-10-14", "", None),  # one a season
        ("covid_spring", "1946-04-14", "2026-04-13", "", "", None),
        ("covid_spring", "1940-01-01", "2026-04-13", "", "", None),
        ("covid_spring", "1946-04-14", "2026-04-14", "", "", 1),
        ("covid_spring", "1946-04-15", "2026-04-14", "", "", None),
        ("covid_spring", "1940-01-01", "2026-06-14", "", "", 1),
        ("covid_spring", "1940-01-01", "2026-06-15", "", "", None),
        ("covid_spring", "1940-01-01", "2026-04-14", "covid 2026-01-14", "", 1),
        ("covid_spring", "1940-01-01", "2026-04-14", "covid 2026-01-15", "", None),
        ("covid_spring", "1990-01-01", "2026-06-01", "covid 2025-12-01", "care_home", 1),
        ("covid_spring", "1990-01-01", "2026-05-31", "covid 2025-12-01", "care_home", None),
        ("covid_spring", "1990-01-01", "2026-05-01", "", "chronic", None),
        ("covid_spring", "1990-01-01", "2026-06-01", "covid 2026-03-01", "immunocompromised", 1),  # March is no season
    ],
)
def test_covid_waits_six_months_or_three(rule, born, today, did, risks, due):
    assert dose(rule, born, today, did, risks) == due


@pytest.mark.parametrize(
    ("born", "today", "did", "risks", "due"),
    [
        ("1961-01-01", "2025-12-31", "", "", None),
        ("1961-01-01", "2026-01-01", "", "", 1),
        ("1961-01-01", "2030-01-01", "pneumococcal 2010-01-01", "", None),
        ("2008-01-01", "2025-12-31", "", "chronic", None),
        ("2008-01-01", "2026-01-01", "pneumococcal 2008-03-01", "chronic", 1),  # the infant's line
        ("2008-01-01", "2026-01-01", "", "severe_obesity", None),
    ],
)
def test_pneumococcal_is_once_from_65_or_from_18_at_risk(born, today, did, risks, due):
    assert dose("pneumococcal_adult", born, today, did, risks) == due


@pytest.mark.parametrize(
    ("born", "today", "did", "risks", "due"),
    [
        ("1961-01-01", "2026-01-01", "", "", 1),
        ("1961-01-02", "2026-01-01", "", "", None),
        ("1961-01-02", "2026-01-01", "", "immunocompromised", 1),
        ("2008-01-01", "2025-12-31", "", "immunocompromised", None),
        ("1950-01-01", "2026-02-28", "zoster 2025-12-31", "", 2),
        ("1950-01-01", "2026-02-27", "zoster 2025-12-31", "", None),
        ("1950-01-01", "2026-01-31", "zoster 2025-12-31", "immunocompromised", 2),
        ("1950-01-01", "2026-02-28", "zoster 2025-10-31, zoster 2025-12-31", "", None),
    ],
)
def test_zoster_takes_two_doses_from_65_or_immunocompromised_from_18(born, today, did, risks, due):
    assert dose("zoster", born, today, did, risks) == due


@pytest.mark.parametrize(
    ("born", "today", "did", "risks", "due"),
    [
        ("1951-01-01", "2025-12-31", "", "", None),
        ("1951-01-01", "2026-01-01", "", "", 1),
        ("1951-01-01", "2026-03-01", "", "", None),
        ("1961-01-01", "2026-01-01", "", "respiratory_or_cardiac", 1),
        ("1961-01-01", "2026-01-01", "", "chronic", None),
        ("1940-01-01", "2026-01-01", "rsv 2023-11-01", "", None),
        ("1940-01-01", "2026-01-01", "rsv 2000-01-01", "", None),
        ("1940-01-01", "2026-01-01", "rsv 1999-12-31", "", 1),  # before 60 it was not the seniors' dose
    ],
)
def test_rsv_is_once_from_75_or_from_65_with_a_sick_heart_or_lungs(born, today, did, risks, due):
    assert dose("rsv_senior", born, today, did, risks) == due


@pytest.mark.parametrize(
    ("began", "today", "did", "due"),
    [
        ("2025-03-01", "2025-10-10", "", None),  # 31 weeks and 6 days
        ("2025-03-01", "2025-10-11", "", 1),
        ("2025-03-01", "2025-11-14", "", 1),  # 36 weeks and 6 days
        ("2025-03-01", "2025-11-15", "", None),
        ("2025-03-01 2025-10-20", "2025-10-20", "", None),
        ("2025-01-10", "2025-08-31", "", None),
        ("2025-01-10", "2025-09-01", "", 1),
        ("2025-06-20", "2026-01-31", "", 1),
        ("2025-06-22", "2026-02-01", "", None),
        ("2025-03-01", "2025-10-11", "rsv 2025-10-01", None),
        ("2023-03-01 2023-11-20, 2025-03-01", "2025-10-11", "rsv 2023-10-15", 1),
    ],
)
def test_rsv_in_pregnancy_is_at_32_to_36_weeks_in_season(began, today, did, due):
    assert dose("rsv_pregnancy", "1995-01-01", today, did, pregnant=began) == due


@pytest.mark.parametrize(
    ("began", "today", "did", "due"),
    [
        ("2025-01-01", "2025-05-20", "", None),
        ("2025-01-01", "2025-05-21", "", 1),
        ("2025-01-01", "2025-10-21", "", 1),
        ("2025-01-01", "2025-10-22", "", None),
        ("2025-01-01 2025-09-01", "2025-09-01", "", None),
        ("2025-01-01", "2025-06-01", "dtcap 2025-05-21", None),
        ("2023-01-01 2023-10-01, 2025-01-01", "2025-06-01", "dtcap 2023-06-01", 1),
    ],
)
def test_pertussis_is_from_20_weeks_in_each_pregnancy(began, today, did, due):
    assert dose("pertussis_pregnancy", "1995-01-01", today, did, pregnant=began) == due
