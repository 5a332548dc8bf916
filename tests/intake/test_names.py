"""U06: whatever a title holds, the name that leaves is harmless and the header stays one line."""

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.vault.formats import FORMATS
from chalicelib.vault.inspection.names import content_disposition, safe_name

HOSTILE = {
    "parent-folder": "../../etc/passwd",
    "windows-folder": "..\\..\\windows\\system32\\a",
    "right-to-left": "facture\u202efdp.exe",
    "new-line": "a\r\nSet-Cookie: b=c",
    "nul": "a\x00.exe",
    "64-kib": "a" * 65_536,
    "expanding-64-kib": "\ufdfa" * 65_536,
    "quotes": 'a"; filename="b.exe',
    "device": "CON",
    "dots": "...",
    "two-extensions": "report.pdf.exe",
    "lone-surrogate": "a\ud800b",
    "zero-width": "re\u200bsult\u2066at",
    "nothing": "",
}
BENIGN = {
    "Compte rendu du 12 mars": "Compte rendu du 12 mars.pdf",
    "Résultats d'analyses": "Résultats d-analyses.pdf",
    "Vaccin 💉": "Vaccin 💉.pdf",
}
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def _holds(name: str, extension: str) -> None:
    assert not FORBIDDEN.search(name)
    assert name.endswith(f".{extension}")
    assert name.count(".") == 1
    assert 0 < len(name.removesuffix(f".{extension}")) <= 81
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)\.", name, re.IGNORECASE)
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert unquote(header.rpartition("''")[2]) == name
    read = Message()
    read["Content-Disposition"] = header
    assert read.get_content_disposition() == "attachment"


@pytest.mark.abuse("U06")
@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_title_gives_a_harmless_name(title: str) -> None:
    _holds(safe_name(title, "application/pdf"), "pdf")


@pytest.mark.abuse("U06")
@pytest.mark.parametrize(("title", "name"), BENIGN.items())
def test_a_benign_title_is_kept(title: str, name: str) -> None:
    assert safe_name(title, "application/pdf") == name


@pytest.mark.abuse("U06")
@given(st.text(), st.sampled_from(FORMATS))
def test_any_title_gives_a_harmless_name(title: str, kind: object) -> None:
    _holds(safe_name(title, kind.media), kind.extension)


def test_a_document_without_a_title_has_a_name_all_the_same() -> None:
    assert safe_name(None, "text/xml") == "document.xml"
    assert content_disposition("é.pdf") == "attachment; filename=\"e.pdf\"; filename*=UTF-8''%C3%A9.pdf"
