"""Whom and what the route tests find: a record with a holder, people they decided about, and documents to act on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

from chalicelib import jobs
from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.gate import Ask, gate
from chalicelib.access.keyring import subject_id
from chalicelib.enrolment.life import state_of
from infra.local.oidc.people import people
from infra.local.story import opening
from tests.intake_files import insured, ndjson, number
from tests.invited import code

from .api_agenda import planned
from .api_letters import LETTERS, letter
from .api_people import issuer_of, roles
from .api_profile import noted
from .api_requests import operation
from .api_world import LETTERHEAD, Answer, World

CONTENT = "Hémoglobine 14 g/dL\n".encode()
"""the content of the specification's examples"""
EARLIER = "Hémoglobine 13 g/dL\n".encode()
TYPE = "11502-2"
WISH = "Le résultat est celui d'une autre date."
KEY = "visit-2026-000017"
WHY = {"reason": "UNCONSCIOUS", "text": "Trouvé inconscient dans la rue, aucun proche sur place"}
"""an emergency as it is told"""
INTAKE = "enrolment/2026-11-26.ndjson"
WRONG = {"value": f"{number(2)[:13]}97", "oid": "1.2.250.1.213.1.4.8"}
CHILD = {"value": "212059999000195", "oid": "1.2.250.1.213.1.4.10"}

_numbers = count(1)


