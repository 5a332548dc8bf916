"""The story over real HTTP on the embedded default, and what is left of it after everything was killed."""

import pytest

from infra.local.instance import Instance, start
from infra.local.send import send
from infra.local.story import Answer, Ask, Story
from infra.local.told import Embedded

pytestmark = pytest.mark.real


def get(instance: Instance, who: str, path: str) -> Answer:
    return send(instance, Ask(who, "GET", path))


def entries_of(instance: Instance, record: str) -> int:
    """Count the whole history, page by page."""
    counted, cursor = 0, ""
    while True:
        page = get(instance, "ondine", f"/records/{record}/history?cursor={cursor}").json()
        counted, cursor = counted + len(page["entries"]), page["cursor"]
        if not cursor:
            return counted


def test_the_story_is_told_and_everything_is_still_there_after_kill_dash_nine(tmp_path):
    first = start(tmp_path / "home")
    try:
        Story(Embedded(first)).tell()
        record = get(first, "ondine", "/me").json()["records"][0]["record"]
        documents = get(first, "ondine", f"/records/{record}/documents").json()["documents"]
        path = f"/records/{record}/documents/{documents[0]['document']}/content"
        content = get(first, "ondine", path).body
        entries = entries_of(first, record)
        for name in ("front", "worker", "rows", "blobs", "issuer", "mail", "provider"):
            first.kill_child(name)
    finally:
        first.kill()
    second = start(tmp_path / "home")
    try:
        assert get(second, "ondine", path).body == content
        assert entries_of(second, record) > entries
    finally:
        second.stop()
