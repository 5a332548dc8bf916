"""The inspection of one file in this process; the product calls it through `apart`."""

from importlib import import_module

from .kinds import declared_kind, real_media
from .verdict import Refused, Verdict

_CHECKERS = {
    "application/pdf": "pdf",
    "text/plain": "text",
    "application/rtf": "rtf",
    "image/jpeg": "images",
    "image/tiff": "images",
    "image/png": "images",
    "text/xml": "cda",
}
_PDF_READERS_LOOK_AT = 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def prepare(content: bytes, declared_media: str) -> None:
    """Import the parsers that this content needs, so that nothing has to be opened during the inspection."""
    kind = declared_kind(declared_media)
    if kind is None:
        return
    # A body inside a CDA may be of any type; UTF-16 hides the mark that announces one.
    embeds = kind.media == "text/xml" and (b"B64" in content or content.startswith(_UTF16))
    for name in _CHECKERS.values() if embeds else (_CHECKERS[kind.media],):
        import_module(f"{__package__}.{name}")


def inspect(content: bytes, declared_media: str) -> Verdict:
    """Say what the content really is and whether it may be kept; the content decides, never a file name."""
    try:
        _check(content, declared_media)
    except Refused as refusal:
        return Verdict(False, refusal.reason, real_media(content))
    except MemoryError:
        return Verdict(False, "ARCHIVE_BOMB", real_media(content))
    return Verdict(True, "", real_media(content))


def _check(content: bytes, declared_media: str) -> None:
    if not content:
        raise Refused("EMPTY")
    kind = declared_kind(declared_media)
    if kind is None:
        raise Refused("NOT_ACCEPTED")
    if len(content) > kind.most:
        raise Refused("TOO_LARGE")
    real = real_media(content)
    if real != "application/pdf" and b"%PDF-" in content[:_PDF_READERS_LOOK_AT]:
        raise Refused("POLYGLOT")
    if real != kind.media:
        raise Refused("TYPE_MISMATCH")
    import_module(f"{__package__}.{_CHECKERS[kind.media]}").check(content)
