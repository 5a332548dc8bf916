"""The client of the object store is made when it is needed, and once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.hosts import s3
from chalicelib.hosts.aws import Place


def test_the_client_is_made_at_its_first_use_and_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def client(*arguments: Any, **_: Any) -> object:
        made.append(arguments)
        return object()

    monkeypatch.setattr(s3, "client", client)
    blobs = s3.S3Blobs(Place("eu", "http://127.0.0.1:1", "key", "secret"), "bucket")
    assert made == []
    with ThreadPoolExecutor(8) as pool:
        assert len({id(one) for one in pool.map(lambda _: blobs.client(), range(64))}) == 1
    assert len(made) == 1
