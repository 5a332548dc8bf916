"""Whom and what the route tests find: a record with a holder, people they decided about, and documents to act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

from chalicelib.enrolment.life import state_of
from infra.local.oidc.people import people
from infra.local.story import opening

from .api_letters import LETTERS, letter
from .api_people import issuer_of, roles
from .api_world import Answer, World

CONTENT = "Hémoglobine 14 g/dL\n".encode()
"""the content of the specification's examples"""
EARLIER = "Hémoglobine 13 g/dL\n".encode()
TYPE = "11502-2"
WISH = "Le résultat est celui d'une autre date."
KEY = "visit-2026-000017"

_numbers = count(1)


_SENDERS = {
    "enrolment_open_": "enrolment",
    "enrolment_find": "author_lab",
    "documents_deposit": "author_lab",
    "documents_begin": "author_lab",
    "documents_part": "author_lab",
    "documents_complete": "author_lab",
    "documents_status": "author_lab",
    "documents_replace": "author_lab",
    "documents_delete": "author_lab",
    "documents_labels": "anonymous",
    "life_oppose": "anonymous",
    "life_suspend": "enrolment",
    "life_decease": "enrolment",
    "life_unreached": "enrolment",
    "documents_answer": "author_lab",
    "support_look": "support",
    "support_resend": "support",
    "support_oppose": "support",
    "support_close": "support",
    "support_contact": "support",
    "support_session": "support",
    "system_health": "anonymous",
    "system_openapi": "anonymous",
    "system_docs": "anonymous",
}
"""who sends the request of each example; the holder sends the others"""


NEEDS = {
    "life_close": "open",
    "life_suspend": "open",
    "life_reopen": "closed",
    "life_erase": "closed",
    "life_keep": "erasing",
    "life_resume": "suspended",
}
"""the state in which a step of the life of a record is possible"""
_CLOSE = ("holder", "POST", "closing")
_REOPEN = ("holder", "POST", "reopening")
BACK = {
    "closed": (_REOPEN,),
    "erasing": (("holder", "DELETE", "erasure"), _REOPEN),
    "suspended": (("holder", "POST", "resumption"),),
}
"""state -> the way back to an open record"""
FORTH = {
    "closed": (_CLOSE,),
    "erasing": (_CLOSE, ("holder", "POST", "erasure")),
    "suspended": (("enrolment", "POST", "suspension"),),
}
"""state -> the way to it from an open record"""


@dataclass(slots=True)
class Scene:
    """One record of Ondine (role `holder`) and one of Barnabé (`other_citizen`). With `choices`, Ondine has decided."""

    choices: bool = True
    world: World = field(default_factory=World)
    record: str = ""
    other: str = ""

    def __post_init__(self) -> None:
        self.record, self.other = self.open("ondine"), self.open("barnabe")
        decided = {"allow": ("allowed_doctor", "physiotherapist"), "block": ("blocked_doctor",)}
        for verb, names in decided.items() if self.choices else ():
            for name in names:
                self.done(200, "holder", "POST", f"/records/{self.record}/choices/{verb}", body=subject(name))
        self.world.work()

    def done(self, expected: int, who: str, method: str, path: str, **more: Any) -> Any:
        """Send a request that has to succeed; return its JSON."""
        answer = self.world.send(who, method, path, **more)
        assert answer.status == expected, (who, method, path, answer)
        return answer.json if answer.body else None

    def open(self, name: str) -> str:
        """Open the record of somebody of people.json."""
        person = people()[name]
        claims = person.claims
        body = opening(person.ins, date.fromisoformat(claims["birthdate"]), "F", claims["family_name"], claims["email"])
        login = {"issuer": issuer_of("citizens"), "subject": claims["sub"]}
        opened = self.done(201, "enrolment", "POST", "/records", body={**body, "holder": login})
        return str(opened["record"])

    def received(self, who: str = "author_lab", content: bytes = CONTENT) -> str:
        """Deposit a document that waits for the checks; return its id."""
        form = (metadata(), content, "text/plain")
        return str(self.done(202, who, "POST", f"/records/{self.record}/documents", form=form)["document"])

    def available(self, who: str = "author_lab", content: bytes = CONTENT) -> str:
        """Deposit a document and let the checks accept it; return its id."""
        document = self.received(who, content)
        self.world.work()
        return document

    def uploading(self, who: str = "author_lab", *, sent: bool) -> str:
        """Begin an upload of one part, and send the part; return its id."""
        about = {**metadata(), "media": "text/plain", "size": len(CONTENT), "sha256": digest()}
        document = str(self.done(201, who, "POST", f"/records/{self.record}/uploads", body=about)["document"])
        if sent:
            path = f"/records/{self.record}/uploads/{document}/parts/1"
            self.done(204, who, "PUT", path, raw=CONTENT)
        return document

    def params(self, operation: str, who: str = "author_lab") -> dict[str, str]:
        """Return path parameters for an operation: a document that it can act on, deposited by `who`."""
        match operation:
            case _ if operation.startswith("life_"):
                document = ""
            case "documents_part":
                document = self.uploading(who, sent=False)
            case "documents_complete":
                document = self.uploading(who, sent=True)
            case "documents_replace":
                document = self.available(who, EARLIER)
            case _:
                document = self.available(who)
        return {
            "record": self.record,
            "document": document,
            "part": "1",
            "rectification": self.wished(document) if operation == "documents_answer" else "0" * 16,
        }

    def ready(self, operation: str) -> None:
        """Bring the record into the state that a step of its life begins with."""
        wanted = NEEDS.get(operation)
        if wanted is None or wanted == (state := state_of(self.world.host, self.record).state):
            return
        for who, method, verb in (*BACK.get(state, ()), *FORTH.get(wanted, ())):
            self.done(200, who, method, f"/records/{self.record}/{verb}")

    def wished(self, document: str) -> str:
        """Ask for a rectification as the holder; return its id."""
        path = f"/records/{self.record}/documents/{document}/rectifications"
        return str(self.done(201, "holder", "POST", path, body={"wish": WISH})["rectification"])

    def filled(self, operation: str) -> dict[str, str]:
        """Return the members of a body that only a letter or the holder can tell: for a person nobody asked about."""
        return letter(self.world, operation) if operation in LETTERS else {}


def subject(role: str) -> dict[str, str]:
    """Return how choices name a professional."""
    return {"kind": "professional", "id": roles()[role].claims["SubjectNameID"]}


def metadata() -> dict[str, Any]:
    """Return what a depositor says about a fresh document."""
    number = next(_numbers)
    return {"type": TYPE, "title": "Bilan sanguin", "unique_id": f"1.2.250.1.999.43.{number}", "created": "2026-11-20"}


@cache
def digest(content: bytes = CONTENT) -> str:
    """Return its SHA-256."""
    return sha256(content).hexdigest()


def sender(operation: str) -> str:
    """Return the role that may do what the example of an operation shows."""
    return _SENDERS.get(operation, "holder")


def deposit(scene: Scene, who: str, about: Mapping[str, Any], key: str, content: bytes = CONTENT) -> Answer:
    """Deposit with an Idempotency-Key."""
    path, form = f"/records/{scene.record}/documents", (about, content, "text/plain")
    return scene.world.send(who, "POST", path, form=form, more={"Idempotency-Key": key})
