"""RTF: no embedded object, no remote template, no field that fetches or runs; one balanced group and nothing after."""

import re
from collections.abc import Iterator

from . import smuggled
from .verdict import Refused

_DEEPEST = 500
_LONGEST_FIELD = 65_536
_ACTIVE = re.compile(
    rb"\\(?:object|objdata|objemb|objlink|objautlink|objsub|objpub|objicemb|objocx|objupdate|objhtml|template|"
    rb"subdocument|mmdatasource|mmconnectstr\w*|mmquery|mmodsoudldata|oleclsid|linkself)(?![a-z])"
)
_TOKEN = re.compile(rb"\\(?:bin(\d+) ?|fldinst(?![a-z])|[^a-z])|[{}]", re.DOTALL)
_BINARY = re.compile(rb"\\bin\d")
_ESCAPED = re.compile(rb"\\[\\{}]")
_NOISE = re.compile(rb"\\'([0-9a-fA-F]{2})|\\\n|\\([\\{}])|\\[a-z]+(-?\d+)? ?|[{}\r\n]")
_FIELDS = frozenset(
    b"PAGE NUMPAGES SECTION SECTIONPAGES DATE TIME CREATEDATE SAVEDATE PRINTDATE EDITTIME TOC TC PAGEREF REF NOTEREF "
    b"STYLEREF SEQ SYMBOL EQ AUTHOR TITLE SUBJECT KEYWORDS COMMENTS FILENAME FILESIZE DOCPROPERTY NUMWORDS NUMCHARS "
    b"USERNAME USERINITIALS USERADDRESS LASTSAVEDBY REVNUM FORMTEXT FORMCHECKBOX FORMDROPDOWN MERGEFIELD ADVANCE "
    b"SHAPE LISTNUM AUTONUM AUTONUMLGL AUTONUMOUT INDEX XE TA TOA BIBLIOGRAPHY CITATION".split()
)  # fmt: skip
_ELSEWHERE = re.compile(rb"(?<![\w+.-])(?!(?:https?|mailto|tel):)[a-z][\w+.-]*:|\\\\", re.IGNORECASE)
"""another scheme, a drive or a UNC path in the target of a link"""


def check(content: bytes) -> None:
    """Raise ACTIVE_CONTENT, MALFORMED or POLYGLOT."""
    smuggled.refuse_archives(content)
    if _ACTIVE.search(_words(content)):
        raise Refused("ACTIVE_CONTENT")
    smuggled.refuse_after(content, _end(content))


def _words(content: bytes) -> bytes:
    # A text may write about control words ("\\\\object"). With binary data aboard, readers differ on where words begin:
    # then every appearance counts.
    return content if _BINARY.search(content) else _ESCAPED.sub(b" ", content)


def _end(content: bytes) -> int:
    depth, ends = 0, 0
    for token, place in _tokens(content):
        depth += (token == b"{") - (token == b"}")
        if depth > _DEEPEST:
            raise Refused("MALFORMED")
        if token == b"\\fldinst":
            _check_field(content, place)
        if depth == 0:
            ends = place
            break
    if not ends:
        raise Refused("MALFORMED")
    return ends


def _tokens(content: bytes, place: int = 0) -> Iterator[tuple[bytes, int]]:
    """Yield braces and field instructions with the place after them; skip escapes and binary data."""
    while found := _TOKEN.search(content, place):
        place = found.end() + int(found[1] or 0)
        yield found[0], place


def _check_field(content: bytes, place: int) -> None:
    instruction = _plain(_group(content, place)).lstrip(b"\\* \t")
    name = instruction.split(None, 1)[0].upper() if instruction else b""
    link = name == b"HYPERLINK" and not _ELSEWHERE.search(instruction)
    if name and name not in _FIELDS and not link:
        raise Refused("ACTIVE_CONTENT")


def _group(content: bytes, start: int) -> bytes:
    depth = 0
    for token, after in _tokens(content, start):
        depth += (token == b"{") - (token == b"}")
        if depth < 0:
            return content[start : after - 1]
        if after - start > _LONGEST_FIELD:
            break
    raise Refused("MALFORMED")


def _plain(group: bytes) -> bytes:
    return _NOISE.sub(_text_of, group).strip()


def _text_of(noise: re.Match[bytes]) -> bytes:
    return bytes.fromhex(noise[1].decode()) if noise[1] else noise[2] or b""
