"""Examples of the vault's routes: one invented document."""

from hashlib import sha256
from typing import Any

from .formats import FORMATS

ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
MEDIA = tuple(known.media for known in FORMATS)
META = {"type": "11502-2", "title": "Bilan sanguin", "unique_id": "1.2.250.1.999.42", "created": "2026-11-20"}
TEXT = "Hémoglobine 14 g/dL\n"
STATUS = {"document": ID, "version": 1, "state": "received", "reason": "", "parts": 1}
AUTHOR = {
    "kind": "professional",
    "name": "Zoé GABARIT",
    "profession": "10",
    "organisation": "Laboratoire des Exemples",
}
VIEW = {
    "document": ID,
    "version": 1,
    "type": "11502-2",
    "category": "BIOLOGIE",
    "title": "Bilan sanguin",
    "media": "text/plain",
    "size": len(TEXT.encode()),
    "sha256": sha256(TEXT.encode()).hexdigest(),
    "created": "2026-11-20",
    "deposited": "2026-11-20T10:00:00Z",
    "author": AUTHOR,
    "hidden": False,
    "unseen_by": [],
}
PAGE = {"documents": [VIEW], "cursor": ""}


def label(code: str, fr: str, en: str, category: str = "") -> dict[str, Any]:
    """Return one labelled code."""
    return {"code": code, "label": {"fr": fr, "en": en}, "category": category}
