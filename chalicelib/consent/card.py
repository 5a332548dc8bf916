"""The emergency card as a PDF page to print: whose it is, how a professional opens the record, what it never is."""

from io import BytesIO
from textwrap import wrap
from typing import Any

from ..access.person import Person
from .issuing import Issued
from .qr import squares

_MM = 72 / 25.4
_WIDTH, _HEIGHT = A4 = 210 * _MM, 297 * _MM
_CARD = (20 * _MM, _HEIGHT - 90 * _MM, 120 * _MM, 70 * _MM)
_QR = 38 * _MM
_NAME_WIDTH = 30
_WORDS = {
    "fr": (
        "Carte d'urgence",
        "Pour un professionnel de santé, en cas d'urgence : scannez ce code dans votre logiciel, ou recopiez-le.",
        "Chaque ouverture est enregistrée et la personne en est avertie. Carte perdue : révoquez-la dans votre espace.",
    ),
    "en": (
        "Emergency card",
        "For a health professional, in an emergency: scan this code in your software, or type it in.",
        "Every opening is recorded and the person is told. Lost card: revoke it in your space.",
    ),
}


def card(person: Person, issued: Issued) -> bytes:
    """Return the page, in the person's language."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415  printed rarely: no cold start pays for it

    title, how, lost = _WORDS.get(person.language, _WORDS["fr"])
    out = BytesIO()
    page = Canvas(out, pagesize=A4, invariant=True)
    page.setTitle(title)
    left, bottom, width, height = _CARD
    page.roundRect(left, bottom, width, height, 4 * _MM)
    _lines(page, left + 5 * _MM, bottom + height - 9 * _MM, (title,), 14)
    _lines(page, left + 5 * _MM, bottom + height - 17 * _MM, _whose(person), 11)
    _lines(page, left + 5 * _MM, bottom + height - 33 * _MM, wrap(how, 44), 8)
    _lines(page, left + 5 * _MM, bottom + 19 * _MM, wrap(lost, 44), 7)
    _lines(page, left + 5 * _MM, bottom + 4 * _MM, (f"{issued.reference}  {issued.text}",), 9)
    _draw(page, left + width - _QR - 4 * _MM, bottom + 14 * _MM, issued.token)
    page.save()
    return out.getvalue()


def _whose(person: Person) -> tuple[str, ...]:
    given = " ".join(person.given_names[:1])
    return (*wrap(f"{given} {person.family_name}", _NAME_WIDTH)[:2], f"{person.birth_date:%d/%m/%Y}")


def _lines(page: Any, left: float, top: float, lines: tuple[str, ...] | list[str], size: int) -> None:
    page.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        page.drawString(left, top - number * size * 1.25, line)


def _draw(page: Any, left: float, bottom: float, token: str) -> None:
    rows = squares(token)
    side = _QR / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                top = bottom + _QR - (down + 1) * side
                page.rect(left + across * side, top, side, side, stroke=0, fill=1)
