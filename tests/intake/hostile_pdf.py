"""U02 and U03 for PDF: what runs, opens, embeds, hides or explodes."""

import zlib
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

from . import plain_files
from .deflated import zeros
from .hostile import PDF, Hostile

Change = Callable[[Pdf], None]


def _action(kind: str, **more: object) -> Dictionary:
    return Dictionary(
        {"/Type": Name.Action, "/S": Name(f"/{kind}"), **{f"/{key}": value for key, value in more.items()}}
    )


def _opens_with(kind: str, **more: object) -> Change:
    return lambda pdf: pdf.Root.__setattr__("OpenAction", _action(kind, **more))


def _clicks(kind: str, **more: object) -> Change:
    return lambda pdf: pdf.pages[0].Annots.append(plain_files.annotation(_action(kind, **more)))


def _draws(subtype: str, **more: object) -> Change:
    made = Dictionary({"/Type": Name.Annot, "/Subtype": Name(f"/{subtype}"), "/Rect": Array([0, 0, 9, 9])})

    def change(pdf: Pdf) -> None:
        for key, value in more.items():
            made[f"/{key}"] = value
        pdf.pages[0].Annots.append(made)

    return change


def _attach(pdf: Pdf) -> None:
    pdf.attachments["invoice.exe"] = b"MZ\x90\x00"


def _script_tree(pdf: Pdf) -> None:
    scripts = Array([String("a"), _action("JavaScript", JS=String("app.alert(1)"))])
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=scripts))


def _form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))


def _page_script(pdf: Pdf) -> None:
    pdf.pages[1].AA = Dictionary(O=_action("JavaScript", JS=String("app.alert(1)")))


def _field_script(pdf: Pdf) -> None:
    script = Dictionary(K=_action("JavaScript", JS=pdf.make_stream(b"app.alert(1)")))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("a"), AA=script))]))


def _elsewhere(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"", F=String("\\\\host\\share\\page"))


def _base(pdf: Pdf) -> None:
    pdf.Root.URI = Dictionary(Base=String("file://host/share/"))


SCRIPT = String("app.launchURL('https://example.org')")
ACTIVE: dict[str, Change] = {
    "script-when-opened": _opens_with("JavaScript", JS=SCRIPT),
    "launch-when-opened": _opens_with("Launch", F=String("cmd.exe")),
    "link-followed-when-opened": _opens_with("URI", URI=String("https://example.org/beacon")),
    "other-file-when-opened": _opens_with("GoToR", F=String("\\\\host\\share\\a.pdf")),
    "printing-when-opened": _opens_with("Named", N=Name.Print),
    "submit-when-opened": _opens_with("SubmitForm", F=String("https://example.org")),
    "script-on-click": _clicks("JavaScript", JS=SCRIPT),
    "launch-on-click": _clicks("Launch", F=String("/bin/sh")),
    "file-link": _clicks("URI", URI=String("file:///etc/passwd")),
    "script-link": _clicks("URI", URI=String("javascript:alert(1)")),
    "data-link": _clicks("URI", URI=String("data:text/html;base64,PHNjcmlwdD4=")),
    "share-link": _clicks("URI", URI=String("\\\\host\\share\\a")),
    "handler-link": _clicks("URI", URI=String("ms-msdt:/id PCWDiagnostic")),
    "protocol-relative-link": _clicks("URI", URI=String("//host/share")),
    "submit-on-click": _clicks("SubmitForm", F=String("https://example.org")),
    "import-data": _clicks("ImportData", F=String("a.fdf")),
    "embedded-jump": _clicks("GoToE", T=Dictionary(R=Name.C, N=String("a.pdf"))),
    "remote-jump": _clicks("GoToR", F=String("https://example.org/a.pdf")),
    "rendition": _clicks("Rendition", OP=0),
    "sound": _clicks("Sound", Volume=1),
    "movie": _draws("Movie"),
    "screen": _draws("Screen"),
    "rich-media": _draws("RichMedia", RichMediaContent=Dictionary()),
    "three-dimensions": _draws("3D"),
    "attachment-annotation": _draws("FileAttachment", FS=Dictionary(Type=Name.Filespec, F=String("a.exe"))),
    "attachment": _attach,
    "script-tree": _script_tree,
    "xfa-form": _form,
    "page-script": _page_script,
    "field-script": _field_script,
    "content-elsewhere": _elsewhere,
    "file-base": _base,
}


def active() -> Iterator[Hostile]:
    twin = plain_files.pdf()
    for name, change in ACTIVE.items():
        yield Hostile(f"pdf-{name}", "U02", PDF, "ACTIVE_CONTENT", plain_files.pdf(change), twin)
    packed = plain_files.pdf(_script_tree, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    packed_twin = plain_files.pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    yield Hostile("pdf-script-in-object-stream", "U02", PDF, "ACTIVE_CONTENT", packed, packed_twin)
    # Names of the same length, so that the cross-reference table still holds when they are exchanged for escapes.
    escaped = plain_files.pdf(_opens_with("JavaScriptzz", JSzz=SCRIPT))
    escaped = escaped.replace(b"/JSzz", b"/J#53").replace(b"/JavaScriptzz", b"/JavaScrip#74")
    yield Hostile("pdf-script-with-escaped-names", "U02", PDF, "ACTIVE_CONTENT", escaped, twin)


def encrypted() -> Iterator[Hostile]:
    twin = plain_files.pdf()
    for name, how in {
        "user-password": Encryption(user="a", owner="b"),
        "owner-password-only": Encryption(user="", owner="b"),
        "rc4": Encryption(user="", owner="b", R=3, aes=False, metadata=False),
        "aes-128": Encryption(user="a", owner="b", R=4),
    }.items():
        yield Hostile(f"pdf-{name}", "U02", PDF, "ENCRYPTED", plain_files.pdf(encryption=how), twin)


def _page_of(raw: bytes, filters: object, times: int = 1) -> Change:
    def change(pdf: Pdf) -> None:
        streams = [pdf.make_stream(raw) for _ in range(times)]
        for stream in streams:
            stream.write(raw, filter=filters)  # type: ignore[arg-type]
        pdf.pages[0].Contents = Array(streams)

    return change


def _picture(width: int, height: int) -> Change:
    def change(pdf: Pdf) -> None:
        stream = pdf.make_stream(b"\x00", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
        stream.write(b"\x00", filter=Name.CCITTFaxDecode, decode_parms=Dictionary(K=-1))
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(a=stream))

    return change


def bombs() -> Iterator[Hostile]:
    keep = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    small, large, medium = zeros(2_000_000), zeros(300_000_000), zeros(120_000_000)
    twin = plain_files.pdf(_page_of(small, Name.FlateDecode), **keep)
    twice = Array([Name.FlateDecode, Name.FlateDecode])
    made = {
        "one-stream": _page_of(large, Name.FlateDecode),
        "stream-in-a-stream": _page_of(zlib.compress(large), twice),
        "many-streams": _page_of(medium, Name.FlateDecode, times=9),
        "behind-ascii": _page_of(large.hex().encode() + b">", Array([Name.ASCIIHexDecode, Name.FlateDecode])),
    }
    for name, change in made.items():
        yield Hostile(f"pdf-bomb-{name}", "U03", PDF, "ARCHIVE_BOMB", plain_files.pdf(change, **keep), twin)
    wide = plain_files.pdf(_picture(100_000, 100_000), **keep)
    yield Hostile("pdf-pixel-flood", "U03", PDF, "IMAGE_BOMB", wide, plain_files.pdf(_picture(1000, 1000), **keep))
