import pytest

from .reference_golden import dose

HEXA = "hexavalent 2025-05-31"
FIRST_TWO = "hexavalent 2025-05-31, hexavalent 2025-07-31"


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-05-30", "", None),
        ("2025-05-31", "", 1),
        ("2025-07-30", HEXA, None),
        ("2025-07-31", HEXA, 2),
        ("2025-07-31", "hexavalent 2025-06-30", None),  # two months after a late first dose: 30 August
        ("2025-08-30", "hexavalent 2025-06-30", 2),
        ("2026-02-27", FIRST_TWO, None),
        ("2026-02-28", FIRST_TWO, 3),
        ("2026-03-30", "hexavalent 2025-05-31, hexavalent 2025-09-30", 3),  # six months after the second
        ("2026-03-29", "hexavalent 2025-05-31, hexavalent 2025-09-30", None),
        ("2026-03-01", FIRST_TWO + ", hexavalent 2026-02-28", None),
        ("2031-03-30", FIRST_TWO, 3),
        ("2031-03-31", FIRST_TWO, None),  # the booster at 6 years begins
        ("2025-07-31", HEXA + "," + HEXA, 2),  # written twice, done once
        ("2025-07-31", HEXA + ", hexavalent 2025-08-01", 2),  # what is not done yet is no history
    ],
)
def test_hexavalent_is_given_at_2_4_and_11_months(today, did, due):
    assert dose("hexavalent", "2025-03-31", today, did) == due


@pytest.mark.parametrize(
    ("today", "did", "risks", "due"),
    [
        ("2025-06-01", "", "", 1),
        ("2025-07-01", "pneumococcal 2025-06-01", "", None),
        ("2025-08-01", "pneumococcal 2025-06-01", "", 2),
        ("2025-07-01", "pneumococcal 2025-06-01", "preterm", 2),
        ("2025-08-01", "pneumococcal 2025-06-01, pneumococcal 2025-07-01", "preterm", 3),
        ("2026-03-01", "pneumococcal 2025-06-01, pneumococcal 2025-07-01, pneumococcal 2025-08-01", "preterm", 4),
        ("2026-03-01", "pneumococcal 2025-06-01, pneumococcal 2025-07-01, pneumococcal 2025-08-01", "", None),
        ("2027-03-31", "", "", 1),
        ("2027-04-01", "", "", None),
        ("2027-04-01", "", "chronic", 1),
        ("2031-03-31", "", "immunocompromised", 1),
        ("2031-04-01", "", "immunocompromised", None),
    ],
)
def test_pneumococcal_ends_at_2_years_and_at_risk_after_5(today, did, risks, due):
    assert dose("pneumococcal_infant", "2025-04-01", today, did, risks) == due


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-03-01", "", 1),
        ("2025-04-01", "rotavirus 2025-03-10", None),
        ("2025-04-07", "rotavirus 2025-03-10", 2),
        ("2025-04-07", "rotavirus_3 2025-03-10", 2),
        ("2025-05-01", "rotavirus 2025-03-01, rotavirus 2025-04-01", None),
        ("2025-05-01", "rotavirus_3 2025-03-01, rotavirus_3 2025-04-01", 3),
        ("2025-06-17", "", 1),  # day 167
        ("2025-06-18", "", None),  # 24 weeks
        ("2025-08-12", "rotavirus_3 2025-03-01", 2),  # day 223
        ("2025-08-13", "rotavirus_3 2025-03-01", None),  # 32 weeks
    ],
)
def test_rotavirus_is_finished_by_24_or_32_weeks(today, did, due):
    assert dose("rotavirus", "2025-01-01", today, did) == due


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-04-01", "", 1),
        ("2025-06-01", "menb 2025-04-01", 2),
        ("2025-07-09", "menb 2025-05-10", None),
        ("2025-07-10", "menb 2025-05-10", 2),
        ("2026-01-01", "menb 2025-04-01, menb 2025-06-01", 3),
        ("2026-02-28", "menb 2025-06-01, menb 2025-08-31", 3),
        ("2026-02-27", "menb 2025-06-01, menb 2025-08-31", None),
        ("2026-12-31", "", 1),
        ("2027-01-01", "", None),
    ],
)
def test_meningococcal_b_is_for_infants_under_2_years(today, did, due):
    assert dose("meningococcal_b", "2025-01-01", today, did) == due


def test_meningococcal_b_at_15_to_24_is_possible_and_so_nobody_is_reminded():
    assert dose("meningococcal_b", "2008-01-01", "2026-01-01") is None


