"""Documents that are not for everybody, on every way in: a record that holds one answers like one that does not.

The ways in are those of the served specification, so that a new one is asked too: in two worlds alike but for one
document that the reader must not know of, whatever the reader is told has to be the same, byte by byte but for what
names a request or an id.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from chalicelib.access.choices import Delegation
from chalicelib.agenda import reading as agenda
from chalicelib.history import readers
from chalicelib.kernel.ids import new_document_id
from chalicelib.profile import reading as entries
from chalicelib.vault import reading

from .api_people import roles
from .api_requests import Operation, operations
from .api_scene import Scene, metadata, subject
from .api_world import START, Answer

TITLE = "Bilan CANARI"
CONTENT = b"Canari de la mine\n"
NAMELESS = ("carnet-request-id", "date")
SETTINGS = ("secret, proxy", "secret, carer", "withheld, holder", "withheld, proxy", "masked, professional")
ENTRIES = ("secret entry, proxy", "secret entry, carer", "hidden entry, professional")
"""the canary is an entry of the profile"""
NO_ENTRY = "p" + "a" * 25


@dataclass(slots=True)
class Twin:
    """One of two worlds: `canary` is the document, or an id that nothing has; `item` the same of the agenda."""

    scene: Scene
    record: str
    plain: str
    canary: str
    reader: str
    plain_entry: str = NO_ENTRY
    item: str = "a" * 26

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return what one way in is asked about: (document, entry), the canary first."""
        entry = self.canary if self.plain_entry != NO_ENTRY else NO_ENTRY
        return (self.canary, entry), (self.plain, self.plain_entry)


def twins(setting: str) -> tuple[Twin, Twin]:
    """Return the world with the document and the one without, each a copy of what is made once."""
    return _copy(_twin(setting, there=True)), _copy(_twin(setting, there=False))


def _copy(twin: Twin) -> Twin:
    scene = Scene()
    scene.world.become(twin.scene.world)
    return replace(twin, scene=scene)


@cache
def _twin(setting: str, *, there: bool) -> Twin:
    code, reader = setting.split(", ")
    scene = Scene()
    record = scene.record if code in ("masked", "hidden entry") else scene.minor()
    scene.choose(_decided(scene, reader), record)
    plain = scene.kept(record=record)
    role = {"holder": "holder", "professional": "allowed_doctor"}.get(reader, "other_citizen")
    if code.endswith("entry"):
        shown = scene.noted("holder", record)
        canary = _noted(scene, record, code, role) if there else NO_ENTRY[::-1]
        scene.world.work()
        return Twin(scene, record, plain, canary, role, shown)
    canary = _born(scene, record, code, role) if there else str(new_document_id(START))
    item = _planned(scene, record) if there and code == "secret" else "a" * 26
    scene.world.work()
    return Twin(scene, record, plain, canary, role, item=item)


def _planned(scene: Scene, record: str) -> str:
    """Let the minor plan an appointment that nobody else must know of; return it."""
    body = {"title": TITLE, "note": TITLE, "at": "2027-03-28T18:00", "secret": True}
    entry = scene.done(201, "holder", "POST", f"/records/{record}/agenda/appointments", body=body)["entry"]
    return str(entry)


def _decided(scene: Scene, reader: str) -> Callable[[Any], Any]:
    doctor, somebody = f"pro:{subject('allowed_doctor')['id']}", {scene.actor("other_citizen").id: Delegation("parent")}

    def decided(choices: Any) -> Any:
        named = {"proxies": somebody} if reader == "proxy" else {"carers": somebody} if reader == "carer" else {}
        return replace(choices, allowed=choices.allowed | {doctor}, physician=doctor, **named)

    return decided


