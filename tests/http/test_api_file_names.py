"""File names of uploads are forgotten; names for downloads are made of harmless letters."""

import json
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .api_scene import CONTENT, Scene, metadata
from .api_world import BOUNDARY, Answer

NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "report\u202efdp.exe",
    "a\x00.pdf",
    "C:\\con",
    "🧪" * 50,
    "%2e%2e%2f",
    "é\u0301.pdf",
    "$(reboot)",
    "<script>.pdf",
]


def named(name: str) -> bytes:
    """Return a deposit whose content part carries this file name."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{json.dumps(metadata())}\r\n'
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{name}"\r\n'
    return head.encode() + b"Content-Type: text/plain\r\n\r\n" + CONTENT + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(scene: Scene, body: bytes) -> Answer:
    """Send bytes as a form."""
    media = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return scene.world.send("author_lab", "POST", f"/records/{scene.record}/documents", raw=body, more=media)


@pytest.mark.abuse("U06")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_is_never_kept(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400), answer.body
    _without_a_trace(scene, answer, name)


@pytest.mark.abuse("U06")
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(name=st.text(alphabet=st.characters(codec="utf-8", exclude_characters='"\\\r\n'), min_size=6, max_size=40))
def test_no_file_name_at_all_is_kept(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400)
    _without_a_trace(scene, answer, name)


def _without_a_trace(scene: Scene, answer: Answer, name: str) -> None:
    assert name.encode() not in answer.body
    assert not any(name in blob.name for blob in scene.world.host.blobs.list(""))
    if answer.status == 202:
        scene.world.work()
        path = f"/records/{scene.record}/documents/{answer.json['document']}/content"
        found = scene.world.send("holder", "GET", path)
        assert found.status == 200
        assert name not in unquote(found.headers["content-disposition"])


@pytest.mark.abuse("U06", "I04")
@pytest.mark.parametrize("name", ["a\r\nX-Injected: 1", 'a"; name="metadata', "x" * 65536, "a\r\n\r\n--limit-7f3e"])
def test_a_file_name_that_breaks_out_of_its_header_is_refused(name: str) -> None:
    scene = Scene()
    answer = post(scene, named(name))
    assert answer.status in (202, 400, 415, 422), answer.body
    assert "x-injected" not in answer.headers


TITLES = [*NAMES[:3], *NAMES[4:], 'a"; filename="evil.exe', "a;b=c", "é" * 200, "Compte rendu / été 2026"]


@pytest.mark.abuse("U06", "I04")
@pytest.mark.parametrize("title", TITLES)
def test_a_title_of_any_kind_leaves_a_harmless_name_for_the_download(title: str) -> None:
    scene = Scene()
    form = ({**metadata(), "title": title}, CONTENT, "text/plain")
    answer = scene.world.send("author_lab", "POST", f"/records/{scene.record}/documents", form=form)
    assert answer.status in (202, 422)
    if answer.status == 202:
        scene.world.work()
        path = f"/records/{scene.record}/documents/{answer.json['document']}"
        header = scene.world.send("holder", "GET", f"{path}/content").headers["content-disposition"]
        assert header.startswith("attachment;")
        assert header.isascii()
        assert header.isprintable()
        assert not {"/", "\\", "\u202e", "<"} & {*unquote(header)}
        assert scene.done(200, "holder", "GET", path)["title"] == title