@pytest.mark.parametrize(
    ("today", "did", "due"),
    [
        ("2025-06-30", "", None),
        ("2025-07-01", "", 1),
        ("2026-01-01", "menacwy 2025-07-01", 2),
        ("2025-12-31", "menacwy 2025-08-15", None),
        ("2026-01-14", "menacwy 2025-11-15", None),
        ("2026-01-15", "menacwy 2025-11-15", 2),
        ("2026-06-01", "", 1),
        ("2026-06-01", "menacwy 2026-01-01", None),  # one dose from 12 months is enough
        ("2029-12-31", "", 1),  # the transitional 2 to 4 years
        ("2030-01-01", "", None),
    ],
)
def test_meningococcal_acwy_is_given_at_6_and_12_months_or_once_later(today, did, due):
    assert dose("meningococcal_acwy_infant", "2025-01-01", today, did) == due


@pytest.mark.parametrize(
    ("born", "today", "did", "due"),
    [
        ("2025-01-01", "2025-12-31", "", None),
        ("2025-01-01", "2026-01-01", "", 1),
        ("2025-01-01", "2026-04-30", "mmr 2026-01-01", None),
        ("2025-01-01", "2026-05-01", "mmr 2026-01-01", 2),
        ("2025-01-01", "2026-05-31", "mmr 2026-04-30", 2),
        ("2025-01-01", "2026-05-29", "mmr 2026-04-30", None),
        ("2025-01-01", "2026-01-01", "mmr 2025-12-31", 1),  # before 12 months it does not count
        ("2025-01-01", "2026-07-01", "mmr 2025-10-01, mmr 2026-02-01", 2),  # so that the third is needed
        ("1980-01-01", "2026-01-01", "", 1),
        ("1980-01-01", "2026-01-01", "mmr 1982-01-01", 2),
        ("1980-01-01", "2026-01-01", "mmr 1982-01-01, mmr 1990-01-01", None),
        ("1979-12-31", "2026-01-01", "", None),
    ],
)
def test_measles_mumps_rubella_is_given_twice_to_those_born_since_1980(born, today, did, due):
    assert dose("measles_mumps_rubella", born, today, did) == due


@pytest.mark.parametrize(
    ("today", "lives_in", "risks", "due"),
    [
        ("2025-01-31", "75", "", None),
        ("2025-02-01", "75", "", 1),
        ("2025-02-01", "93", "", 1),
        ("2025-02-01", "973", "", 1),
        ("2025-02-01", "976", "", 1),
        ("2025-02-01", "13", "", None),
        ("2025-02-01", "", "", None),
        ("2025-02-01", "13", "tuberculosis_risk", 1),
        ("2039-12-31", "75", "", 1),
        ("2040-01-01", "75", "", None),
    ],
)
def test_bcg_goes_by_territory_and_risk(today, lives_in, risks, due):
    assert dose("bcg", "2025-01-01", today, lives_in=lives_in, risks=risks) == due
    assert dose("bcg", "2025-01-01", today, "bcg 2025-01-10", lives_in=lives_in, risks=risks) is None


@pytest.mark.parametrize(
    ("rule", "born", "today"),
    [
        ("measles_mumps_rubella", "1995-01-01", "2026-01-01"),
        ("yellow_fever", "1995-01-01", "2026-01-01"),
        ("bcg", "2011-06-01", "2026-01-01"),
        ("rotavirus", "2025-10-01", "2026-01-01"),
    ],
)
def test_live_vaccines_are_not_for_the_immunocompromised_nor_in_pregnancy(rule, born, today):
    assert dose(rule, born, today, lives_in="973") == 1
    assert dose(rule, born, today, lives_in="973", risks="immunocompromised") is None
    if rule != "rotavirus":
        assert dose(rule, born, today, lives_in="973", pregnant="2025-10-01") is None
        assert dose(rule, born, today, lives_in="973", pregnant="2025-03-01 2026-01-01") == 1


def test_yellow_fever_is_for_the_guyane():
    assert dose("yellow_fever", "2024-02-29", "2025-02-28", lives_in="973") == 1
    assert dose("yellow_fever", "2024-02-29", "2025-02-27", lives_in="973") is None
    assert dose("yellow_fever", "1950-01-01", "2026-01-01", lives_in="971") is None
    assert dose("yellow_fever", "1950-01-01", "2026-01-01", "yellow_fever 1990-01-01", lives_in="973") is None
