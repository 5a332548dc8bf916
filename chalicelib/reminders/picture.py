"""One campaign as a picture: for each age how many were due, told and done (SVG, no script, no font of its own)."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

SERIES = (("à faire / due", "#8a8f98"), ("rappelés / sent", "#000091"), ("faits / done", "#18753c"))
"""in this order in each group; told apart by length and label, not by colour alone"""
_WIDTH, _LEFT, _RIGHT, _TOP = 760, 90, 110, 70
_BAR, _GAP = 14, 12


def picture(title: str, ages: Mapping[str, tuple[int, int, int]]) -> str:
    """Return the picture; without numbers it says that there are none to tell."""
    height = _TOP + max(1, len(ages)) * (len(SERIES) * _BAR + _GAP) + _GAP
    body = "\n".join([*_legend(), *(_groups(ages) if ages else [_text(_LEFT, _TOP + _BAR, _NONE)])])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="11">\n<title>{escape(title)}</title>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="16" y="24" font-size="15" font-weight="bold">{escape(title)}</text>\n{body}\n</svg>\n'
    )


_NONE = "Pas de nombre à publier / no number to publish"


def _legend() -> Iterator[str]:
    for number, (name, colour) in enumerate(SERIES):
        left = _LEFT + number * 160
        yield f'<rect x="{left}" y="38" width="10" height="10" fill="{colour}"/>'
        yield _text(left + 16, 47, name)


def _groups(ages: Mapping[str, tuple[int, int, int]]) -> Iterator[str]:
    most = max(1, *(max(numbers) for numbers in ages.values()))
    for place, (age, numbers) in enumerate(sorted(ages.items(), key=_first_year)):
        top = _TOP + place * (len(SERIES) * _BAR + _GAP)
        yield _text(16, top + 2 * _BAR - 3, f"{age} ans")
        for row, (number, (_, colour)) in enumerate(zip(numbers, SERIES, strict=True)):
            width = round((_WIDTH - _LEFT - _RIGHT) * number / most, 1)
            y = top + row * _BAR
            yield f'<rect x="{_LEFT}" y="{y}" width="{width}" height="{_BAR - 3}" fill="{colour}"/>'
            yield _text(_LEFT + width + 6, y + 9, f"{number:,}".replace(",", " ") if number else "-")


def _first_year(item: tuple[str, object]) -> int:
    return int(item[0].rstrip("+").partition("-")[0])


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(words)}</text>'
