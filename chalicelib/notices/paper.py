"""A letter as it is printed: one page, the address in the window of the envelope, plain language, a QR code.

The library loads at the first letter. The same words give the same bytes.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

_MM = 72 / 25.4
_LEFT, _WIDTH, _TOP = 25 * _MM, 160 * _MM, 297 * _MM
_WINDOW = 105 * _MM, _TOP - 52 * _MM
_SIZE, _LEADING = 11, 16
_FONTS = {"Carnet": "Vera.ttf", "Carnet-Bold": "VeraBd.ttf"}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that stands on the page."""

    sender: str
    to: Sequence[str]
    subject: str
    paragraphs: Sequence[str]
    link: str
    reference: str
    language: str = "fr"


def letter(words: Words) -> bytes:
    """Return the letter as PDF, one page."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  most starts never write a letter

    glyphs, out = _fonts(), BytesIO()
    page = Canvas(out, pagesize=(210 * _MM, _TOP), invariant=1, pageCompression=1, lang=words.language)
    page.setTitle(words.subject)
    _lines(page, _LEFT, _TOP - 25 * _MM, [_shown(words.sender, glyphs)], "Carnet-Bold")
    _lines(page, *_WINDOW, [_shown(line, glyphs) for line in words.to])
    _lines(page, _LEFT, _TOP - 105 * _MM, [_shown(words.subject, glyphs)], "Carnet-Bold")
    end = _paragraphs(page, [_shown(one, glyphs) for one in words.paragraphs], _TOP - 115 * _MM)
    _qr(page, words.link, end - 40 * _MM)
    page.setFont("Carnet", 7)
    page.drawString(_LEFT, 12 * _MM, words.reference)
    page.showPage()
    page.save()
    return out.getvalue()


def _fonts() -> Any:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    for name, file in _FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    return pdfmetrics.getFont("Carnet").face.charToGlyph


def _shown(text: str, glyphs: Any) -> str:
    """Write a letter that the font does not have without its accent, rather than as an empty box."""
    return "".join(sign if ord(sign) in glyphs else _plain(sign) for sign in unicodedata.normalize("NFC", text))


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def _lines(page: Any, left: float, top: float, lines: Sequence[str], font: str = "Carnet") -> None:
    page.setFont(font, _SIZE)
    for number, line in enumerate(lines):
        page.drawString(left, top - number * _LEADING, line)


def _paragraphs(page: Any, paragraphs: Sequence[str], top: float) -> float:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415
    from reportlab.platypus import Paragraph  # noqa: PLC0415

    style = ParagraphStyle("letter", fontName="Carnet", fontSize=_SIZE, leading=_LEADING, splitLongWords=True)
    for one in paragraphs:
        made = Paragraph(escape(one), style)
        _, height = made.wrap(_WIDTH, top)
        made.drawOn(page, _LEFT, top - height)
        top -= height + _LEADING * 0.7
    return top


def _qr(page: Any, link: str, bottom: float) -> None:
    from reportlab.graphics import renderPDF  # noqa: PLC0415
    from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: PLC0415
    from reportlab.graphics.shapes import Drawing  # noqa: PLC0415

    side = 36 * _MM
    code = QrCodeWidget(link, barLevel="M")
    code.barWidth = code.barHeight = side
    renderPDF.draw(Drawing(side, side, code), page, _LEFT, bottom)
