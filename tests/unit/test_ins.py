"""The national identity number is what its specification says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir

from chalicelib.access.ins import PATTERN, SCHEMES, fault_of, load_schemes
from chalicelib.access.matrix import BadPolicy

NIR, NIA, TEST, DEMO = (f"1.2.250.1.213.1.4.{number}" for number in (8, 9, 10, 11))
CNAM = {
    "2550814168025": "38",
    "2940375120005": "91",
    "1531245007231": "60",
    "284052A321025": "52",
    "284052B321025": "79",
    "2840588321025": "32",
}


def keyed(number: str) -> str:
    return number + nir.calc_check_digits(number)


@pytest.mark.parametrize("number", CNAM)
def test_the_vectors_of_the_fund_are_accepted_with_their_key(number: str) -> None:
    assert fault_of(NIR, number + CNAM[number]) == ""
    assert keyed(number) == number + CNAM[number]


@pytest.mark.parametrize("number", CNAM)
def test_every_other_key_is_refused(number: str) -> None:
    others = [f"{key:02}" for key in range(100) if f"{key:02}" != CNAM[number]]
    assert all(fault_of(NIR, number + key) in ("KEY", "FORM") for key in others)
    assert fault_of(NIR, number + "00") == "FORM"
    assert fault_of(NIR, number + "98") == "FORM"


@pytest.mark.parametrize(
    "value",
    [
        keyed("8550814168025"),  # sex 8
        keyed("0550814168025"),
        keyed("2551314168025"),  # month 13
        keyed("2550014168025"),  # month 00
        "255081416802500",
        "25508141680253",
        "2550814168025380",
        "255081416802538 ",
        "2 55 08 14 168 025 38",
        "255082C16802538",
        "25508141A802538",
        "284052a32102552",
        "٢55081416802538",
        "255081416802538\n",
        "",
    ],
)
def test_what_is_no_registered_number_is_refused(value: str) -> None:
    assert fault_of(NIR, value) == "FORM"
    assert fault_of(TEST, value) == "FORM"


@pytest.mark.parametrize("month", ["01", "12", "20", "42", "99"])
def test_unknown_months_of_birth_are_written_from_20_on(month: str) -> None:
    assert fault_of(NIR, keyed(f"255{month}14168025")) == ""


@pytest.mark.parametrize(
    "number", ["7112345678901", "8212345678901", "7012345678901", "5112345678901", "6212345678901", "3550814168025"]
)
def test_temporary_numbers_belong_to_their_own_authority_only(number: str) -> None:
    assert fault_of(NIA, keyed(number)) == ""
    assert fault_of(NIR, keyed(number)) == "FORM"
    assert fault_of(NIA, number + f"{int(keyed(number)[13:]) % 97 + 1:02}") == "KEY"


@pytest.mark.parametrize("number", ["7312345678901", "5012345678901", "9112345678901"])
def test_what_is_no_temporary_number_is_refused(number: str) -> None:
    assert fault_of(NIA, keyed(number)) == "FORM"


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.1", "1.2.250.1.213.1.4.2", "", "1.2.250.1.213.1.4.80"])
def test_withdrawn_and_unknown_authorities_are_refused(oid: str) -> None:
    assert fault_of(oid, "255081416802538") == "OID"


def test_published_test_identities_are_not_held_to_their_key_by_policy() -> None:
    assert fault_of(TEST, "276119999000163") == ""
    assert fault_of(DEMO, "276119999000163") == ""
    assert fault_of(NIR, "276119999000163") == "KEY"


def test_strictness_is_one_word_of_the_policy() -> None:
    strict = load_schemes(["oid,scheme,forms,key,source", f"{TEST},NIR of test,nir,strict,a real deployment"])
    assert fault_of(TEST, "276119999000163", strict) == "KEY"


@pytest.mark.parametrize("row", ["1,a,nir,soft,x", "1,a,siren,strict,x", "1,,nir,strict,x", "1,a,nir,strict"])
def test_a_policy_that_is_not_understood_does_not_load(row: str) -> None:
    with pytest.raises(BadPolicy):
        load_schemes(["oid,scheme,forms,key,source", row])


@given(st.from_regex(PATTERN, fullmatch=True))
def test_corsica_counts_as_19_and_18(value: str) -> None:
    department = {"2A": "19", "2B": "18"}.get(value[5:7], value[5:7])
    number = int(value[:5] + department + value[7:13])
    assert (fault_of(NIA, value) == "KEY") == (int(value[13:]) != 97 - number % 97) or fault_of(NIA, value) == "FORM"


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=20))
def test_any_text_gets_one_of_the_four_answers(oid: str, value: str) -> None:
    assert fault_of(oid, value) in ("", "FORM", "KEY")
