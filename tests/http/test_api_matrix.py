"""Every route × every role: api_matrix.csv says what each one is told, and a route without its line fails.

The request is the specification's example about a document of Ondine that the laboratory deposited; she allowed one
doctor and the physiotherapist and blocked another doctor.
"""

import pytest

from chalicelib.kernel.ids import new_document_id, new_record_id
from tests.http.api_blind import FEEDS, blind

from .api_delegates import BOUND, brought, known, represented
from .api_people import roles
from .api_requests import Operation, operation, operations
from .api_scene import Scene
from .api_table import ROLES, expected
from .api_world import START, Answer

PROHIBITED = ("insurer", "mutuelle", "employer", "bank", "state", "health_fund")
OPEN = (
    "documents_labels",
    "profile_labels",
    "life_oppose",
    "system_health",
    "system_openapi",
    "system_docs",
    "reports_deliver",
    "calendars_follow",
)
"""ways in for which nobody needs a token; delivery reports are signed, the address of a calendar is a secret"""
ABOUT_ME = ("choices_me", "care_inbox")
"""says who calls, and nothing of anybody's record"""
BY_STATE = ("life_suspend", "life_decease")
"""what enrolment tells of any record"""
PROPOSES = ("disclosures_propose",)
"""what one agent of the legal desk asks of any record, and another one has to confirm"""
HELPS = tuple(name for name in expected() if name.startswith("support_"))
"""what the help desk is there for"""
COUNTS = ("life_unreached", "coverage_progress", "coverage_table", "coverage_chart")
"""about nobody: funds read it"""
FUND_MAY = ("enrolment_find", "documents_deposit", "documents_begin", *COUNTS)
"""the health-insurance funds feed records and read none"""
FEEDERS = [role for role in ROLES if role != "holder" and expected()["documents_deposit"][role] == "202"]
"""any professional may feed any record, open it in an emergency, note a consent: there the answers have to differ"""

USED_UP = (
    *("documents_delete", "documents_visibility", "documents_disown"),
    *("profile_delete", "profile_visibility", "agenda_remove", "calendars_revoke"),
)
"""after which the next role needs another thing to act on"""

NAMES = [one.name for one in operations()]
WITH_RECORD = [one.name for one in operations() if "{record}" in one.path]
WITH_DOCUMENT = [one.name for one in operations() if "{document}" in one.path]


def answers(name: str) -> dict[str, str]:
    """Return what every role is told."""
    scene, one = Scene(), operation(name)
    params = scene.params(name)
    told = {role: bound(role, one) for role in BOUND}
    for role in (role for role in ROLES if role not in BOUND):
        answer = scene.world.send(role, one.method, one.at(params), **one.fresh(**scene.filled(name)))
        told[role] = answer.told
        if name in USED_UP and answer.status < 300:
            params = scene.params(name)
    return told


def bound(role: str, one: Operation) -> str:
    """Return what a role is told for whom the record was prepared, by a request that only the decision can refuse."""
    scene = known()
    params = scene.params(one.name)
    if params["record"] != scene.record:
        represented(scene, params["record"], "parent")  # of the minor
    body = one.fresh(**brought(scene, one.name))
    scene.ready(one.name)
    return scene.world.send(role, one.method, one.at(params), **body).told


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    lines = {(row["operation"], row["method"], row["path"]) for row in expected().values()}
    assert lines == {(one.name, one.method, one.path) for one in operations()}


@pytest.mark.abuse("A13")
@pytest.mark.parametrize("name", NAMES)
def test_every_role_is_told_what_the_table_says(name: str) -> None:
    assert answers(name) == {role: expected()[name][role] for role in ROLES}


@pytest.mark.abuse("A10")
@pytest.mark.parametrize("role", PROHIBITED)
def test_who_never_reads_is_refused_by_law_on_every_way_in(role: str) -> None:
    may = FUND_MAY if role == "health_fund" else ()
    for name in set(NAMES) - {*OPEN, *ABOUT_ME, *may}:
        assert expected()[name][role] == "403 FORBIDDEN_BY_LAW", name


