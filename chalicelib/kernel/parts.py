"""Parts of documents: where each belongs, and how it is sealed there (the Encryption SDK loads at first use)."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part belongs: part 1 … parts of one version of one document of one record."""

    record: str
    document: str
    version: int
    part: int
    parts: int

    def context(self) -> dict[str, str]:
        """Return the encryption context."""
        return {name: str(value) for name, value in asdict(self).items()}


def seal_part(content_key: bytes, place: Place, clear: bytes) -> bytes:
    """Return the sealed part, bound to its place."""
    from .parts_sdk import seal  # noqa: PLC0415  most starts never touch a document

    return seal(content_key, place, clear)


def open_part(content_key: bytes, place: Place, sealed: bytes) -> bytes:
    """Return the clear part. Raise Broken when key, bytes or place differ from what was sealed."""
    from .parts_sdk import unseal  # noqa: PLC0415  most starts never touch a document

    return unseal(content_key, place, sealed)
