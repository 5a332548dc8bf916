"""Fifty and more values that must not be seen outside, looked for everywhere after the whole story: none is found."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chalicelib.edge import logs
from chalicelib.hosts.aws import Place as Address
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.memory import memory_host
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.hosts.s3 import S3Blobs
from infra.local import stores
from infra.local.servers import REGION, Server, free_port, start_blobs, start_rows

from .canaries import Place, Search, files, forms
from .canary_story import Story
from .listening import Heard, Listening

pytestmark = pytest.mark.abuse("I03", "I08", "T03")
LEAST = 50


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Configure logging as the product does, and keep besides whatever any library says, however softly."""
    names = ["chalicelib", *logs._TALKATIVE]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.handlers, logger.level, logger.propagate) for logger in loggers]
    root, kept = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(kept), root.level
    logs.configure_logging()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for logger, handlers, old_level, propagate in before:
            logger.handlers, logger.level, logger.propagate = handlers, old_level, propagate


def test_no_canary_is_found_in_memory_logs_mails_or_errors(capfd: pytest.CaptureFixture[str]) -> None:
    world = Listening()
    with everything_logged() as said:
        story = Story(world.on(world.host, Heard()))
        story.tell()
    out, err = capfd.readouterr()
    assert '"route":"/records/{record}/documents"' in out
    printed = [Place("the log", said.getvalue().encode()), Place("stdout", out.encode()), Place("stderr", err.encode())]
    search = Search(story.secrets())
    found = search.found([*story.places(), *printed])
    with capfd.disabled():
        print(f"\ncanaries: {len(search.canaries)} in logs, rows, objects, queues, mails, errors: {len(found)} found")
    assert not found
    assert len(search.canaries) >= LEAST


class Pair:
    """Both real stores on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers = [start_rows(folder / "rows", free_port()), start_blobs(folder / "blobs", free_port())]
        rows, blobs = map(_address, self.servers)
        stores.prepare(rows, blobs)
        self.rows, self.blobs = DynamoRows(rows, stores.TABLE), S3Blobs(blobs, stores.BUCKET)

    def stop(self) -> None:
        """End both, so that everything is in the files."""
        for server in self.servers:
            server.stop()


def _address(server: Server) -> Address:
    return Address(REGION, server.endpoint, server.access_key, server.secret_key)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    here = Pair(tmp_path / "stores")
    yield here
    here.stop()


@pytest.mark.real
def test_no_canary_is_found_in_the_stores_own_files(pair: Pair, capfd: pytest.CaptureFixture[str]) -> None:
    world, memory = Listening(), memory_host()
    queue = OutboxQueue(pair.rows, world.clock)
    host = type(memory)(
        pair.rows, pair.blobs, memory.keys, queue, memory.mail, memory.sms, memory.push, memory.scanner, world.clock
    )
    story = Story(world.on(host, Heard()))
    story.tell()
    listed = [Place("an object name", blob.name.encode()) for blob in pair.blobs.list()]
    lying = set(files(pair.folder))
    pair.stop()
    lying |= set(files(pair.folder))
    search = Search(story.secrets())
    found = search.found([*story.places(), *listed, *lying])
    size = sum(len(place.content) for place in lying)
    with capfd.disabled():
        print(f"\ncanaries: {len(search.canaries)} in {size:,} bytes of the stores' own files: {len(found)} found")
    assert not found
    assert len(listed) > 5


@pytest.mark.real
def test_planted_canaries_are_found_in_the_stores_own_files(pair: Pair) -> None:
    planted = {"in a key": "Wxkeyplanted", "in a text": "Wxtextplanted", "in bytes": "Wxbytesplanted"}
    planted |= {"in a list": "Wxlistplanted", "in a name": "Wxnameplanted", "in an object": "Wxobjectplanted"}
    row = {"pk": planted["in a key"], "sk": "0", "text": planted["in a text"], "body": planted["in bytes"].encode()}
    pair.rows.put({**row, "list": [b"x" + planted["in a list"].encode()]})
    pair.blobs.put(planted["in a name"], bytes(range(256)) * 8 + planted["in an object"].encode() + bytes(range(255)))
    pair.stop()
    search = Search(planted.values())
    found = " ".join(search.found(files(pair.folder)))
    assert [where for where, canary in planted.items() if canary not in found] == []


@pytest.mark.parametrize("word", ["Zorglubier", "Éloïse-Zyxa", "255081416802538"])
def test_every_form_of_a_planted_canary_is_found(word: str) -> None:
    search = Search([word])
    for form in forms(word):
        assert search.found([Place("here", b"\0before" + form + b"after")])
    assert not search.found([Place("here", b"something else entirely")])


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_canary_inside_a_longer_base64_text_is_found(before: str) -> None:
    import base64

    coded = base64.b64encode(f"{before}Zorglubier and more".encode())
    assert Search(["Zorglubier"]).found([Place("here", coded)])


def test_a_title_that_leaks_into_a_row_is_found_after_the_whole_story() -> None:
    world = Listening()
    story = Story(world.on(world.host, Heard()))
    story.tell()
    title = story.word()
    world.host.rows.put({"pk": "r#x", "sk": "1doc#x", "title": title})
    assert Search(story.secrets()).found(story.places()) == [f"{title!r} in rows"]
