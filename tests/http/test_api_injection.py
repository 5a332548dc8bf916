"""Hostile text in every place that takes text: never a failure, never an echo, never in a log, never another's key."""

import json
import logging
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.oidc.people import people
from infra.local.story import opening

from .api_requests import Operation, operations
from .api_scene import CONTENT, Scene, metadata, sender

CANARY = "canary7f3e"
HOSTILE = {
    "delimiter of keys": f"r#{CANARY}#0facts",
    "prefix of a key": f"1doc#{CANARY}",
    "expression": f":v0 OR begins_with(pk, :{CANARY})",
    "attribute names": f"#n0 = {CANARY}",
    "SQL": f"'; DROP TABLE {CANARY}; --",
    "template": "{{7*7}}${7*7}" + CANARY,
    "lines": f"{CANARY}\r\nSet-Cookie: a=b\r\n\r\n<html>",
    "JSON for a log": f'{CANARY}"}}\n{{"time":"2026","status":200,"actor":"forged"',
    "NUL": f"{CANARY}\x00.pdf",
    "right to left": f"\u202e{CANARY}\u2066",
    "zero width": f"\u200b{CANARY}\ufeff",
    "decomposed": unicodedata.normalize("NFD", f"é{CANARY}"),
    "composed": f"é{CANARY}",
    "homoglyph": f"Ваnque{CANARY}",
    "case that folds to two letters": f"ßİ{CANARY}",
    "escape of a terminal": f"\x1b[2J{CANARY}",
    "path": f"../../{CANARY}",
    "64 KB": CANARY * 6000,
    "emoji": f"👩‍⚕️{CANARY}",
    "noncharacter": f"\uffff{CANARY}",
    "number": "1e400",
    "format": "%s%n{0.__class__}" + CANARY,
}

HEADERS = (
    "If-Match",
    "If-None-Match",
    "Range",
    "If-Range",
    "Carnet-Read",
    "Idempotency-Key",
    "Origin",
    "Accept-Language",
)

_lines = logging.getLogger("chalicelib")


