"""U03 and U04 for pictures: floods of pixels and frames."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from . import plain_files
from .deflated import zeros
from .hostile import JPEG, PNG, TIFF, Hostile


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int) -> bytes:
    """Return a black one-bit picture: a gigapixel takes some hundred kilobytes."""
    rows = zeros(height * (1 + (width + 7) // 8))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _jpeg_of(width: int, height: int) -> bytes:
    plain = plain_files.image("JPEG")
    place = plain.index(b"\xff\xc0") + 5
    return plain[:place] + struct.pack(">HH", height, width) + plain[place + 4 :]


def _frames(count: int) -> bytes:
    out, one = io.BytesIO(), Image.new("1", (8, 8))
    one.save(out, "TIFF", save_all=True, append_images=[one] * (count - 1))
    return out.getvalue()


def _tiff_of(width: int, height: int) -> bytes:
    plain = bytearray(plain_files.image("TIFF"))
    for tag, value in ((256, width), (257, height)):
        place = plain.index(struct.pack("<HHI", tag, 4, 1)) if struct.pack("<HHI", tag, 4, 1) in plain else -1
        if place < 0:
            place = plain.index(struct.pack("<HHI", tag, 3, 1))
            plain[place + 2 : place + 4] = struct.pack("<H", 4)
        plain[place + 8 : place + 12] = struct.pack("<I", value)
    return bytes(plain)


def bombs() -> Iterator[Hostile]:
    yield Hostile("png-flood", "U03", PNG, "IMAGE_BOMB", png(30_000, 30_000), png(1000, 1000))
    yield Hostile("png-long", "U03", PNG, "IMAGE_BOMB", png(64, 1_000_000), png(64, 10_000))
    yield Hostile("jpeg-flood", "U03", JPEG, "IMAGE_BOMB", _jpeg_of(65_000, 65_000), plain_files.image("JPEG"))
    yield Hostile("tiff-flood", "U03", TIFF, "IMAGE_BOMB", _tiff_of(200_000, 200_000), plain_files.image("TIFF"))
    yield Hostile("tiff-frames", "U03", TIFF, "IMAGE_BOMB", _frames(250), _frames(20))


def truncated() -> Iterator[Hostile]:
    for media, form in ((JPEG, "JPEG"), (PNG, "PNG"), (TIFF, "TIFF")):
        whole = plain_files.image(form, (300, 200))
        cut = whole[: len(whole) * 2 // 3] if form != "TIFF" else whole[:8] + whole[8 : len(whole) // 2]
        yield Hostile(f"{form.lower()}-truncated", "U04", media, "MALFORMED", cut, whole)
