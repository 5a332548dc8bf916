"""PDF: nothing that runs, opens, sends, embeds or hides; read by qpdf without repair, so that one reading exists.

Plain links that a reader must click (http, https, mailto, tel) pass: laboratory reports and PDF/A files are full of
them and nothing is fetched by opening the file; so does a jump to a named file beside this one, which cross-linked
manuals hold. A link with any other scheme, a UNC path, and every action that fires by itself, are active content.
Encryption under an owner password alone counts as encryption (PDF/A forbids it).
"""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from . import pdf_streams, smuggled
from .verdict import Refused

_END = b"%%EOF"
_CUT = re.compile(rb"\s*\d+ \d+ obj")
_HEAD = 1024
_KEYS = frozenset({"/JS", "/EF", "/XFA", "/RichMediaContent", "/FFilter"})
_MULTIMEDIA = frozenset({"/Rendition", "/Movie", "/Sound", "/GoTo3DView", "/RichMediaExecute"})
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"}) | _MULTIMEDIA
_SUBTYPES = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"})
_SAME_FOLDER = re.compile(r"(?!\s*(?:[\w+.-]*:|[\\/]))")
_LINK = re.compile(r"\s*(?:https?:|mailto:|tel:|(?![\w+.-]*:|\\|//))", re.IGNORECASE)
_SUSPECT = re.compile(
    rb"/(?:JS|EF|XFA|RichMedia\w*|FFilter|JavaScript|Launch|ImportData|SubmitForm|Rendition|Movie|Sound|GoTo[RE3]\w*|"
    rb"Screen|3D|FileAttachment|EmbeddedFile|AA|OpenAction|URI)(?![\w.-])"
)


def check(content: bytes) -> None:
    """Raise POLYGLOT, ENCRYPTED, ACTIVE_CONTENT, ARCHIVE_BOMB, IMAGE_BOMB or MALFORMED."""
    smuggled.refuse_archives(content)
    smuggled.refuse_markup(content[:_HEAD])
    _check_end(content)
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True, attempt_recovery=False) as pdf:
            _check_inside(pdf)
    except (pikepdf.PasswordError, pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError) as error:
        # The word stands outside every stream; behind the shut door qpdf cannot even try a password.
        raise Refused("ENCRYPTED" if b"/Encrypt" in content else "MALFORMED") from error


def _check_end(content: bytes) -> None:
    end = content.rfind(_END)
    if end < 0:
        raise Refused("MALFORMED")
    if _CUT.match(content, end + len(_END)):
        raise Refused("MALFORMED")  # a file made for the web ends once near its start; the true end is missing
    smuggled.refuse_after(content, end + len(_END))


def _check_inside(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise Refused("ENCRYPTED")
    if not len(pdf.pages):
        raise Refused("MALFORMED")
    budget = pdf_streams.Budget()
    for one in pdf.objects:
        if isinstance(one, Object) and _SUSPECT.search(_written(one)):
            _walk(one)
        if isinstance(one, Stream):
            if "/F" in one:
                raise Refused("ACTIVE_CONTENT")  # its bytes are to be read from another file
            budget.spend(one)


def _written(one: Object) -> bytes:
    # One quick search per object finds the few that deserve the slow walk; qpdf writes names without #-escapes.
    return one.stream_dict.unparse() if isinstance(one, Stream) else one.unparse(resolved=True)


def _walk(one: Object) -> None:
    """Check this object and what lies directly in it; indirect objects get their own turn."""
    if isinstance(one, (Dictionary, Stream)):
        _check_dictionary(one)
    for child in _children(one):
        if not child.is_indirect:
            _walk(child)


def _children(one: Object) -> Iterator[Object]:
    if isinstance(one, Array):
        values: list[object] = list(one.as_list())
    elif isinstance(one, (Dictionary, Stream)):
        values = [one.get(key) for key in one.keys()]  # noqa: SIM118  an Object iterates otherwise
    else:
        values = []
    return (value for value in values if isinstance(value, Object))


def _check_dictionary(one: Object) -> None:
    keys = set(one.keys())
    if keys & _KEYS:
        raise Refused("ACTIVE_CONTENT")
    if one.get("/Type") == Name.EmbeddedFile or _name(one, "/Subtype") in _SUBTYPES:
        raise Refused("ACTIVE_CONTENT")
    if one.get("/Type") != Name.StructElem and _name(one, "/S") in _ACTIONS:
        raise Refused("ACTIVE_CONTENT")
    if _name(one, "/S") == "/GoToR" and not _is_beside(one.get("/F")):
        raise Refused("ACTIVE_CONTENT")
    _check_automatic(one)
    for key in ("/URI", "/Base"):
        target = one.get(key)
        if isinstance(target, String) and not _LINK.match(str(target)):
            raise Refused("ACTIVE_CONTENT")


def _is_beside(file: object) -> bool:
    return isinstance(file, String) and bool(_SAME_FOLDER.match(str(file)))


def _check_automatic(one: Object) -> None:
    """Refuse what fires by itself: additional actions, and opening with anything but a jump inside the document."""
    opening, additional = one.get("/OpenAction"), one.get("/AA")
    if isinstance(additional, Dictionary) and len(additional.keys()):
        raise Refused("ACTIVE_CONTENT")
    if isinstance(opening, Dictionary) and _name(opening, "/S") != "/GoTo":
        raise Refused("ACTIVE_CONTENT")


def _name(one: Object, key: str) -> str:
    value = one.get(key)
    return str(value) if isinstance(value, Name) else ""
