"""U01, U04 and U05: files that are two, files that are not what they say, sizes, and the anti-virus test string."""

from collections.abc import Iterator

from . import plain_files
from .hostile import JPEG, PDF, PNG, RTF, TEXT, TIFF, XML, Hostile
from .plain_files import archive, cda, image, pdf, rtf

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_COMMENT = b"\xff\xfe"


def polyglots() -> Iterator[Hostile]:
    plain, picture = pdf(), image("JPEG")
    late = b"%\xe2\xe3\xcf\xd3\n" + b"PK\x03\x04 " + plain
    commented = picture[:2] + _COMMENT + (2 + len(HTML)).to_bytes(2, "big") + HTML + picture[2:]
    script = picture[:2] + b"\xff\xe0/*" + bytes(0x2F2A - 2) + picture[2:]
    tarred = plain[:15] + b"%" + plain[16:257] + b"ustar" + plain[262:]
    made = [
        ("pdf-and-zip", PDF, plain + archive(), plain),
        ("pdf-and-zip-with-a-second-end", PDF, plain + archive() + b"\n%%EOF\n", plain),
        ("pdf-and-program", PDF, plain + b"MZ\x90\x00" + bytes(64), plain),
        ("pdf-and-page", PDF, plain + HTML, plain),
        ("pdf-with-page-in-its-head", PDF, plain[:9] + b"%" + HTML + b"\n" + plain[9:], plain),
        ("pdf-and-tar", PDF, tarred, plain),
        ("text-then-pdf", TEXT, b"Bonjour\n" + plain_files.TEXT[:100] + b"%PDF-1.4\n", plain_files.TEXT),
        ("jpeg-and-zip", JPEG, picture + archive(), picture),
        ("jpeg-and-jar-with-padding", JPEG, picture + bytes(512) + archive("a.class", b"\xca\xfe\xba\xbe"), picture),
        ("jpeg-with-page-in-a-comment", JPEG, commented, picture),
        ("jpeg-and-script", JPEG, script, picture),
        ("png-and-zip", PNG, image("PNG") + archive(), image("PNG")),
        ("png-and-page", PNG, image("PNG") + HTML, image("PNG")),
        ("tiff-and-zip", TIFF, image("TIFF") + archive(), image("TIFF")),
        ("rtf-and-zip", RTF, rtf() + archive(), rtf()),
        ("rtf-and-page", RTF, rtf() + HTML, rtf()),
    ]
    yield from (Hostile(name, "U01", media, "POLYGLOT", content, twin) for name, media, content, twin in made)
    yield Hostile("zip-then-pdf", "U01", PDF, "TYPE_MISMATCH", bytes(2000) + late, plain)


def disguised() -> Iterator[Hostile]:
    made = [
        ("report.pdf.exe", PDF, b"MZ\x90\x00" + bytes(500), pdf()),
        ("photo.jpg.html", JPEG, HTML, image("JPEG")),
        ("page-as-text", TEXT, HTML, plain_files.TEXT),
        ("shell-as-text", TEXT, b"#!/bin/sh\nrm -rf /\n", plain_files.TEXT),
        ("drawing-as-text", TEXT, b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', plain_files.TEXT),
        ("binary-as-text", TEXT, b"\x7fELF\x02\x01\x01" + bytes(64), plain_files.TEXT),
        ("jpeg-as-png", PNG, image("JPEG"), image("PNG")),
        ("animation-as-jpeg", JPEG, image("GIF"), image("JPEG")),
        ("archive-as-rtf", RTF, archive(), rtf()),
        ("other-xml-as-cda", XML, cda(root="Bundle"), cda()),
    ]
    yield from (Hostile(name, "U01", media, "TYPE_MISMATCH", content, twin) for name, media, content, twin in made)


def strangers() -> Iterator[Hostile]:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    for name, media, content in (
        ("word", word, archive()),
        ("svg", "image/svg+xml", b"<svg/>"),
        ("html", "text/html", HTML),
    ):
        yield Hostile(f"{name}-is-not-accepted", "U01", media, "NOT_ACCEPTED", content, plain_files.TEXT, TEXT)


def sizes() -> Iterator[Hostile]:
    line = plain_files.TEXT
    for media, twin in ((PDF, pdf()), (TEXT, line), (PNG, image("PNG"))):
        yield Hostile(f"{media.partition('/')[2]}-empty", "U04", media, "EMPTY", b"", twin)
    long = line * (20_000_000 // len(line))
    for media, start, twin in ((TEXT, b"", long), (PDF, b"%PDF-1.4\n", pdf()), (RTF, b"{\\rtf1 ", rtf())):
        yield Hostile(f"{media.partition('/')[2]}-too-large", "U04", media, "TOO_LARGE", start + long + line, twin)


def malware() -> Iterator[Hostile]:
    """The scanner finds these, inspection does not: they are text, and their reason is given by the caller."""
    for name, content in (("eicar", EICAR), ("eicar-line", EICAR + b"\r\n"), ("eicar-spaces", EICAR + b" " * 40)):
        yield Hostile(name, "U05", TEXT, "MALWARE", content, content.replace(b"EICAR", b"EICER"))
