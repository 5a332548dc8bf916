"""Where a JPEG or a PNG ends, read from its own structure: what follows would be another file."""

import re
import zlib

from .smuggled import PADDING, refuse_after
from .verdict import Refused

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_MARK = 0xFF
_SCAN = 0xDA
_END = 0xD9
_ALONE = frozenset([0x01, *range(0xD0, 0xD8)])
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def check(content: bytes) -> None:
    """Raise POLYGLOT when something follows the image, MALFORMED when its structure is broken. TIFF has no end."""
    if content.startswith(_PNG):
        refuse_after(content, _png_end(content))
    elif content.startswith(_JPEG):
        _refuse_script_header(content)
        refuse_after(content, _jpeg_end(content))


def _refuse_script_header(content: bytes) -> None:
    # A JFIF header of length "/*" opens a JavaScript comment; a true one is 16 bytes plus a small thumbnail.
    if content[2:6] == b"\xff\xe0/*":
        raise Refused("POLYGLOT")


def _png_end(content: bytes) -> int:
    place = len(_PNG)
    while place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        body = memoryview(content)[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(body) != int.from_bytes(content[end - 4 : end], "big"):
            break
        if content[place + 4 : place + 8] == b"IEND":
            return end
        place = end
    raise Refused("MALFORMED")


def _jpeg_end(content: bytes) -> int:
    """Return the end of the last image: cameras put several into one file (MPO), one after the other."""
    end = 0
    while content.startswith(_JPEG, end):
        end = _one_jpeg(content, end + 2)
        end += len(content[end:]) - len(content[end:].lstrip(PADDING)) if end < len(content) else 0
    return end


def _one_jpeg(content: bytes, place: int) -> int:
    while place + 2 <= len(content) and content[place] == _MARK:
        marker = content[place + 1]
        if marker == _END:
            return place + 2
        place = _next_marker(content, place, marker)
    raise Refused("MALFORMED")


def _next_marker(content: bytes, place: int, marker: int) -> int:
    if marker == _MARK:
        return place + 1
    if marker in _ALONE:
        return place + 2
    end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    if marker != _SCAN:
        return end
    found = _AFTER_SCAN.search(content, end)
    return found.end() - 2 if found else len(content)