_SENDERS = {
    "enrolment_open_": "enrolment",
    "enrolment_reinvitation": "enrolment",
    "enrolment_begin": "enrolment",
    "enrolment_progress": "enrolment",
    "enrolment_rejects": "enrolment",
    "enrolment_find": "author_lab",
    "documents_deposit": "author_lab",
    "documents_begin": "author_lab",
    "documents_part": "author_lab",
    "documents_complete": "author_lab",
    "documents_status": "author_lab",
    "documents_replace": "author_lab",
    "documents_delete": "author_lab",
    "codes_use": "allowed_doctor",
    "delegations_answer": "carer",
    "disclosures_propose": "legal",
    "disclosures_confirm": "legal_two",
    "documents_announcement": "author_lab",
    "emergency_open_": "allowed_doctor",
    "emergency_open_by_card": "allowed_doctor",
    "care_inbox": "allowed_doctor",
    "care_collect": "allowed_doctor",
    "care_declare": "allowed_doctor",
    "documents_labels": "anonymous",
    "profile_labels": "anonymous",
    "reports_deliver": "provider",
    "letters_manifest": "enrolment",
    "letters_page": "enrolment",
    "life_oppose": "anonymous",
    "life_suspend": "enrolment",
    "life_decease": "enrolment",
    "life_unreached": "enrolment",
    "coverage_progress": "enrolment",
    "coverage_table": "enrolment",
    "coverage_chart": "enrolment",
    "documents_answer": "author_lab",
    "agenda_push": "allowed_doctor",
    "calendars_follow": "anonymous",
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


@cache
def _usual() -> "Scene":
    return Scene(anew=True)


@cache
def _filed(begun: "Scene", who: str, content: bytes) -> tuple["Scene", str]:
    scene = begun.again()
    return scene, scene.accepted(who, content)


@dataclass(slots=True, eq=False)
class Scene:
    """One record of Ondine (role `holder`) and one of Barnabé (`other_citizen`). With `choices`, Ondine has decided.

    Two thousand tests begin in the usual scene: it is prepared once, by requests, and copied, unless asked for `anew`.
    """

    choices: bool = True
    world: World = field(default_factory=World)
    record: str = ""
    other: str = ""
    anew: bool = False
    begun: "Scene | None" = field(default=None, repr=False)
    """the prepared scene that this one was copied from"""

    def __post_init__(self) -> None:
        if self.anew or not self.choices or not self.world.is_usual:
            self._prepare()
        else:
            self.begun = self.begun or _usual()
            self.record, self.other = self.begun.record, self.begun.other
            self.world.take_over(self.begun.world)

    @property
    def base(self) -> str:
        """Return the path of Ondine's record."""
        return f"/records/{self.record}"

    def again(self) -> "Scene":
        """Return a scene in which everything is kept that is kept here; the clock begins, and no message waits."""
        return Scene(begun=self)

    def _prepare(self) -> None:
        self.put_file()
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

    def minor(self) -> str:
        """Open the record of a child who logs in as Ondine does."""
        claims = people()["ondine"].claims
        body = opening(CHILD, date(2012, 5, 4), "F", claims["family_name"], claims["email"])
        login = {"issuer": issuer_of("citizens"), "subject": claims["sub"]}
        answer = self.world.send("enrolment", "POST", "/records", body={**body, "holder": login})
        assert answer.status in (200, 201), answer
        return str(answer.json["record"])

    def actor(self, role: str) -> Actor:
        """Return the person of a role as decisions know them."""
        person = roles()[role]
        return Actor(
            Kind.CITIZEN, f"citizen:{subject_id(self.world.host, issuer_of('citizens'), person.claims['sub'])}"
        )

    def choose(self, change: Callable[[Choices], Choices], record: str = "") -> None:
        """Let the holder decide what a test needs, whatever route there is for it."""
        gate(self.world.host, Ask(self.actor("holder"), record or self.record, "choices:allow", change=change))

    def kept(self, *codes: str, record: str = "", content: bytes = CONTENT) -> str:
        """Deposit a document that is not for everybody, and let the checks accept it; return its id."""
        form = ({**metadata(), "confidentiality": list(codes)}, content, "text/plain")
        path = f"/records/{record or self.record}/documents"
        document = str(self.done(202, "author_lab", "POST", path, form=form)["document"])
        self.world.work()
        return document

    def received(self, who: str = "author_lab", content: bytes = CONTENT) -> str:
        """Deposit a document that waits for the checks; return its id."""
        form = (metadata(), content, "text/plain")
        return str(self.done(202, who, "POST", f"/records/{self.record}/documents", form=form)["document"])

    def available(self, who: str = "author_lab", content: bytes = CONTENT) -> str:
        """Deposit a document and let the checks accept it, or copy what that makes of the prepared scene; its id."""
        if self.begun and self.world.holds_the_same(self.begun.world):
            filed, document = _filed(self.begun, who, content)
            self.world.take_over(filed.world)
            return document
        return self.accepted(who, content)

    def accepted(self, who: str, content: bytes) -> str:
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

    def params(self, name: str, who: str = "author_lab") -> dict[str, str]:
        """Return path parameters for an operation: a document that it can act on, deposited by `who`."""
        match name:
            case _ if name.startswith("life_"):
                document = ""
            case "documents_part":
                document = self.uploading(who, sent=False)
            case "documents_complete":
                document = self.uploading(who, sent=True)
            case "documents_replace":
                document = self.available(who, EARLIER)
            case "documents_announcement":
                document = self.kept("INVISIBLE_PATIENT")
            case "documents_secrecy":
                minor = self.minor()
                document = self.kept("INVISIBLE_REPRESENTANTS_LEGAUX", record=minor)
                return {"record": minor, "document": document, "part": "1"}
            case _:
                document = self.available(who)
        more = {"device": "a" * 26, "batch": "2026-12-01", "letter": "0" * 32, "month": "2026-11"}
        more["job"] = self.job(done=name in ("enrolment_progress", "enrolment_rejects"))
        if name == "contact_unsubscribe":
            more["device"] = self.device()
        if name in ("letters_manifest", "letters_page"):
            more |= self.letter()
        if name.startswith("profile_") and "{entry}" in operation(name).path:
            more["entry"] = self.noted()
        more |= planned(self, name)
        more["rectification"] = self.wished(document) if name == "documents_answer" else "0" * 16
        return {"record": self.record, "document": document, "part": "1", **more}

    def ready(self, name: str) -> None:
        """Bring the record into the state that a step of its life begins with."""
        wanted = NEEDS.get(name)
        if wanted is None or wanted == (state := state_of(self.world.host, self.record).state):
            return
        for who, method, verb in (*BACK.get(state, ()), *FORTH.get(wanted, ())):
            self.done(200, who, method, f"/records/{self.record}/{verb}")

    def noted(self, who: str = "holder", record: str = "", **changed: Any) -> str:
        """Note the dose of the examples and correct it once, so that it is at its second version; return its id."""
        return noted(self, who, record or self.record, **changed)

    def wished(self, document: str) -> str:
        """Ask for a rectification as the holder; return its id."""
        path = f"/records/{self.record}/documents/{document}/rectifications"
        return str(self.done(201, "holder", "POST", path, body={"wish": WISH})["rectification"])

    def filled(self, name: str) -> dict[str, Any]:
        """Return the members of a body that only a letter or the holder can tell: for a person nobody asked about."""
        return letter(self.world, name) if name in LETTERS else {}

    def put_file(self) -> None:
        """Put the file that the examples name, as a fund does."""
        self.world.host.blobs.put(INTAKE, ndjson([insured(1), insured(2, ins=WRONG)]))

    def job(self, *, done: bool) -> str:
        """Begin to take in a file of two people, one of them rejected; return the job."""
        self.put_file()
        body = {"object": INTAKE, "format": "ndjson"}
        job = self.done(202, "enrolment", "POST", "/enrolments", body=body)["job"]
        if done:
            self.world.work()
        return str(job)

    def device(self) -> str:
        """Subscribe a browser of the holder; return its id."""
        body = {**operation("contact_subscribe").example, "endpoint": f"https://push.example/{next(_numbers)}"}
        return str(self.done(201, "holder", "POST", f"/records/{self.record}/contact/devices", body=body)["device"])

    def letter(self) -> dict[str, str]:
        """Let a notice become a letter and the night pass; return batch and letter."""
        place = operation("contact_reach").example["address"]
        self.done(204, "holder", "PUT", f"/records/{self.record}/contact", body={"address": place})
        self.world.work()
        jobs.notices(self.world.host, LETTERHEAD)({"record": self.record, "event": "emergency", "name": "one"})
        self.world.clock.advance(timedelta(days=1))
        self.world.night()
        batch = self.world.clock.now().date().isoformat()
        listed = self.world.send("enrolment", "GET", f"/letter-batches/{batch}").body.decode()
        return {"batch": batch, "letter": listed.splitlines()[1].partition(",")[0]}


def clear(scene: Scene) -> None:
    """Revoke every code and invitation that was not used."""
    path = f"/records/{scene.record}"
    for one in scene.done(200, "holder", "GET", f"{path}/choices")["codes"]:
        scene.done(200, "holder", "POST", f"{path}/codes/revocation", body={"reference": one["reference"]})


def _handed(scene: Scene, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    made = scene.done(201, "holder", "POST", f"/records/{scene.record}/{path}", body=body)
    return {"reference": made["reference"], "code": made["code"]}


def _proposed(scene: Scene) -> dict[str, Any]:
    body = {"ground": "court_expert", "professional": "810009900019"}
    made = scene.done(201, "legal", "POST", f"/records/{scene.record}/disclosures", body=body)
    return {"disclosure": made["disclosure"]}


def _carded(scene: Scene) -> dict[str, Any]:
    path = f"/records/{scene.record}"
    assert scene.world.send("holder", "POST", f"{path}/card").status == 201
    codes = scene.done(200, "holder", "GET", f"{path}/choices")["codes"]
    (reference,) = [one["reference"] for one in codes if one["purpose"] == "card"]
    return {"reference": reference, "code": code(scene.world.host, scene.record, reference)}


LIVE: Mapping[str, Callable[[Scene], dict[str, Any]]] = {
    "disclosures_propose": lambda _scene: {"ground": "court_expert", "professional": "810009900019", "person": None},
    "codes_use": lambda scene: _handed(scene, "codes", {}),
    "delegations_answer": lambda scene: {**_handed(scene, "carers", {"name": "Hector"}), "as": "carer"},
    "disclosures_confirm": _proposed,
    "emergency_open_by_card": _carded,
}
"""what an example cannot show as it is sent: codes are random and shown once"""


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


def sender(name: str) -> str:
    """Return the role that may do what the example of an operation shows."""
    return _SENDERS.get(name, "holder")


def deposit(scene: Scene, who: str, about: Mapping[str, Any], key: str, content: bytes = CONTENT) -> Answer:
    """Deposit with an Idempotency-Key."""
    path, form = f"/records/{scene.record}/documents", (about, content, "text/plain")
    return scene.world.send(who, "POST", path, form=form, more={"Idempotency-Key": key})
