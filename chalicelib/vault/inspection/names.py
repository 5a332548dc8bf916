"""File names are ours: made from the title when one is downloaded, never stored, never taken from a client."""

import re
import unicodedata
from urllib.parse import quote

from ..formats import format_of

_MOST = 80
_RESERVED = re.compile(r'[\\/:*?"<>|.%~$&;`\']+')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_ATTR_CHAR = "!#$&+-.^_`|~"
"""what RFC 8187 leaves unescaped, beside letters and digits"""


def safe_name(title: str | None, media: str) -> str:
    """Return a name that no file system, shell, header or reader can misread, with the extension of the media type."""
    known = format_of(media)
    return f"{_stem(title or '')}.{known.extension if known else 'bin'}"


def _stem(title: str) -> str:
    # Long titles are cut before they are normalised: one character can become eighteen.
    plain = unicodedata.normalize("NFKC", title[: 4 * _MOST])
    shown = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in plain)
    stem = " ".join(_RESERVED.sub("-", shown).split())[:_MOST].strip(" -")
    return f"_{stem}" if _DEVICE.match(stem) else stem or "document"


def content_disposition(name: str) -> str:
    """Return the header value (RFC 6266): an ASCII name for old readers, the true one percent-encoded."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    quoted = re.sub(r'["\\%\x00-\x1f\x7f]', "-", ascii_name)
    return f"attachment; filename=\"{quoted}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"
