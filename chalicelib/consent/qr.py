"""A token as a QR code: an opaque word, no address, readable by any camera and useful to no browser."""

from io import BytesIO
from typing import Any

_LEVEL = "m"
_SCALE = 5


def pictures(token: str) -> tuple[bytes, str]:
    """Return it as PNG and as SVG: of one code, for laying it out costs more than drawing it."""
    made, png, svg = _made(token), BytesIO(), BytesIO()
    made.save(png, kind="png", scale=_SCALE)
    made.save(svg, kind="svg", scale=_SCALE, xmldecl=False)
    return png.getvalue(), svg.getvalue().decode()


def squares(token: str) -> list[list[bool]]:
    """Return the dark and light squares, row by row, without the margin."""
    return [[bool(dark) for dark in row] for row in _made(token).matrix]


def _made(token: str) -> Any:
    import segno  # noqa: PLC0415  drawn rarely: no cold start pays for it

    return segno.make(token, error=_LEVEL, micro=False)
