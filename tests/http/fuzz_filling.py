"""What generated requests get from the fixture: ids that exist, types that are in the table, tags that are current.

Without them nearly everything would be refused and nothing behind the refusals tried. Each filling is left out by
chance, so that what was generated is sent as well.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import schemathesis
from schemathesis import Case

from infra.local.oidc.people import people

from .api_agenda import BODIES
from .api_letters import LETTERS
from .api_profile import ENTRY, WEIGHT
from .api_requests import operation
from .api_scene import CONTENT, INTAKE, LIVE, TYPE, Scene, clear, digest

OFTEN = 0.9
FORMATS = ("application/pdf", "application/rtf", "image/jpeg", "image/png", "image/tiff", "text/xml")


@schemathesis.serializer(*FORMATS)
def as_it_is(_context: Any, value: object) -> dict[str, object]:
    """Send content of the formats that schemathesis cannot write as it was generated."""
    return {"data": value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")}


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills the cases of one operation and one role."""

    scene: Scene
    role: str
    operation: str
    random: random.Random
    _known: dict[str, str] = field(default_factory=dict)
    """path parameters of before, for as long as they may be used again"""

    def fill(self, case: Case) -> None:
        """Put real values in place of generated ones, often."""
        if case.path_parameters and self._often():
            owner = "holder" if self.role == "holder" and self.operation in OWN else "author_lab"
            known = self._params(owner)
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        if self.operation in PILES or self.operation in LIVE:
            clear(self.scene)
        self._fill_headers(case)
        self._fill_body(case)
        if self._often():
            _in_order(case.query)
            _in_order(case.body)

    def _often(self) -> bool:
        return self.random.random() < OFTEN

    def _params(self, owner: str) -> Mapping[str, str]:
        """Return path parameters: what a request does not act on is made once, for it costs more than the request."""
        self.scene.ready(self.operation)
        if not self._known or self._acts():
            self._known.update(self.scene.params(self.operation, owner))
        return self._known

    def _acts(self) -> bool:
        """Tell whether the operation changes something that its path names, beside the record."""
        asked = operation(self.operation)
        return asked.method != "GET" and asked.path.count("{") > 1

    def _fill_headers(self, case: Case) -> None:
        match = self._choices() if self.operation.startswith("choices_") else '"v2"'
        match = "*" if self.operation.startswith(("contact", "prevention")) else match
        for name, value in {"If-Match": match, "If-None-Match": '"v9"', "Range": "bytes=2-9"}.items():
            if name in case.headers and self._often():
                case.headers[name] = value

    def _choices(self) -> str:
        """Return the tag of the holder's mind as it is now."""
        found = self.scene.world.send("holder", "GET", f"/records/{self.scene.record}/choices")
        return found.headers["etag"]

    def _fill_body(self, case: Case) -> None:
        if self.operation == "documents_part" and self._often():
            case.body = CONTENT
        if not isinstance(case.body, dict):
            return
        if "metadata" in case.body and "content" in case.body and self._often():
            case.body["content"] = self.random.choice((CONTENT, b"x", bytes(self.random.choices(range(256), k=40))))
        about = case.body.get("metadata", case.body)
        if isinstance(about, dict) and self.operation in LETTERS and self._often():
            about.update(self.scene.filled(self.operation))
        made = LIVE[self.operation](self.scene) if self.operation in LIVE else BODY.get(self.operation, dict)()
        if self.operation in ("emergency_open_", "emergency_open_by_card"):
            made = {**made, **self._urgent()}
        together = self.operation in TOGETHER and self._often()  # one wrong member is enough to be refused
        for name, value in made.items() if isinstance(about, dict) else ():
            if (name in about or name in ("type", "at") or self.operation in WHOLE) and (together or self._often()):
                about[name] = value

    def _urgent(self) -> dict[str, Any]:
        """Return a reason that nobody gave before, a while after the last one: ten a day are too many."""
        self.scene.world.clock.advance(timedelta(hours=6))
        return {"reason": "CALL", "text": f"Appel du voisin, personne ne répond : {self.random.getrandbits(64):x}"}


def _in_order(said: Any) -> None:
    """Put the ends of a period in order: no schema can say that others are refused."""
    if isinstance(said, dict):
        since, until = said.get("since"), said.get("until")
        if isinstance(since, str) and isinstance(until, str) and until < since:
            said.update(since=until, until=since)


def _search() -> dict[str, Any]:
    return {"types": [TYPE], "cursor": ""}


OWN = frozenset({"documents_part", "documents_complete", "documents_replace", "documents_delete"})
"""only its author does these to a document"""


def _deposit() -> dict[str, Any]:
    return {"type": TYPE, "sha256": None, "created": "2026-11-20", "confidentiality": [], "patient": None}


def _upload() -> dict[str, Any]:
    about = {"type": TYPE, "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
    return {**about, "confidentiality": [], "patient": None}


def _identity() -> dict[str, Any]:
    return {"ins": dict(people()["ondine"].ins), "birth_date": "1976-11-23"}


def _file() -> dict[str, Any]:
    return {"object": INTAKE}


def _browser() -> dict[str, Any]:
    return {"endpoint": "https://push.example/abc"}


def _guardian() -> dict[str, Any]:
    return {"kind": "tutelle", "until": "2030-01-01"}


def _within() -> dict[str, Any]:
    return {"categories": ["BIOLOGIE"], "documents": [], "since": "2020-01-01", "until": None, "ends": None}


WHOLE = frozenset({*LIVE, "enrolment_reinvitation", "delegations_invite_proxy", "prevention_say"})
"""bodies that are no good without every one of these members"""

TOGETHER = frozenset({*BODIES, "prevention_say", "choices_refuse", "codes_make", "delegations_invite_proxy"})
"""bodies whose members only make sense with each other"""

PILES = frozenset({"codes_make", "delegations_invite_carer", "delegations_invite_proxy", "calendars_share"})
"""only so many of these are open at a time"""

BODY: Mapping[str, Callable[[], dict[str, Any]]] = {
    **BODIES,
    "contact_subscribe": _browser,
    "documents_deposit": _deposit,
    "documents_replace": _deposit,
    "documents_begin": _upload,
    "documents_search": _search,
    "history_search": lambda: {"cursor": ""},
    "enrolment_begin": _file,
    "delegations_invite_proxy": _guardian,
    "prevention_say": lambda: {"rule": "colorectal_screening", "status": "DONE", "on": "2026-05-04", "act": ""},
    "choices_allow": lambda: {"within": _within()},
    "codes_make": _within,
    "choices_refuse": lambda: {"kind": "category", "id": "CERT_MED", "reason": "privacy"},
    "enrolment_find": _identity,
    "enrolment_open_": _identity,
    "enrolment_reinvitation": lambda: {"representatives": [], "email": "ondine.essai@example.org"},
    "profile_note": lambda: {"entry": ENTRY, "secret": False},
    "profile_change": lambda: {"entry": ENTRY, "secret": False},
    "profile_choose": lambda: {"rule": "influenza"},
    "measures_enter": lambda: {"measures": [WEIGHT]},
    "measures_search": lambda: {"kind": "WEIGHT"},
    "measures_grow": lambda: {"kind": "HEIGHT"},
    "support_contact": lambda: {"channel": "email", "value": "ondine.essai@example.org"},
}
"""members of bodies that the schema alone cannot make valid"""
