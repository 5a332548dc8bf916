"""Blobs on any service that speaks the S3 API: plain put, get, delete and list, nothing else."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC
from typing import Any

from chalicelib.hosts.aws import READ_AHEAD, Place, client, repeated, translated
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.loading import Once
from chalicelib.kernel.ports import Blob

_READ_SECONDS = 10


class PastEnd(Exception):
    """The object ends before the range begins."""


_CODES: dict[str, type[Exception]] = {
    "NoSuchKey": NotFound,
    "404": NotFound,
    "InvalidRange": PastEnd,
    "416": PastEnd,
}


class S3Blobs:
    """One bucket, addressed by path, since not every host has names for buckets.

    The client is made at its first use: that takes a fifth of a cold start, and most requests touch no object.
    """

    def __init__(self, place: Place, bucket: str) -> None:
        self._bucket = bucket
        style = {"addressing_style": "path"}
        self.client = Once[Any](lambda: client("s3", place, read_timeout=_READ_SECONDS, s3=style))

    def put(self, name: str, data: bytes) -> None:
        """Write the object; durable when it returns."""
        repeated(lambda: self._put(name, data))

    def begin_put(self, name: str, data: bytes) -> "Future[None]":
        """Start writing the object on another thread; durable once its result is there."""
        return READ_AHEAD.submit(repeated, lambda: self._put(name, data))

    def begin_get(self, name: str) -> "Future[bytes]":
        """Start reading the object on another thread; its result raises NotFound when it is absent."""
        return READ_AHEAD.submit(repeated, lambda: self._read(name))

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Read the bytes start <= place < stop, less where the object ends before. Raise NotFound."""
        if start >= stop:
            raise ValueError("a range holds at least one byte")
        try:
            return repeated(lambda: self._read(name, Range=f"bytes={start}-{stop - 1}"))
        except PastEnd:
            return b""

    def delete(self, name: str) -> None:
        """Delete the object; an absent one is no error."""
        repeated(lambda: self._delete(name))

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Iterate over the objects in order of name."""
        with translated(_CODES):
            for page in self.client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                yield from (
                    Blob(one["Key"], one["Size"], one["LastModified"].astimezone(UTC))
                    for one in page.get("Contents", [])
                )

    def _put(self, name: str, data: bytes) -> None:
        with translated(_CODES):
            self.client().put_object(Bucket=self._bucket, Key=name, Body=data)

    def _read(self, name: str, **more: str) -> bytes:
        with translated(_CODES):
            content: bytes = self.client().get_object(Bucket=self._bucket, Key=name, **more)["Body"].read()
            return content

    def _delete(self, name: str) -> None:
        with translated(_CODES):
            self.client().delete_object(Bucket=self._bucket, Key=name)
