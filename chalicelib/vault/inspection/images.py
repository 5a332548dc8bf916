"""JPEG, TIFF and PNG: the true end of the file, then a bounded decoding of every frame by Pillow."""

import io
import struct

from PIL import Image, ImageFile, MpoImagePlugin, TiffImagePlugin  # noqa: F401  beside what preinit loads

from . import ends, smuggled
from .verdict import Refused

_MOST_PIXELS = 50_000_000
"""in one frame: A4 at 700 dpi; decoded it stays within 200 MB"""
_MOST_PIXELS_IN_ALL = 300_000_000
_MOST_FRAMES = 200
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, IndexError, OverflowError, struct.error)

Image.MAX_IMAGE_PIXELS = None
Image.preinit()  # Pillow loads plug-ins late; nothing can be loaded once the door is shut


def check(content: bytes) -> None:
    """Raise POLYGLOT, IMAGE_BOMB or MALFORMED."""
    smuggled.refuse_archives(content)
    smuggled.refuse_markup(content)
    ends.check(content)
    try:
        _decode(content)
    except _DAMAGE as error:
        raise Refused("MALFORMED") from error


def _decode(content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "TIFF")) as image:
        total = 0
        for frame in range(_MOST_FRAMES + 1):
            if not _at(image, frame):
                return
            total += _pixels(image)
            if frame == _MOST_FRAMES or total > _MOST_PIXELS_IN_ALL:
                break
            image.load()
    raise Refused("IMAGE_BOMB")


def _at(image: ImageFile.ImageFile, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def _pixels(image: ImageFile.ImageFile) -> int:
    pixels = image.width * image.height
    if pixels > _MOST_PIXELS:
        raise Refused("IMAGE_BOMB")
    return pixels
