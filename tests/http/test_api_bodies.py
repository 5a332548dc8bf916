"""Nobody decides in a body what is not theirs to decide: unknown and read-only members on every route."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .api_people import roles
from .api_requests import Operation, operations
from .api_scene import Scene, sender
from .api_world import World

READ_ONLY = (
    "owner",
    "masked",
    "author",
    "status",
    "patient_id",
    "record",
    "document",
    "version",
    "category",
    "state",
    "kind_of_actor",
    "organisation",
    "policy_version",
    "__proto__",
)
WITH_BODY = [one for one in operations() if one.example]


@pytest.mark.abuse("A14")
@pytest.mark.parametrize("one", WITH_BODY, ids=str)
def test_what_a_caller_may_not_decide_is_refused_on_every_body(one: Operation) -> None:
    scene = Scene()
    params = scene.params(one.name)
    for name in {*READ_ONLY} - one.members:
        answer = scene.world.send(sender(one.name), one.method, one.at(params), **one.fresh(**{name: "x"}))
        assert answer.told == "422 INVALID", name
        assert answer.json["errors"][0]["detail"] == "holds a member that is not known"


@pytest.mark.abuse("A14")
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.text(min_size=1, max_size=30), value=st.one_of(st.none(), st.booleans(), st.integers(), st.text()))
def test_any_unknown_member_is_refused_and_not_repeated(name: str, value: object) -> None:
    world = World()
    for one in WITH_BODY:
        if name in one.members:
            continue
        path = one.at({"record": "a" * 26, "document": "a" * 26})
        answer = world.send(sender(one.name), one.method, path, **one.fresh(**{name: value}))
        assert answer.status in (400, 422), (one, name)
        assert len(name) < 4 or name not in str(answer.json.get("errors", ""))


@pytest.mark.parametrize("name", ["enrolment_open_", "enrolment_reinvitation"])
@pytest.mark.parametrize("day", ["2026-12-02", "2055-08-14"])
def test_a_birth_that_is_still_to_come_is_refused(name: str, day: str) -> None:
    world = World()
    (one,) = [operation for operation in WITH_BODY if operation.name == name]
    answer = world.send(sender(name), one.method, one.path, **one.fresh(birth_date=day))
    assert answer.told == "422 INVALID"
    assert answer.json["errors"] == [{"pointer": "/birth_date", "detail": "lies in the future"}]


@pytest.mark.abuse("A14")
def test_author_and_organisation_come_from_the_token() -> None:
    scene = Scene()
    document = scene.available()
    seen = scene.done(200, "holder", "GET", f"/records/{scene.record}/documents/{document}")
    behind = roles()["author_lab"].claims["organisation"]
    assert seen["author"]["organisation"] == behind["name"]
    assert seen["author"]["name"] == "Zoé GABARIT"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("documents/search", {"categories": ["BIOLOGIE", "BIO"]}, "/categories/1"),
        ("profile/search", {"sections": ["allergy"]}, "/sections/0"),
        ("profile/search", {"sections": ["measures"]}, "/sections/0"),
        ("choices/allow", {"kind": "profession", "id": "10", "within": {"categories": ["X"]}}, "/within/categories/0"),
        ("choices/allow", {"kind": "profession", "id": "zz"}, "/id"),
        ("choices/block", {"kind": "profession", "id": "zz"}, "/id"),
        ("choices/block", {"kind": "profession", "id": "10/sm25"}, "/id"),
        ("choices/discreet", {"category": "X", "on": True}, "/category"),
    ],
)
def test_a_word_of_no_table_is_refused_where_it_stands_and_not_taken_for_nothing_found(
    path: str, body: dict[str, object], pointer: str
) -> None:
    scene = Scene()
    answer = scene.world.send("holder", "POST", f"{scene.base}/{path}", body=body)
    assert (answer.told, [one["pointer"] for one in answer.json["errors"]]) == ("422 INVALID", [pointer])
    assert answer.json["errors"][0]["detail"] != "is not valid"


@pytest.mark.parametrize("decided", ["allowed", "blocked"])
def test_a_profession_that_a_later_table_no_longer_has_is_taken_back_all_the_same(decided: str) -> None:
    scene = Scene()
    scene.choose(lambda choices: replace(choices, **{decided: frozenset({"prof:zz", "prof:10"})}))
    path = f"{scene.base}/choices/withdraw"
    left = scene.done(200, "holder", "POST", path, body={"kind": "profession", "id": "zz"})
    assert left[decided] == ["prof:10"]


def test_a_profession_of_the_table_is_blocked_whether_or_not_it_may_read_anything() -> None:
    scene = Scene()
    for name in ("10/SM25", "31"):
        scene.done(200, "holder", "POST", f"{scene.base}/choices/block", body={"kind": "profession", "id": name})
