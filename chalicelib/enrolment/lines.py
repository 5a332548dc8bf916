"""Lines of a file that is never read whole: one window of bytes after the other, each giving whole lines."""

from dataclasses import dataclass

from .insured import LINE

WINDOW = 256 * 1024
"""bytes read at once"""
MOST = 200
"""lines taken from one window"""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: a byte, the number of the last line taken, whether that line has not ended yet."""

    offset: int = 0
    line: int = 0
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Numbered lines without their ends, blank ones left out; one too long comes cut. `end`: the file ends here."""

    lines: tuple[tuple[int, bytes], ...]
    next: Place
    end: bool


def cut(place: Place, window: bytes, *, most: int = MOST, size: int = WINDOW) -> Chunk:
    """Cut what was read at a place into at most `most` lines; fewer than `size` bytes: the file ends with them."""
    last = len(window) < size
    at, inside = _past(window) if place.inside else (0, False)
    lines, at = _whole(window, at, most)
    rest = window[at:] if len(lines) < most and not inside else b""
    if rest and (last or len(rest) > LINE):
        lines, at, inside = [*lines, rest[: LINE + 1]], len(window), not last
    following = Place(place.offset + at, place.line + len(lines), inside)
    return Chunk(tuple(_numbered(place, lines)), following, last and at == len(window))


def _past(window: bytes) -> tuple[int, bool]:
    """Return where the line that began earlier ends, and whether it goes on beyond the window."""
    end = window.find(b"\n")
    return (end + 1, False) if end >= 0 else (len(window), True)


def _whole(window: bytes, at: int, most: int) -> tuple[list[bytes], int]:
    lines: list[bytes] = []
    while len(lines) < most and (end := window.find(b"\n", at)) >= 0:
        lines.append(window[at:end])
        at = end + 1
    return lines, at


def _numbered(place: Place, lines: list[bytes]) -> list[tuple[int, bytes]]:
    bare = [line.removesuffix(b"\r") for line in lines]
    if place.offset == 0 and bare:
        bare[0] = bare[0].removeprefix(_BOM)
    return [(place.line + number, line) for number, line in enumerate(bare, 1) if line.strip()]
