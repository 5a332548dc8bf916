"""Nothing but zeros, compressed: a bomb of any size in no time."""

import struct
import zlib

_PIECE = 1_000_000
_HEADER = b"\x78\xda"
_ADLER = 65_521


def zeros(size: int) -> bytes:
    """Return so many zeros as a zlib stream: one deflated piece as often as needed, each of which stands alone."""
    times, rest = divmod(size, _PIECE)
    machine = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    piece = machine.compress(bytes(_PIECE)) + machine.flush(zlib.Z_FULL_FLUSH)
    last = machine.compress(bytes(rest)) + machine.flush()
    return _HEADER + piece * times + last + struct.pack(">HH", size % _ADLER, 1)  # RFC 1950: Adler-32 of zeros
