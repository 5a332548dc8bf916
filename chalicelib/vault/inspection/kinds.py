"""Which of the accepted formats the first bytes are; the signatures stand in policies/formats.csv."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent.parent / "formats.csv"

_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?php", b"#!", b"<%")
_FOREIGN = (b"GIF8", b"Rar!", b"%!PS", b"\x00asm")
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r") + b"\x7f"
_XML = "text/xml"
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n\f"


class Kind(NamedTuple):
    """What inspection needs of one line of the table; the rest is `vault.formats`."""

    media: str
    names: frozenset[str]
    magic: tuple[bytes, ...]
    most: int


def _kind(row: dict[str, str]) -> Kind:
    names = frozenset([row["media"], *row["aliases"].split()])
    magic = tuple(bytes.fromhex(one) for one in row["magic"].split())
    return Kind(row["media"], names, magic, max(int(row["professional_bytes"]), int(row["person_bytes"])))


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Read the table with the standard library only: the child process must start fast."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(_kind(row) for row in csv.DictReader(lines))


def declared_kind(media: str) -> Kind | None:
    """Return the accepted kind of this media type, parameters ignored, or None."""
    name = media.partition(";")[0].strip().lower()
    return next((kind for kind in kinds() if name in kind.names), None)


def _is_xml(content: bytes, head: bytes, magic: tuple[bytes, ...]) -> bool:
    # Some producers write a comment first, or a prefix before the name of the root.
    return head.startswith(magic) or (head.startswith(b"<") and b"ClinicalDocument" in content[:8192])


def _is_text(content: bytes) -> bool:
    # Foreign formats need no list: all but a few printable ones hold control characters, and text holds none.
    foreign = content.startswith(_FOREIGN) or _head(content).lower().startswith(_MARKUP)
    return not foreign and len(content.translate(None, _CONTROLS)) == len(content)


def real_media(content: bytes) -> str:
    """Return the media type that the first bytes prove, text/plain when nothing speaks against it, "" if foreign."""
    head = _head(content)
    for kind in kinds():
        if content.startswith(kind.magic) or (kind.media == _XML and _is_xml(content, head, kind.magic)):
            return kind.media
    return "text/plain" if _is_text(content) else ""


def _head(content: bytes) -> bytes:
    return content[:1024].removeprefix(_BOM).lstrip(_BLANK)
