"""A token as a QR code: an opaque word, no address, readable by any camera and useful to no browser."""

from io import BytesIO
from typing import Any

_LEVEL = "m"
_SCALE = 5


def png(token: str) -> bytes:
    """Return the picture."""
    out = BytesIO()
    _made(token).save(out, kind="png", scale=_SCALE)
    return out.getvalue()


def svg(token: str) -> str:
    """Return the drawing."""
    out = BytesIO()
    _made(token).save(out, kind="svg", scale=_SCALE, xmldecl=False)
    return out.getvalue().decode()


def squares(token: str) -> list[list[bool]]:
    """Return the dark and light squares, row by row, without the margin."""
    return [[bool(dark) for dark in row] for row in _made(token).matrix]


def _made(token: str) -> Any:
    import segno  # noqa: PLC0415  drawn rarely: no cold start pays for it

    return segno.make(token, error=_LEVEL, micro=False)