@pytest.mark.abuse("A10")
@pytest.mark.parametrize("role", PROHIBITED)
def test_the_holders_permission_changes_nothing_for_who_never_reads(role: str) -> None:
    scene, person = Scene(), roles()[role]
    document = scene.available()
    organisation = {"kind": "organisation", "id": person.claims["organisation"]["id"]}
    scene.done(200, "holder", "POST", f"/records/{scene.record}/choices/allow", body=organisation)
    for tail in ("", "/content", "/status"):
        answer = scene.world.send(role, "GET", f"/records/{scene.record}/documents/{document}{tail}")
        assert answer.told == "403 FORBIDDEN_BY_LAW"


@pytest.mark.abuse("A10")
@pytest.mark.parametrize("role", PROHIBITED)
def test_even_who_they_are_is_refused_to_whom_the_law_keeps_out(role: str) -> None:
    assert expected()["choices_me"][role] == "403 FORBIDDEN_BY_LAW"


@pytest.mark.abuse("A12")
def test_me_tells_support_only_who_they_are() -> None:
    found = Scene().world.send("support", "GET", "/me").json
    assert (found["records"], found["kind"]) == ([], "support")


@pytest.mark.abuse("A12")
def test_support_acts_on_no_record_at_all() -> None:
    for name in set(NAMES) - {*OPEN, *ABOUT_ME, *HELPS}:
        assert expected()[name]["support"] == "403 SUPPORT_SEES_NOTHING", name


@pytest.mark.abuse("A12", "A10")
@pytest.mark.parametrize("role", [*PROHIBITED, "support", "software", "other_citizen", "anonymous"])
def test_no_answer_to_somebody_without_access_shows_anything_of_the_record(role: str) -> None:
    scene = Scene()
    params = scene.params("")
    for one in operations():
        answer = scene.world.send(role, one.method, one.at(params), **one.fresh())
        if one.name not in OPEN:
            for canary in ("Hémoglobine", "Bilan", "GABARIT", "ESSAI", "ondine", "11502-2", params["document"]):
                assert canary.encode() not in answer.body, one


@pytest.mark.abuse("A24")
def test_a_carer_manages_neither_sharing_nor_contacts_nor_the_end_of_the_record() -> None:
    managing = ("choices_", "codes_", "contact_", "calendars_", "life_", "history_", "delegations_")
    for name in {name for name in WITH_RECORD if name.startswith(managing)} - {*BY_STATE}:
        assert expected()[name]["carer"] == "403 CARER_LIMITS", name


@pytest.mark.abuse("A11", "A27")
def test_neither_the_legal_desk_nor_an_occupational_physician_without_express_consent_reads_anything() -> None:
    for name in {one.name for one in operations() if "{record}" in one.path and one.method == "GET"}:
        for role in ("legal", "occupational"):
            assert expected()[name][role] == "403 NO_ACCESS", (name, role)


@pytest.mark.abuse("A21")
@pytest.mark.parametrize("role", ["proxy", "carer"])
@pytest.mark.parametrize("name", WITH_DOCUMENT)
def test_what_a_minor_keeps_secret_is_answered_to_who_acts_for_them_like_an_absent_one(name: str, role: str) -> None:
    scene, one = Scene(), operation(name)
    minor = scene.minor()
    represented(scene, minor, "parent")
    secret = scene.kept("INVISIBLE_REPRESENTANTS_LEGAUX", record=minor)
    there = blind(_ask(scene, role, one, minor, secret))
    assert there[0] >= 400
    assert there == blind(_ask(scene, role, one, minor, new_document_id(START)))


def _ask(scene: Scene, role: str, one: Operation, record: str, document: str) -> Answer:
    path = one.at({"record": record, "document": document, "part": "1", "device": "a" * 26})
    return scene.world.send(role, one.method, path, **one.fresh())