class Kept(logging.Handler):
    """Keeps the log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


@pytest.fixture
def log() -> Iterator[Kept]:
    """Collect what is logged."""
    kept = Kept()
    _lines.addHandler(kept)
    yield kept
    _lines.removeHandler(kept)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every text inside an example."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))
    elif isinstance(value, str):
        yield path


def put(example: Any, path: tuple[Any, ...], text: str) -> Any:
    """Return a copy with this text at this place."""
    copy = json.loads(json.dumps(example))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = text
    return copy


def check(scene: Scene, one: Operation, log: Kept, text: str, **sent: Any) -> None:
    """Send one request and judge what came of it."""
    log.lines.clear()
    path = sent.pop("path", None) or one.at(sent.pop("params"))
    answer = scene.world.send(sender(one.name), one.method, path, **sent)
    assert answer.status < 500, (str(one), text[:80], answer.body)
    assert "set-cookie" not in answer.headers
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json.keys() <= {"type", "title", "status", "detail", "code", "request", "errors"}
        assert CANARY not in answer.body.decode()
    assert not any(CANARY in name + value for name, value in answer.headers.items())
    assert [json.loads(line)["status"] for line in log.lines] == [answer.status]
    assert CANARY not in str(log.lines)


@pytest.mark.abuse("I01", "I02", "I04", "I08")
@pytest.mark.parametrize("one", [one for one in operations() if one.example], ids=str)
def test_hostile_text_in_every_member_of_every_body(one: Operation, log: Kept) -> None:
    scene = Scene()
    params = scene.params(one.name)
    for text in HOSTILE.values():
        for place in places(one.example):
            check(scene, one, log, text, params=params, **one.with_example(put(one.example, place, text)))


@pytest.mark.abuse("I01", "I04", "I08")
@pytest.mark.parametrize("one", [one for one in operations() if "{" in one.path], ids=str)
def test_hostile_text_in_every_part_of_a_path(one: Operation, log: Kept) -> None:
    scene = Scene()
    known = scene.params(one.name)
    for text in HOSTILE.values():
        for name in known.keys() & set(one.path.replace("{", "}").split("}")):
            path = one.at({**known, name: quote(text, safe="")})
            check(scene, one, log, text, path=path, **one.fresh())


@pytest.mark.abuse("I01", "I04", "I08")
@pytest.mark.parametrize("one", operations(), ids=str)
def test_hostile_text_in_every_query_and_header(one: Operation, log: Kept) -> None:
    scene = Scene()
    params = scene.params(one.name)
    names = [p["name"] for p in one.about["parameters"] if p["in"] == "query"]
    read = [p["name"] for p in one.about["parameters"] if p["in"] == "header"]
    for text in HOSTILE.values():
        for query in (f"{name}={quote(text)}" for name in [*names, quote(text)]):
            check(scene, one, log, text, params=params, query=query, **one.fresh())
        line = text.replace("\r", "").replace("\n", "").replace("\x00", "")[:4000].encode().decode("latin-1")
        for together in (*([name] for name in read), [name for name in HEADERS if name not in read]):
            check(scene, one, log, text, params=params, more=dict.fromkeys(together, line), **one.fresh())


@pytest.mark.abuse("I01", "I08")
@pytest.mark.parametrize("escaped", ["\\ud800", "\\udfff\\ud800", "a\\ud83d"])
@pytest.mark.parametrize("one", [one for one in operations() if "application/json" in one.content], ids=str)
def test_half_a_character_is_unparseable_everywhere(one: Operation, escaped: str) -> None:
    scene = Scene()
    params = scene.params(one.name)
    for place in places(one.example):
        text = json.dumps(put(one.example, place, "HALF")).replace("HALF", escaped)
        media = {"Content-Type": "application/json"}
        who = sender(one.name)
        answer = scene.world.send(who, one.method, one.at(params), raw=text.encode(), more=media)
        assert answer.told in ("400 UNPARSEABLE", "422 INVALID")


@pytest.mark.abuse("I01")
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60))
def test_no_unique_id_author_cursor_or_key_reaches_the_rows_of_another(text: str) -> None:
    scene = Scene()
    mine = scene.available()
    keys = {pk for pk, _ in scene.world.host.rows.everything()}
    path = f"/records/{scene.record}/documents"
    bodies = [{"author": text}, {"cursor": text}, {"text": text}, {"types": [text]}, {"categories": [text]}]
    for body in bodies:
        answer = scene.world.send("other_citizen", "POST", f"/records/{scene.other}/documents/search", body=body)
        assert answer.status in (200, 400, 422)
        assert mine.encode() not in answer.body
    form = ({**metadata(), "unique_id": text}, CONTENT, "text/plain")
    assert scene.world.send("author_lab", "POST", path, form=form).status in (202, 400, 422)
    added = {pk for pk, _ in scene.world.host.rows.everything()} - keys
    assert not any(len(text) > 3 and text in pk for pk in added)


@pytest.mark.abuse("I02")
@pytest.mark.parametrize("name", ["Hélène", "ẞtraße", "O\u2019Brien", "Ngô\u0301", "مريم", "\u202eELIM", "a\u200bb"])
def test_a_name_is_kept_letter_by_letter_and_changes_no_key(name: str) -> None:
    scene = Scene()
    person = people()["ondine"]
    for form in ("NFC", "NFD"):
        body = opening(person.ins, date(1976, 11, 23), "F", unicodedata.normalize(form, name), "x@example.org")
        answer = scene.world.send("enrolment", "POST", "/records", body=body)
        assert (answer.status, answer.json["record"]) == (200, scene.record)


@pytest.mark.abuse("I02")
def test_a_title_is_found_composed_or_decomposed() -> None:
    scene = Scene()
    form = ({**metadata(), "title": unicodedata.normalize("NFD", "Hémogramme")}, CONTENT, "text/plain")
    scene.done(202, "author_lab", "POST", f"/records/{scene.record}/documents", form=form)
    scene.world.work()
    for text in ("hémo", unicodedata.normalize("NFD", "HÉMO")):
        found = scene.done(200, "holder", "POST", f"/records/{scene.record}/documents/search", body={"text": text})
        assert len(found["documents"]) == 1, text
