"""U02, U03 and U04 for RTF, XML and text."""

from collections.abc import Iterator

from . import plain_files
from .hostile import PDF, RTF, TEXT, XML, Hostile
from .plain_files import cda, field, n1, rtf

_RTF = {
    "object": b"{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata 0105000002000000}}",
    "object-data-alone": b"{\\*\\objdata 0105000002000000}",
    "linked-object": b"{\\object\\objautlink\\objupdate{\\*\\objclass Word.Document.8}}",
    "remote-template": b"{\\*\\template https://example.org/a.dotm}",
    "dde": field(b"DDEAUTO c:\\\\\\\\windows\\\\\\\\system32\\\\\\\\cmd.exe"),
    "dde-in-pieces": field(b"{D}{\\b D}\\'45 cmd"),
    "picture-from-afar": field(b'INCLUDEPICTURE "https://example.org/beacon.png"'),
    "text-from-afar": field(b'INCLUDETEXT "\\\\\\\\\\\\\\\\host\\\\\\\\share"'),
    "link-to-a-share": field(b'HYPERLINK "\\\\\\\\\\\\\\\\host\\\\\\\\share"'),
    "link-to-a-file": field(b'HYPERLINK "file:///etc/passwd"'),
    "macro-button": field(b"MACROBUTTON Go here"),
    "hidden-behind-binary": b"{\\bin1 \\\\object}",
}
_XML = {
    "stylesheet-elsewhere": cda(before='<?xml-stylesheet type="text/xsl" href="https://example.org/a.xsl"?>'),
    "script-element": cda('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
    "script-link": cda('<component><linkHtml href="javascript:alert(1)">a</linkHtml></component>'),
    "share-reference": cda('<component><reference value="\\\\host\\share"/></component>'),
    "program-around-it": b'<?xml version="1.0"?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
    b' version="1.0"><ClinicalDocument xmlns="urn:hl7-org:v3"/></xsl:stylesheet>',
}
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_ENTITIES = {
    "billion-laughs": f'<!DOCTYPE a [<!ENTITY a0 "ha">{_LAUGHS}]>',
    "local-file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "remote-dtd": '<!DOCTYPE a SYSTEM "https://example.org/a.dtd">',
    "parameter-entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "https://example.org/a"> %x;]>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"a" * 100_000}">]>',
}


def active() -> Iterator[Hostile]:
    for name, body in _RTF.items():
        twin = rtf(field(b'HYPERLINK "https://example.org"') + b" a \\\\object in words ")
        yield Hostile(f"rtf-{name}", "U02", RTF, "ACTIVE_CONTENT", rtf(body), twin)
    for name, content in _XML.items():
        twin = cda(before='<?xml-stylesheet type="text/xsl" href="CDA.xsl"?>')
        yield Hostile(f"cda-{name}", "U02", XML, "ACTIVE_CONTENT", content, twin)


def bodies(inner: list[Hostile]) -> Iterator[Hostile]:
    """Wrap other hostile files into a level 1 CDA: the body is judged as if it came alone."""
    for one in inner:
        yield Hostile(
            f"cda-around-{one.name}",
            one.abuse_id,
            XML,
            one.reason,
            n1(one.content, one.media),
            n1(one.twin, one.media_of_twin),
        )
    yield Hostile("cda-in-a-cda", "U03", XML, "NOT_ACCEPTED", n1(cda(), XML), n1(plain_files.TEXT, TEXT))
    lying = n1(plain_files.image("PNG"), PDF)
    yield Hostile("cda-lying-about-its-body", "U01", XML, "TYPE_MISMATCH", lying, n1(plain_files.pdf(), PDF))


def bombs() -> Iterator[Hostile]:
    for name, before in _ENTITIES.items():
        body = "&a9;" if name == "billion-laughs" else ""
        yield Hostile(f"xml-{name}", "U03", XML, "XML_ENTITIES", cda(body, before), cda())
    deep = cda("<component>" * 5000 + "</component>" * 5000)
    yield Hostile("xml-deep", "U03", XML, "ARCHIVE_BOMB", deep, cda("<component>" * 50 + "</component>" * 50))
    many = cda("<a/>" * 600_000)
    yield Hostile("xml-many", "U03", XML, "ARCHIVE_BOMB", many, cda("<a/>" * 10_000))
    nested = rtf(b"{" * 100_000 + b"}" * 100_000)
    yield Hostile("rtf-deep", "U03", RTF, "MALFORMED", nested, rtf(b"{" * 100 + b"}" * 100))


def truncated() -> Iterator[Hostile]:
    for media, whole in ((PDF, plain_files.pdf()), (RTF, rtf(b"{\\b a}")), (XML, cda())):
        yield Hostile(f"{media.partition('/')[2]}-truncated", "U04", media, "MALFORMED", whole[:-12], whole)
    binary = bytes(range(0x81, 0x9F)) * 3
    yield Hostile("text-in-no-encoding", "U04", TEXT, "MALFORMED", binary, "déjà vu".encode("cp1252"))
