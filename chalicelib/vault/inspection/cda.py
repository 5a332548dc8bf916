"""CDA (HL7 v3 clinical document): hardened parsing without a tree, and every embedded body by its own rules."""

import base64
import binascii
import codecs
import re
from importlib import import_module
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .verdict import Refused

for _encoding in ("iso8859-15", "cp1252"):
    codecs.lookup(_encoding)  # not to be looked for once the door is shut

_ROOT = "{urn:hl7-org:v3}ClinicalDocument"
_STYLESHEET = "{http://www.w3.org/1999/XSL/Transform}"
_DEEPEST = 100
_MOST_ELEMENTS = 500_000
_ACTIVE_ELEMENTS = frozenset({"script", "iframe", "object", "embed", "applet", "form"})
_ACTIVE_VALUE = re.compile(r"\s*(javascript|vbscript|file|data)\s*:|\s*\\\\", re.IGNORECASE)
_OTHER_HOST = re.compile(r"""href\s*=\s*["']\s*(\w+:|//|\\\\)""", re.IGNORECASE)
_BODIES = frozenset({"application/pdf", "text/plain", "application/rtf", "image/jpeg", "image/tiff", "image/png"})


class _Body(NamedTuple):
    """An element that carries base64, while it is read."""

    depth: int
    media: str
    parts: list[str]


class _Watch:
    """The parser's target: counts, compares and keeps nothing but the body being read."""

    def __init__(self) -> None:
        self._depth = self._elements = 0
        self._body: _Body | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise Refused("ARCHIVE_BOMB")
        if self._depth == 1:
            _check_root(tag)
        _refuse_active(tag, attributes)
        if attributes.get("representation") == "B64":
            self._body = _body(self._depth, attributes)

    def data(self, text: str) -> None:
        if self._body is not None:
            self._body.parts.append(text)

    def end(self, _tag: str) -> None:
        if self._body is not None and self._body.depth == self._depth:
            _check_body(self._body)
            self._body = None
        self._depth -= 1

    def pi(self, target: str, data: str = "") -> None:
        # A relative style sheet is what most producers write, and nothing follows it; one elsewhere is a call out.
        if target == "xml-stylesheet" and _OTHER_HOST.search(data):
            raise Refused("ACTIVE_CONTENT")

    def close(self) -> None:
        """End of the document: nothing is handed out."""


def check(content: bytes) -> None:
    """Raise XML_ENTITIES, ARCHIVE_BOMB, ACTIVE_CONTENT, TYPE_MISMATCH, MALFORMED, or what an embedded body deserves."""
    parser = DefusedXMLParser(target=_Watch(), forbid_dtd=True)
    try:
        parser.feed(content)
        parser.close()
    except DefusedXmlException as error:
        raise Refused("XML_ENTITIES") from error
    except (ParseError, LookupError) as error:
        raise Refused("MALFORMED") from error


def _check_root(tag: str) -> None:
    # A self-presenting CDA is an XSLT program around the document: programs are refused, whatever they show.
    if tag.startswith(_STYLESHEET):
        raise Refused("ACTIVE_CONTENT")
    if tag != _ROOT:
        raise Refused("TYPE_MISMATCH")


def _refuse_active(tag: str, attributes: dict[str, str]) -> None:
    if tag.rpartition("}")[2].lower() in _ACTIVE_ELEMENTS or any(map(_ACTIVE_VALUE.match, attributes.values())):
        raise Refused("ACTIVE_CONTENT")


def _body(depth: int, attributes: dict[str, str]) -> _Body:
    if "compression" in attributes:
        raise Refused("NOT_ACCEPTED")
    return _Body(depth, attributes.get("mediaType", "text/plain"), [])


def _check_body(body: _Body) -> None:
    try:
        content = base64.b64decode("".join("".join(body.parts).split()), validate=True)
    except binascii.Error as error:
        raise Refused("MALFORMED") from error
    # Late and by name: `whole` chooses checkers, this one among them.
    verdict = import_module(f"{__package__}.whole").inspect(content, body.media)
    if not verdict.ok or verdict.media not in _BODIES:
        raise Refused(verdict.reason or "NOT_ACCEPTED")