@pytest.mark.abuse("A13", "I08")
@pytest.mark.parametrize("name", WITH_RECORD)
def test_the_record_of_another_person_is_answered_like_one_that_does_not_exist(name: str) -> None:
    scene, one = Scene(), operation(name)
    absent, nothing = new_record_id(), new_document_id(START)
    document = _foreign_document(scene)
    for role in ROLES:
        told = (name in FEEDS and role in FEEDERS) or (name in BY_STATE and role == "enrolment")
        told = told or (name in PROPOSES and role == "legal")
        if role in ("other_citizen", "regulator") or told:  # whose record it is, and who may read any
            continue
        there = _ask(scene, role, one, scene.other, document)
        assert there.status >= 400, role
        assert blind(there) == blind(_ask(scene, role, one, absent, nothing)), role
        assert blind(there) == blind(_ask(scene, role, one, scene.other, nothing)), role


def _foreign_document(scene: Scene) -> str:
    """Return a document that Barnabé himself deposited in his record."""
    form = ({"type": "11502-2", "title": "Bilan sanguin"}, b"Autre\n", "text/plain")
    path = f"/records/{scene.other}/documents"
    document = scene.done(202, "other_citizen", "POST", path, form=form)["document"]
    scene.world.work()
    return str(document)


@pytest.mark.abuse("A13", "I08")
@pytest.mark.parametrize("name", WITH_DOCUMENT)
def test_a_document_of_another_record_under_my_own_is_answered_like_an_absent_one(name: str) -> None:
    scene, one = Scene(), operation(name)
    foreign, mine, nothing = _foreign_document(scene), scene.available("holder"), new_document_id(START)
    for role in ROLES:
        absent = blind(_ask(scene, role, one, scene.record, nothing))
        assert absent[0] >= 400, role
        assert blind(_ask(scene, role, one, scene.record, foreign)) == absent, role
    assert blind(_ask(scene, "other_citizen", one, scene.other, mine)) == blind(
        _ask(scene, "other_citizen", one, scene.other, nothing)
    )


@pytest.mark.abuse("A13")
@pytest.mark.parametrize("name", WITH_DOCUMENT)
def test_hidden_and_deleted_are_answered_like_absent(name: str) -> None:
    scene, one = Scene(), operation(name)
    hidden, gone, nothing = scene.available(), scene.available(), new_document_id(START)
    scene.done(204, "holder", "PUT", f"/records/{scene.record}/documents/{hidden}/visibility", body={"hidden": True})
    scene.done(204, "author_lab", "DELETE", f"/records/{scene.record}/documents/{gone}")
    for role in ("allowed_doctor", "unknown_doctor", "blocked_doctor", "other_lab"):
        absent = blind(_ask(scene, role, one, scene.record, nothing))
        assert blind(_ask(scene, role, one, scene.record, hidden)) == absent, role
        assert blind(_ask(scene, role, one, scene.record, gone)) == absent, role
    for role in ("holder", "author_lab"):  # they know what they deleted; to the author "no access" would say less
        assert _ask(scene, role, one, scene.record, gone).told == "404 NOT_FOUND", role


@pytest.mark.abuse("A13")
@pytest.mark.parametrize("name", WITH_DOCUMENT)
def test_outside_the_matrix_hidden_and_deleted_are_answered_like_shown(name: str) -> None:
    scene, one, role = Scene(), operation(name), "physiotherapist"
    shown, hidden, gone = scene.available(), scene.available(), scene.available()
    scene.done(204, "holder", "PUT", f"/records/{scene.record}/documents/{hidden}/visibility", body={"hidden": True})
    scene.done(204, "author_lab", "DELETE", f"/records/{scene.record}/documents/{gone}")
    told = [blind(_ask(scene, role, one, scene.record, document)) for document in (shown, hidden, gone)]
    assert told[0][0] == 403
    assert told == [told[0]] * 3
