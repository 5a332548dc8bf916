"""Plain text: UTF-8 or Windows-1252; `kinds` has seen to control characters and to markup at the head."""

import encodings.cp1252  # noqa: F401  not to be looked for once the door is shut

from .verdict import Refused


def check(content: bytes) -> None:
    """Raise MALFORMED for text in no accepted encoding."""
    if not any(_reads(content, encoding) for encoding in ("utf-8", "cp1252")):
        raise Refused("MALFORMED")


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
