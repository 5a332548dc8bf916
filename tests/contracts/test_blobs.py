"""What every object store keeps to."""

import os
from datetime import UTC, timedelta
from uuid import uuid4

import pytest

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ports import Blobs


@pytest.fixture
def prefix() -> str:
    return f"{uuid4().hex}/"


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (4 << 20) + 4321])
def test_an_object_comes_back_byte_for_byte(blobs: Blobs, prefix: str, size: int) -> None:
    content = os.urandom(size)
    blobs.put(prefix + "1", content)
    pending = blobs.begin_get(prefix + "1")
    assert pending.result() == content
    assert pending.result() == content


def test_putting_again_replaces_the_object(blobs: Blobs, prefix: str) -> None:
    blobs.put(prefix + "1", b"old and longer")
    blobs.put(prefix + "1", b"new")
    assert blobs.begin_get(prefix + "1").result() == b"new"


def test_an_object_whose_writing_was_begun_is_there_with_the_result(blobs: Blobs, prefix: str) -> None:
    blobs.begin_put(prefix + "1", b"begun").result()
    assert blobs.begin_get(prefix + "1").result() == b"begun"


def test_an_absent_object_is_not_found_when_its_result_is_asked_for(blobs: Blobs, prefix: str) -> None:
    pending = blobs.begin_get(prefix + "none")
    with pytest.raises(NotFound):
        pending.result()


@pytest.mark.parametrize(
    ("start", "stop", "found"), [(0, 4, b"0123"), (3, 7, b"3456"), (8, 100, b"89"), (9, 10, b"9"), (10, 20, b"")]
)
def test_a_range_gives_these_bytes_and_less_at_the_end(
    blobs: Blobs, prefix: str, start: int, stop: int, found: bytes
) -> None:
    blobs.put(prefix + "1", b"0123456789")
    assert blobs.read(prefix + "1", start, stop) == found


def test_a_range_of_an_empty_object_is_empty(blobs: Blobs, prefix: str) -> None:
    blobs.put(prefix + "1", b"")
    assert blobs.read(prefix + "1", 0, 10) == b""


def test_a_range_of_an_absent_object_is_not_found(blobs: Blobs, prefix: str) -> None:
    with pytest.raises(NotFound):
        blobs.read(prefix + "none", 0, 10)


def test_a_range_without_a_byte_is_refused(blobs: Blobs, prefix: str) -> None:
    with pytest.raises(ValueError, match="range"):
        blobs.read(prefix + "1", 5, 5)


def test_a_deleted_object_is_gone_and_may_be_deleted_again(blobs: Blobs, prefix: str) -> None:
    blobs.put(prefix + "1", b"x")
    blobs.delete(prefix + "1")
    blobs.delete(prefix + "1")
    with pytest.raises(NotFound):
        blobs.begin_get(prefix + "1").result()


def test_objects_are_listed_by_prefix_in_order_of_name(blobs: Blobs, prefix: str) -> None:
    for name in ("b/2", "a", "b/1", "c"):
        blobs.put(prefix + name, name.encode())
    assert [(blob.name, blob.size) for blob in blobs.list(prefix)] == [
        (prefix + name, len(name)) for name in ("a", "b/1", "b/2", "c")
    ]
    assert [blob.name for blob in blobs.list(prefix + "b/")] == [prefix + "b/1", prefix + "b/2"]
    assert list(blobs.list(prefix + "none")) == []
    assert all(blob.modified.utcoffset() == timedelta(0) for blob in blobs.list(prefix))
    assert {blob.modified.tzinfo for blob in blobs.list(prefix)} == {UTC}


def test_an_object_is_listed_with_the_instant_of_its_last_write_and_no_other(blobs: Blobs, prefix: str) -> None:
    blobs.put(prefix + "a", b"1")
    (written,) = blobs.list(prefix)
    assert blobs.read(prefix + "a", 0, 1) == b"1"
    assert list(blobs.list(prefix)) == [written]
    blobs.put(prefix + "a", b"2")
    (again,) = blobs.list(prefix)
    assert again.modified >= written.modified
