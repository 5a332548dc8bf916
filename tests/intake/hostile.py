"""One hostile file and its benign twin: the nearest file that must pass."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hostile:
    """`reason` is the code the depositor is told; `content` must be refused as `media`, `twin` must pass."""

    name: str
    abuse_id: str
    media: str
    reason: str
    content: bytes
    twin: bytes
    twin_media: str = ""

    @property
    def media_of_twin(self) -> str:
        return self.twin_media or self.media


PDF = "application/pdf"
TEXT = "text/plain"
RTF = "application/rtf"
JPEG = "image/jpeg"
TIFF = "image/tiff"
PNG = "image/png"
XML = "text/xml"
