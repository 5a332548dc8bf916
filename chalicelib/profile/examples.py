"""Examples of the routes of the profile: one invented dose of a vaccine, one invented weight."""

from typing import Any

ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
OTHER = "b2b3c4d5e6f7a2b3c4d5e6f7a2"
DOSE: dict[str, Any] = {
    "note": "",
    "section": "vaccinations",
    "act": "dtp",
    "product": {"system": "ATC", "code": "J07CA01"},
    "on": "2026-10-14",
    "kind": "BOOSTER",
    "dose": 1,
    "lot": "LOT-0042",
    "performer": "Cabinet du Centre",
    "route": "20035000",
    "site": "16217661000119109",
}
ENTRY: dict[str, Any] = {"entry": DOSE, "secret": False}
CHANGED: dict[str, Any] = {"entry": {**DOSE, "lot": "LOT-0043"}, "secret": False}
WRITER = {"kind": "citizen", "name": "Ondine ESSAI", "profession": "", "organisation": ""}
VIEW: dict[str, Any] = {
    "id": ID,
    "version": 2,
    **ENTRY,
    "noted": "2026-11-26T10:00:00Z",
    "changed": "2026-11-26T10:00:00Z",
    "author": WRITER,
    "by": WRITER,
    "hidden": False,
    "unseen_by": [],
}
PAGE = {"entries": [VIEW], "cursor": ""}
VERSIONS = {"versions": [VIEW]}
SUMMARY = {
    "at": "2026-11-26T10:00:00Z",
    "parts": [
        {
            "section": "vaccinations",
            "label": {"fr": "Vaccinations", "en": "Vaccinations"},
            "lines": [
                {
                    "id": ID,
                    "what": {"fr": "Vaccin dTP", "en": "Td-IPV vaccine"},
                    "since": "2026-10-14",
                    "by": WRITER,
                }
            ],
            "more": 0,
        }
    ],
}
POINT: dict[str, Any] = {
    "at": "2026-11-02T07:30:00Z",
    "value": 68.4,
    "second": None,
    "age_days": 18241,
    "sources": [{"id": ID, "origin": "manual", "device": "", "by": WRITER}],
}
SERIES = {"kind": "WEIGHT", "unit": "kg", "points": [POINT], "target": None, "cursor": ""}
NEWEST = {"measures": [{"kind": "WEIGHT", "unit": "kg", "label": {"fr": "Poids", "en": "Weight"}, "point": POINT}]}
