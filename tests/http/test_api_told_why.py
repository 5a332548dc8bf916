"""Whoever gets something wrong is told what: an answer names the place and says what is expected there."""

import pytest

from chalicelib.edge.docs import page
from tests.intake_files import insured, ndjson

from .api_people import PUBLIC_URL
from .api_requests import Operation, document, operation, operations
from .api_scene import CONTENT, INTAKE, TYPE, Scene, deposit, digest, metadata, sender
from .api_world import World, errors

ODD = "☃ odd"


@pytest.mark.parametrize("path", ["documents/search", "history/search"])
def test_a_period_given_backwards_is_refused_and_not_taken_for_nothing_found(path: str) -> None:
    scene = Scene()
    for until, told in (("2026-11-30", "422 INVALID"), ("2026-12-01", "200")):
        body = {"since": "2026-12-01", "until": until}
        answer = scene.world.send("holder", "POST", f"{scene.base}/{path}", body=body)
        assert answer.told == told
        assert told == "200" or errors(answer) == {"/until": "ends before it begins"}


def test_an_entry_that_ends_before_it_begins_is_told_at_its_end() -> None:
    scene = Scene()
    content = {"section": "treatments", "label": "Amoxicilline", "since": "2026-03-02", "until": "2026-03-01"}
    answer = scene.world.send("holder", "POST", f"{scene.base}/profile", body={"entry": content})
    assert errors(answer) == {"/entry/until": "ends before it begins"}


MEMBERS = [
    ("documents/search", {"cursor": ODD}, "/cursor", "The `cursor` of the page before; empty: the first page"),
    ("history/search", {"document": ODD}, "/document", "Id of a document, as lists give it"),
    ("codes", {"documents": [ODD]}, "/documents/0", "Id of a document, as lists give it"),
    ("uploads", {"sha256": ODD}, "/sha256", "SHA-256 of the content: 64 digits of 0-9 a-f"),
    ("uploads", {"patient": {"ins": ODD}}, "/patient/ins", "Matricule INS with its key: 15 signs"),
    ("codes/revocation", {"reference": ODD}, "/reference", "20 digits of 0-9 a-f"),
]


@pytest.mark.parametrize(("path", "body", "pointer", "said"), MEMBERS)
def test_a_text_that_is_written_otherwise_is_told_how_it_should_be_and_not_repeated(
    path: str, body: dict[str, object], pointer: str, said: str
) -> None:
    scene = Scene()
    answer = scene.world.send("holder", "POST", f"{scene.base}/{path}", body=body)
    assert errors(answer)[pointer] == f"is not written as expected: {said}"
    assert ODD not in answer.body.decode()


def test_a_parameter_is_told_how_it_should_be_too() -> None:
    scene = Scene()
    answer = scene.world.send("holder", "GET", f"{scene.base}/history", query="cursor=x")
    assert errors(answer) == {
        "cursor": "is not written as expected: The `cursor` of the page before; empty: the first page"
    }


@pytest.mark.parametrize("one", [one for one in operations() if one.example], ids=str)
def test_no_member_is_refused_without_a_word_of_what_it_should_be(one: Operation) -> None:
    world, path = World(), one.at({"record": "a" * 26, "document": "a" * 26})
    for name in one.members:
        for value in (ODD, -1, 1.5, True, None, [], [ODD], [None], {}, {"id": ODD}):
            answer = world.send(sender(one.name), one.method, path, **one.fresh(**{name: value}))
            if answer.status == 422:
                assert "is not valid" not in [*errors(answer).values()], (name, value)


def told(scene: Scene, who: str, path: str, body: object) -> tuple[str, str]:
    """Return code and detail of a refusal."""
    answer = scene.world.send(who, "POST", path, body=body)
    return answer.told, answer.json["detail"]


def test_an_author_who_answers_a_request_otherwise_is_told_that_it_was_answered() -> None:
    scene = Scene()
    document = scene.available()
    path = f"{scene.base}/documents/{document}/rectifications/{scene.wished(document)}/answer"
    scene.done(200, "author_lab", "POST", path, body={"outcome": "refused", "words": "Non."})
    again = told(scene, "author_lab", path, {"outcome": "corrected", "words": "Oui."})
    assert again == ("409 CONFLICT", "This request was answered otherwise already; an answer is given once.")


def test_whoever_adds_a_browser_too_many_is_told_to_take_one_out() -> None:
    scene, body = Scene(), operation("contact_subscribe").example
    for _ in range(5):
        scene.device()
    sixth = told(scene, "holder", f"{scene.base}/contact/devices", {**body, "endpoint": "https://push.example/six"})
    assert sixth == ("409 CONFLICT", "As many browsers are told as there may be; take one out first.")


def test_a_client_that_sends_another_file_under_a_name_that_is_read_is_told_to_wait_or_to_take_another() -> None:
    scene = Scene()
    scene.job(done=False)
    scene.world.host.blobs.put(INTAKE, ndjson([insured(3)]))
    again = told(scene, "enrolment", "/enrolments", {"object": INTAKE, "format": "ndjson"})
    assert again == (
        "409 CONFLICT",
        "A job that is not over holds this name; wait for its end, or put the file under another name.",
    )


CODES = [
    ("holder", "choices/refuse", {"kind": "category", "id": "CERT_MED"}, "reason", "dispute"),
    ("holder", "proxies", {"name": "Hector"}, "kind", "tutelle"),
    ("legal", "disclosures", {"professional": "810009900019"}, "ground", "court_expert"),
]


