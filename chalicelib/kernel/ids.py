"""Identifiers: random, opaque, safe in a URL, a key and a log."""

import base64
import secrets
from datetime import datetime
from typing import NewType

RecordId = NewType("RecordId", str)
DocumentId = NewType("DocumentId", str)

_MS_BITS = 48
ID_PATTERN = r"^[a-z2-7]{26}$"


LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""the digits of base 32 in the order of text: what is greater as a number stands later in the table"""
_ORDERED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", LETTERS.encode())


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).rstrip(b"=").translate(_ORDERED).decode()


def new_record_id() -> RecordId:
    """Return 128 random bits as 26 characters of base 32."""
    return RecordId(_text(secrets.token_bytes(16)))


def new_device_id() -> str:
    """Return 128 random bits that name one browser of a holder."""
    return _text(secrets.token_bytes(16))


def new_document_id(now: datetime) -> DocumentId:
    """Return an id whose text order is newest first: 48 bits of inverted milliseconds, 80 random bits."""
    newest_first = (1 << _MS_BITS) - 1 - int(now.timestamp() * 1000)
    return DocumentId(_text(newest_first.to_bytes(6, "big") + secrets.token_bytes(10)))


def id_of(digest: str) -> str:
    """Return an id made of a keyed hash (32 hex characters): what is named by it has the same id at every try."""
    return _text(bytes.fromhex(digest))


def new_operation_id() -> bytes:
    """Return the 16 random bytes that name one attempt of one action in the journal."""
    return secrets.token_bytes(16)
