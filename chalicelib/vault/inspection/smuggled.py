"""A second file inside the first: archives, disk images and markup that another program would find there."""

import encodings.cp437  # noqa: F401  what zipfile reads names with, not to be looked for once the door is shut
import io
import re
import zipfile

from .verdict import Refused

_ANYWHERE = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_AT = ((128, b"DICM"), (257, b"ustar"), (0x8001, b"CD001"))
_MARKUP = re.compile(rb"<(?:script|html|body|svg|iframe)[\s/>]|<\?php|<!doctype\s+html", re.IGNORECASE)
PADDING = b"\x00\t\n\f\r \x1a"
_ARCHIVE_TAIL = 65_557
"""the longest comment that may follow a ZIP directory, plus the directory's own end record"""


def refuse_archives(content: bytes) -> None:
    """Raise POLYGLOT when the bytes are also a ZIP, JAR, RAR, 7z, tar, ISO or DICOM file, wherever it starts."""
    if any(content.startswith(mark, place) for place, mark in _AT) or any(mark in content for mark in _ANYWHERE):
        raise Refused("POLYGLOT")
    if b"PK\x05\x06" in content[-_ARCHIVE_TAIL:] and _is_archive(content):
        raise Refused("POLYGLOT")


def _is_archive(content: bytes) -> bool:
    try:
        zipfile.ZipFile(io.BytesIO(content)).close()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return True


def refuse_markup(part: bytes) -> None:
    """Raise POLYGLOT when markup that a sniffing browser would run stands in this part."""
    if _MARKUP.search(part):
        raise Refused("POLYGLOT")


def refuse_after(content: bytes, end: int) -> None:
    """Raise POLYGLOT when anything but padding follows the end of the format."""
    if content[end:].strip(PADDING):
        raise Refused("POLYGLOT")