@pytest.mark.parametrize(("who", "path", "body", "member", "code"), CODES)
def test_a_code_of_no_table_is_answered_with_those_there_are_and_the_specification_lists_them(
    who: str, path: str, body: dict[str, object], member: str, code: str
) -> None:
    scene = Scene()
    answer = scene.world.send(who, "POST", f"{scene.base}/{path}", body={**body, member: "nothing"})
    (said,) = errors(answer).items()
    schemas = document()["components"]["schemas"]
    name = {"reason": "Refusal", "kind": "ProxyInvitation", "ground": "Proposal"}[member]
    listed = schemas[name]["properties"][member]["enum"]
    assert code in listed
    assert said == (f"/{member}", f"must be one of {', '.join(listed)}")


@pytest.mark.parametrize(("ground", "pointer"), [("court_expert", "/professional"), ("heir_memory", "/person")])
def test_whoever_names_nobody_that_a_ground_is_for_is_told_which_member_names_them(ground: str, pointer: str) -> None:
    scene = Scene()
    answer = scene.world.send("legal", "POST", f"{scene.base}/disclosures", body={"ground": ground})
    assert errors(answer) == {pointer: "is whom this ground is for"}


MADE = ("documents_deposit", "documents_begin", "documents_complete", "documents_replace", "enrolment_begin")


@pytest.mark.parametrize("name", MADE)
def test_what_was_begun_is_followed_at_the_location_that_the_answer_gives(name: str) -> None:
    scene, one = Scene(), operation(name)
    path = one.at(scene.params(name))
    made = scene.world.send(sender(name), one.method, path, **one.fresh())
    status, described = one.success()
    assert (made.status, "Location" in described["headers"]) == (status, True)
    assert made.headers["location"].startswith(PUBLIC_URL)
    found = scene.world.send(sender(name), "GET", made.headers["location"].removeprefix(PUBLIC_URL))
    identity = "job" if name == "enrolment_begin" else "document"
    assert (found.status, found.json[identity]) == (200, made.json[identity])


@pytest.mark.parametrize("one", [one for one in operations() if "headers" in one.success()[1]], ids=str)
def test_a_header_that_the_specification_promises_comes_with_the_answer(one: Operation) -> None:
    scene = Scene()
    path = one.at(scene.params(one.name))
    answer = scene.world.send(sender(one.name), one.method, path, **one.fresh())
    promised = one.success()[1]["headers"]
    assert {name.lower() for name in promised} <= answer.headers.keys()
    told = page(document())
    told = told[told.index(f'id="{one.name}"') :].partition("<h3")[0]
    assert all(f"{name}: {said['description']}" in told for name, said in promised.items())


def test_a_search_for_a_type_of_no_table_is_refused_and_not_taken_for_nothing_found() -> None:
    scene = Scene()
    for types, told in (([TYPE], "200"), ([TYPE, "11502-3"], "422 INVALID")):
        answer = scene.world.send("holder", "POST", f"{scene.base}/documents/search", body={"types": types})
        assert answer.told == told
        assert told == "200" or errors(answer) == {"/types/1": "is no type: /labels names them"}


def test_a_deposit_is_told_which_part_or_header_of_it_is_wrong() -> None:
    scene, key = Scene(), "visit-2026-000099"
    form = (metadata(), b"", "text/plain")
    empty = scene.world.send("author_lab", "POST", f"{scene.base}/documents", form=form)
    assert errors(empty) == {"/content": "is empty: there is nothing to file"}
    assert deposit(scene, "author_lab", metadata(), key).status == 202
    assert errors(deposit(scene, "author_lab", metadata(), key)) == {"Idempotency-Key": "was used for another request"}


def test_a_body_of_another_type_or_too_large_is_told_what_is_taken() -> None:
    scene, about = Scene(), {**metadata(), "media": "image/gif", "size": 1, "sha256": digest()}
    path, large = f"{scene.base}/documents", b"x" * (4 * 1024 * 1024 + 1)
    for sent, status, said in (
        ((path, {"body": about}), 415, "The body has to be multipart/form-data."),
        ((path, {"form": (metadata(), CONTENT, "image/gif")}), 415, "/labels lists the formats that are"),
        ((f"{scene.base}/uploads", {"body": about}), 415, "/labels lists the formats that are"),
        ((f"{path}/search", {"raw": b"{}"}), 415, "The body has to be application/json."),
        ((path, {"form": (metadata(), large, "text/plain")}), 413, "a larger document is uploaded in parts"),
        ((f"{scene.base}/uploads", {"body": {**about, "media": "text/plain", "size": 10**9}}), 413, "20000000 bytes"),
    ):
        answer = scene.world.send("author_lab", "POST", sent[0], **sent[1])
        assert (answer.status, said in answer.json["detail"]) == (status, True), answer


@pytest.mark.parametrize(
    ("schema", "members"),
    [
        ("UploadMetadata", "media size type"),
        ("AuthorView", "profession organisation"),
        ("DocumentView", "type category size created deposited hidden unseen_by"),
        ("StatusView", "reason parts"),
        ("EntryView", "at action effect reason why rule law said more subject document on_behalf_of"),
        ("Who", "profession"),
        (
            "ChoicesView",
            "version allowed limits blocked express refused team dismissed physician designated hidden discreet shown",
        ),
    ],
)
def test_the_specification_says_what_the_codes_numbers_and_names_of_an_answer_are(schema: str, members: str) -> None:
    said = document()["components"]["schemas"][schema]
    described = {name for name, one in said["properties"].items() if "description" in one}
    assert [one for one in members.split() if one not in described and f"`{one}`" not in said["description"]] == []