def _born(scene: Scene, record: str, code: str, reader: str) -> str:
    """Deposit the document and let everybody but the reader ask for it, whether they may or not."""
    known = {"secret": "INVISIBLE_REPRESENTANTS_LEGAUX", "withheld": "INVISIBLE_PATIENT", "masked": "MASQUE_PS"}
    form = ({**metadata(), "title": TITLE, "confidentiality": [known[code]]}, CONTENT, "text/plain")
    document = scene.done(202, "author_lab", "POST", f"/records/{record}/documents", form=form)["document"]
    scene.world.work()
    place, send = f"/records/{record}/documents/{document}", scene.world.send
    for role in {"holder", "allowed_doctor", "author_lab", "unknown_doctor", "other_citizen"} - {reader}:
        send(role, "GET", place)
        send(role, "GET", f"{place}/content")
    if code == "secret":
        for hidden in (True, False):
            send("holder", "PUT", f"{place}/visibility", body={"hidden": hidden})
        send("holder", "PUT", f"{place}/visibility", body={"hidden": True})
    return str(document)


def _noted(scene: Scene, record: str, code: str, reader: str) -> str:
    """Note something that the reader must not know of, and let everybody else ask for it."""
    said = {"section": "prevention", "act": "hpv_test", "on": "2026-05-04", "result": "abnormal", "note": TITLE}
    body = {"entry": said, "secret": code.startswith("secret")}
    entry = str(scene.done(201, "author_lab", "POST", f"/records/{record}/profile", body=body)["id"])
    place, send = f"/records/{record}/profile/{entry}", scene.world.send
    for role in {"holder", "allowed_doctor", "author_lab", "unknown_doctor", "other_citizen"} - {reader}:
        send(role, "GET", place)
    send("author_lab", "PUT", place, body=body | {"entry": said | {"performer": TITLE}})
    scene.done(204, "holder", "PUT", f"{place}/visibility", body={"hidden": True})
    return entry


def asked(twin: Twin, one: Operation) -> Iterator[Answer]:
    """Yield what the reader is told on one way in: about the document, about another, page by page."""
    names = [p["name"] for p in one.about["parameters"] if p["in"] == "query"]
    for document, entry in twin.pairs if "{document}" in one.path or "{entry}" in one.path else twin.pairs[1:]:
        for query in ("", "limit=1") if "limit" in names else ("",):
            named = {"record": twin.record, "document": document, "entry": entry, "part": "1", "item": twin.item}
            path = one.at(named)
            yield twin.scene.world.send(twin.reader, one.method, path, **{**one.fresh(), "query": query})


def plain(answer: Answer) -> tuple[Any, ...]:
    """Return an answer without what differs between any two: ids, instants, request ids and sealed cursors."""
    headers = sorted((name, _same(value)) for name, value in answer.headers.items() if name not in NAMELESS)
    return answer.status, headers, _same(answer.body.decode("utf-8", "replace")), len(answer.body)


def _same(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)", "<instant>", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<request>", text)
    text = re.sub(r"\b\d{10}\.[0-9a-f]{32}\b", "<read-id>", text)
    text = re.sub(r'"cursor":"[A-Za-z0-9_=-]{48}"', '"cursor":"<cursor>"', text)
    text = re.sub(r"citizen:[0-9a-f]{32}", "<citizen>", text)
    text = re.sub(r'"[0-9a-f]{64}"', '"<sha>"', text)
    text = re.sub(r'^"v(\d+)\.[0-9a-f]{16}"$', r'"v\1.<hash of the body>"', text)
    text = re.sub(r'"[0-9a-f]{16}"', '"<name>"', text)
    return re.sub(r"\b[a-z2-7]{26}\b", "<id>", text)


def leaks(worlds: tuple[Twin, Twin], one: Operation) -> list[str]:
    """Return what an answer gives away."""
    full, empty = worlds
    return [
        f"{one}: {what}"
        for there, without in zip(asked(full, one), asked(empty, one), strict=True)
        for what, wrong in _wrong(one, full, there, without)
        if wrong
    ]


RANDOM = frozenset(
    {
        "codes_make",
        "codes_ask_for_help",
        "codes_print_card",
        "delegations_invite_proxy",
        "delegations_invite_carer",
        "calendars_share",
    }
)
"""answers that hold a code, and its picture, which are never twice the same"""


