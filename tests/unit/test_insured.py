"""A line of an intake file is a person or a fixed code, never anything else."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.enrolment.insured import COLUMNS, LINE, REASONS, Insured, Rejected, is_header, read_line
from tests.unit.insured_cells import cells

TODAY = date(2026, 11, 2)
ADULT = {
    "ins": {"value": "255081416802538", "oid": "1.2.250.1.213.1.4.8"},
    "family_name": "EXEMPLE",
    "given_names": ["Camille", "Anne"],
    "birth_date": "1955-08-14",
    "sex": "F",
    "birth_place": "14168",
    "email": "camille@example.org",
    "phone": "+33612345678",
    "address": ["1 rue du Port", "14000 CAEN"],
    "territory": "14",
}
PARENT = {
    "ins": {"value": "294037512000591", "oid": "1.2.250.1.213.1.4.8"},
    "family_name": "EXEMPLE",
    "given_names": ["Dominique"],
    "kind": "parent",
    "email": "dominique@example.org",
}
GUARDIAN = {**PARENT, "kind": "guardian", "mandate": "tutelle"}


def line(**changed: Any) -> bytes:
    return json.dumps({**ADULT, **changed}, ensure_ascii=False).encode()


def reason(raw: bytes, form: str = "ndjson") -> str:
    with pytest.raises(Rejected) as caught:
        read_line(form, raw, TODAY)
    return caught.value.reason


def test_a_line_becomes_the_traits_and_contact_means_of_a_person() -> None:
    person = read_line("ndjson", line(representatives=[PARENT]), TODAY).person()
    assert (person.ins, person.family_name, person.given_names) == ("255081416802538", "EXEMPLE", ("Camille", "Anne"))
    assert (person.phone, person.address, person.status) == (
        "+33612345678",
        ("1 rue du Port", "14000 CAEN"),
        "QUALIFIEE",
    )
    assert [(one.ins, one.kind) for one in person.representatives] == [("294037512000591", "parent")]


@pytest.mark.parametrize(
    "person", [ADULT, {**ADULT, "representatives": [PARENT]}, {**ADULT, "representatives": [GUARDIAN]}]
)
def test_both_formats_say_the_same(person: dict[str, Any]) -> None:
    assert read_line("csv", cells(person), TODAY) == read_line("ndjson", json.dumps(person).encode(), TODAY)


def test_a_comma_or_a_quote_in_a_cell_is_part_of_it() -> None:
    assert read_line("csv", cells({**ADULT, "family_name": 'D"EX,EMPLE'}), TODAY).family_name == 'D"EX,EMPLE'


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ins": {"value": "255081416802539", "oid": "1.2.250.1.213.1.4.8"}}, "INS_KEY"),
        ({"ins": {"value": "855081416802538", "oid": "1.2.250.1.213.1.4.8"}}, "INS_FORM"),
        ({"ins": {"value": "255081416802538", "oid": "1.2.250.1.213.1.4.2"}}, "FIELD_INS"),
        ({"ins": {"value": "255081416802500", "oid": "1.2.250.1.213.1.4.8"}}, "FIELD_INS"),
        ({"birth_date": "1955-02-30"}, "FIELD_BIRTH_DATE"),
        ({"birth_date": 0}, "FIELD_BIRTH_DATE"),
        ({"birth_date": 86400}, "FIELD_BIRTH_DATE"),
        ({"birth_date": "20131200"}, "FIELD_BIRTH_DATE"),  # a day that nobody knows; no seconds since 1970
        ({"birth_date": "1955-08-14T00:00:00"}, "FIELD_BIRTH_DATE"),
        ({"birth_date": "2055-08-14"}, "FIELD_BIRTH_DATE"),
        ({"birth_date": "2026-11-03"}, "FIELD_BIRTH_DATE"),  # tomorrow
        ({"sex": "X"}, "FIELD_SEX"),
        ({"given_names": []}, "FIELD_GIVEN_NAMES"),
        ({"given_names": "Camille"}, "FIELD_GIVEN_NAMES"),
        ({"family_name": "A\u0000B"}, "FIELD_FAMILY_NAME"),
        ({"family_name": "A" * 101}, "FIELD_FAMILY_NAME"),
        ({"email": "camille@example.org\n"}, "FIELD_EMAIL"),
        ({"email": "nobody"}, "FIELD_EMAIL"),
        ({"phone": "0612345678"}, "FIELD_PHONE"),
        ({"status": "SURE"}, "FIELD_STATUS"),
        ({"address": ["x"] * 7}, "FIELD_ADDRESS"),
        ({"representatives": [PARENT] * 3}, "FIELD_REPRESENTATIVES"),
        ({"representatives": [PARENT] * 2}, "REPRESENTATIVE"),
        ({"representatives": [{**PARENT, "ins": ADULT["ins"]}]}, "REPRESENTATIVE"),
        ({"representatives": [{**PARENT, "mandate": "tutelle"}]}, "REPRESENTATIVE"),
        ({"representatives": [{**PARENT, "kind": "guardian"}]}, "REPRESENTATIVE"),
        ({"representatives": [{**PARENT, "ins": {**PARENT["ins"], "value": "294037512000592"}}]}, "REPRESENTATIVE"),
        ({"a name of a person": 1}, "UNKNOWN_MEMBER"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_rejected_with_its_code(changed: dict[str, Any], code: str) -> None:
    assert reason(line(**changed)) == code
    assert code in REASONS


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff" + line(), "NOT_TEXT"),
        (line(family_name="A" * LINE), "TOO_LONG"),
        (b"{", "NOT_JSON"),
        (b"[]", "UNKNOWN_MEMBER"),
        (b'{"sex": NaN}', "NOT_JSON"),
        (b'{"sex":"F","sex":"M"}', "NOT_JSON"),
        (line()[:-1] + b',"territory":"75"}', "NOT_JSON"),
        (line(family_name="\ud800".encode("unicode-escape").decode()).replace(b"\\\\u", b"\\u"), "NOT_JSON"),
        (b"[" * 5000, "NOT_JSON"),
        (line() + line(), "NOT_JSON"),
    ],
)
def test_what_is_no_json_is_rejected(raw: bytes, code: str) -> None:
    assert reason(raw) == code


@pytest.mark.parametrize("raw", [b"a,b", b'"open', cells(ADULT) + b",more", cells(ADULT).replace(b"|", b"\r")])
def test_what_is_no_line_of_csv_is_rejected(raw: bytes) -> None:
    assert reason(raw, "csv") in ("NOT_CSV", "FIELD_GIVEN_NAMES")


def test_a_header_names_every_column_in_order() -> None:
    assert is_header(",".join(COLUMNS).encode())
    assert not is_header(",".join(reversed(COLUMNS)).encode())
    assert not is_header(b"\xff")


def outcome(form: str, raw: bytes) -> str:
    try:
        read_line(form, raw, TODAY)
    except Rejected as rejected:
        return str(rejected)
    return ""


@given(st.binary(max_size=200), st.sampled_from(["ndjson", "csv"]))
def test_any_bytes_are_a_person_or_a_known_code(raw: bytes, form: str) -> None:
    assert outcome(form, raw) in ("", *REASONS)


@given(st.fixed_dictionaries({}, optional={name: st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "oid", "kind"]), inner),
    max_leaves=4) for name in Insured.model_fields}), st.sampled_from(["ndjson", "csv"]))  # fmt: skip
def test_a_code_never_shows_what_the_line_says(changed: dict[str, Any], form: str) -> None:
    texts = {name: value for name, value in changed.items() if isinstance(value, str) and type(ADULT.get(name)) is str}
    raw = cells({**ADULT, **texts}) if form == "csv" else json.dumps({**ADULT, **changed}).encode()
    assert outcome(form, raw) in ("", *REASONS)
