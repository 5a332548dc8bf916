"""How large the streams of a PDF become, counted in pieces without ever holding them."""

import zlib
from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Array, Name, Object

from .verdict import Refused

_MOST_IN_ONE = 256_000_000
"""bytes: a colour A3 page at 600 dpi is 209 MB"""
_MOST_IN_ALL = 1_000_000_000
"""bytes: about thirty scanned pages that were not compressed as pictures"""
_MOST_PIXELS = 200_000_000
"""in one image: a black-and-white A4 at 1200 dpi is 139 million"""
_PIECE = 65_536
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_PICTURES = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"})


class Budget:
    """What all streams of one file may grow to together."""

    def __init__(self) -> None:
        self._left = _MOST_IN_ALL

    def spend(self, stream: Object) -> None:
        """Count one stream. Raise ARCHIVE_BOMB or IMAGE_BOMB."""
        _check_picture(stream)
        most = min(self._left, _MOST_IN_ONE)
        size = _size(stream, most)
        if size > most:
            raise Refused("ARCHIVE_BOMB")
        self._left -= size


def _check_picture(stream: Object) -> None:
    if _number(stream.get("/Width")) * _number(stream.get("/Height")) > _MOST_PIXELS:
        raise Refused("IMAGE_BOMB")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _size(stream: Object, most: int) -> int:
    filters = _filters(stream)
    while filters and filters[-1] in _PICTURES:
        filters.pop()
    if all(one in _FLATE for one in filters):
        return _flate_size(stream.read_raw_bytes(), len(filters), most)
    return len(_decoded(stream))


def _filters(stream: Object) -> list[str]:
    value = stream.get("/Filter")
    if isinstance(value, Array):
        return [str(one) for one in value.as_list()]
    return [str(value)] if isinstance(value, Name) else []


def _flate_size(raw: bytes, times: int, most: int) -> int:
    pieces: Iterable[bytes] = (raw,)
    for _ in range(times):
        pieces = _inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
    return size


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    machine = zlib.decompressobj()
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not machine.eof:
                yield machine.decompress(waiting, _PIECE)
                waiting = machine.unconsumed_tail
    except zlib.error:
        return  # a damaged stream: it does not grow any further


def _decoded(stream: Object) -> bytes:
    # LZW, run length and ASCII codings are rare and qpdf's: the memory limit of the child stops what explodes.
    try:
        return stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
    except pikepdf.PdfError as error:
        if "bad_alloc" in str(error):  # qpdf dresses the exhausted memory as a decoding error
            raise Refused("ARCHIVE_BOMB") from error
        return b""