def _wrong(one: Operation, full: Twin, there: Answer, without: Answer) -> Iterator[tuple[str, bool]]:
    for words in (TITLE.encode(), CONTENT, full.canary.encode(), full.item.encode()):
        yield f"{words!r} in the answer", words in there.body
        yield f"{words!r} in a header", words in repr(there.headers).encode()
    seen, unseen = (plain(answer)[: 1 if one.name in RANDOM else None] for answer in (there, without))
    yield f"not what is told without it: {seen} {unseen}", seen != unseen


LOOKS = sorted(
    (one for one in operations() if one.method == "GET" and not one.name.startswith("system_")),
    key=lambda one: "{document}" in one.path or "{entry}" in one.path,
)
"""ways in that change nothing; those last in which the reader names the document, for their own history has it then"""
CHANGES = [one for one in operations() if one.method != "GET"]


@pytest.mark.abuse("A01", "A21", "A28", "A15")
@pytest.mark.parametrize("setting", [*SETTINGS, *ENTRIES])
def test_no_look_tells_of_a_document_that_is_kept_back(setting: str) -> None:
    worlds = twins(setting)
    for one in LOOKS:
        assert leaks(worlds, one) == []


@pytest.mark.abuse("A01", "A21", "A28", "A15")
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("one", CHANGES, ids=str)
def test_nothing_done_tells_of_a_document_that_is_kept_back(one: Operation, setting: str) -> None:
    assert leaks(twins(setting), one) == []


@pytest.mark.abuse("A01", "A21")
@pytest.mark.parametrize("setting", ENTRIES)
@pytest.mark.parametrize(
    "one", [one for one in CHANGES if re.search("/(profile|measures|reminder)", one.path)], ids=str
)
def test_nothing_done_tells_of_an_entry_that_is_kept_back(one: Operation, setting: str) -> None:
    assert leaks(twins(setting), one) == []


def _named(name: str) -> Operation:
    return next(one for one in operations() if one.name == name)


@pytest.mark.abuse("A21")
@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ((readers, "_kept_back", lambda *_: False), "history_read"),
        ((readers, "_kept_back", lambda *_: False), "history_search"),
        ((reading, "_reader", lambda *_: lambda _: True), "documents_listing"),
        ((reading, "_reader", lambda *_: lambda _: True), "documents_search"),
        ((reading, "_reader", lambda *_: lambda _: True), "choices_read"),
        ((entries, "may_read", lambda *_: True), "profile_listing"),
        ((entries, "may_read", lambda *_: True), "profile_search"),
        ((entries, "may_read", lambda *_: True), "profile_summary"),
        ((agenda, "_may", lambda *_: True), "agenda_listing"),
    ],
)
def test_a_way_in_that_forgot_it_is_found(
    fault: tuple[Any, str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*fault)
    assert leaks(twins("secret entry, proxy" if name.startswith("profile") else "secret, proxy"), _named(name)) != []


@pytest.mark.abuse("A17")
def test_software_alone_does_nothing_in_the_name_of_a_professional() -> None:
    scene = Scene()
    params = scene.params("")
    for one in operations():
        if "{record}" in one.path:
            answer = scene.world.send("software", one.method, one.at(params), **one.fresh())
            assert answer.told == "403 NO_INDIVIDUAL", one


@pytest.mark.abuse("A19")
def test_an_emergency_in_an_unknown_record_is_told_like_one_that_is_opposed() -> None:
    scene = Scene()
    scene.choose(lambda c: replace(c, opposed=frozenset({"break_glass"})))
    one = _named("emergency_open_")
    there, nowhere = (
        scene.world.send("unknown_doctor", "POST", one.at({"record": record}), **one.fresh())
        for record in (scene.record, "a2b3c4d5e6f7a2b3c4d5e6f7a2")
    )
    assert plain(there) == plain(nowhere)
    assert there.status == 403
    assert roles()["unknown_doctor"]
