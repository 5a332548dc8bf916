"""Small benign files of every accepted type, made by the libraries that hostile ones are made with."""

import base64
import io
import zipfile
from collections.abc import Callable

import pikepdf
from PIL import Image

LINK = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/results"))


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **save: object) -> bytes:
    """Return a two-page document with a clickable link, after `change` did its work."""
    with pikepdf.new() as made:
        for _ in range(2):
            made.add_blank_page(page_size=(595, 842))
        made.pages[0].Annots = made.make_indirect([annotation(LINK)])
        change(made)
        out = io.BytesIO()
        made.save(out, **save)  # type: ignore[arg-type]
        return out.getvalue()


def annotation(action: pikepdf.Dictionary, subtype: str = "/Link") -> pikepdf.Dictionary:
    """Return a clickable area that carries out the action."""
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(subtype), Rect=[10, 10, 100, 30], Border=[0, 0, 0], A=action
    )


def image(form: str, size: tuple[int, int] = (64, 48), **save: object) -> bytes:
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize(size)
    picture.save(out, form, **save)
    return out.getvalue()


def rtf(body: bytes = b"") -> bytes:
    return b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs24 R\\'e9sultat : normal.\\par " + body + b"}"


def field(instruction: bytes) -> bytes:
    return b"{\\field{\\*\\fldinst{ " + instruction + b" }}{\\fldrslt{x}}}"


def cda(
    body: str = "<component><structuredBody/></component>", before: str = "", root: str = "ClinicalDocument"
) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}<{root} xmlns="urn:hl7-org:v3">'
    return f"{head}<title>Compte rendu</title>{body}</{root}>".encode()


def n1(content: bytes, media: str) -> bytes:
    """Return a level 1 CDA around the content."""
    text = f'<text mediaType="{media}" representation="B64">{base64.encodebytes(content).decode()}</text>'
    return cda(f"<component><nonXMLBody>{text}</nonXMLBody></component>")


def archive(name: str = "payload.exe", content: bytes = b"MZ\x90\x00") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


TEXT = "Résultat du prélèvement : normal. Voir <https://example.org>.\n".encode() * 20
