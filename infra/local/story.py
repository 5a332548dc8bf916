"""The story that `make run` plays: a document travels, and two reminders go out. Every step is a real request.

`tell` knows only `World`; the same story is told over HTTP here and in process on moto in tests/journeys.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from .daytime import awake, months_ago, years_ago
from .oidc.people import people
from .paper import laboratory_report

NIGHTS = 6
NOBODY = "nobody"
"""who has no token"""
DOCTOR = {"kind": "professional", "id": "810009900019"}
PHYSIOTHERAPIST = {"kind": "professional", "id": "810009900027"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as received."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of one seeded caller, or of `nobody`, who has no token; `form` is (metadata, content, media type)."""

    who: str
    method: str
    path: str
    json: Any = None
    form: tuple[dict[str, Any], bytes, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class World(Protocol):
    """Where the story takes place."""

    def send(self, ask: Ask) -> Answer:
        """Send one request."""

    def issuer(self) -> str:
        """Return the name of the citizens' issuer."""

    def until(self, done: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Let the queues work until it is done. Raise TimeoutError, which says what did not come."""

    def night(self) -> None:
        """Run the night's schedule."""

    def reviewed(self, professional: str) -> None:
        """Let a professional whose emergencies wait for a review open records again."""

    def mails(self, address: str) -> list[str]:
        """Return the bodies of the mails received at this address."""

    def put(self, name: str, data: bytes) -> None:
        """Put an object into the store, as a fund does with its file."""

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file for the reader to open; return where."""

    def say(self, text: str) -> None:
        """Tell the reader."""


class StoryError(AssertionError):
    """The story did not go as told."""


def asked(world: World, expected: int, who: str, method: str, path: str, **more: Any) -> Answer:
    """Return the answer to one request. Raise StoryError when its status is another one."""
    answer = world.send(Ask(who, method, path, **more))
    if answer.status != expected:
        raise StoryError(f"{who} {method} {path}: {answer.status} instead of {expected}: {answer.body[:300]!r}")
    return answer


class Story:
    """The steps, in order; each one checks what it tells."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ondine = people()["ondine"]
        self._record = ""
        self._document = ""
        self._content = laboratory_report()
        self._mails = len(world.mails(self._ondine.claims["email"]))

    def tell(self) -> None:
        """Play every step."""
        for step in (
            self._enrolment_opens_a_record,
            self._laboratory_deposits,
            self._patient_is_told_and_sees,
            self._doctor_reads_when_allowed,
            self._others_are_refused,
            self._patient_hides,
            self._patient_reads_the_journal,
            self._night_reminds,
        ):
            step()

    def _say(self, text: str) -> None:
        self._world.say(text)

    def _ask(self, expected: int, who: str, method: str, path: str, **more: Any) -> Answer:
        return asked(self._world, expected, who, method, path, **more)

    def _here(self, tail: str = "") -> str:
        return f"/records/{self._record}{tail}"

    def _paper(self, tail: str = "") -> str:
        return self._here(f"/documents/{self._document}{tail}")

    def _enrolment_opens_a_record(self) -> None:
        self._say("1. The enrolment service opens a record for Ondine, known by her national identity number (INS).")
        login = {"issuer": self._world.issuer(), "subject": self._ondine.claims["sub"]}
        email = self._ondine.claims["email"]
        body = opening(self._ondine.ins, date(1976, 11, 23), "F", "ESSAI", email) | {"holder": login}
        answer = self._world.send(Ask("enrolment", "POST", "/records", json=body))
        if answer.status not in (200, 201):
            raise StoryError(f"opening: {answer.status} {answer.body!r}")
        self._record = answer.json()["record"]
        for subject in (DOCTOR, PHYSIOTHERAPIST):  # a story told twice begins as the first time
            self._ask(200, "ondine", "POST", self._here("/choices/withdraw"), json=subject)

    def _laboratory_deposits(self) -> None:
        self._say("2. A laboratory's software finds the record by INS and deposits a blood test, sealed on arrival.")
        found = self._ask(200, "laboratory", "POST", "/record-lookups", json={"ins": self._ondine.ins}).json()
        metadata = {"type": "11502-2", "title": "Bilan sanguin", "unique_id": f"2.25.{secrets.randbits(100)}"}
        form = (metadata, self._content, "application/pdf")
        path = f"/records/{found['record']}/documents"
        deposited = self._ask(202, "laboratory", "POST", path, form=form).json()
        again = self._ask(202, "laboratory", "POST", path, form=form).json()
        if again["document"] != deposited["document"]:
            raise StoryError("the same deposit got another document")
        self._document = deposited["document"]

    def _patient_is_told_and_sees(self) -> None:
        address = self._ondine.claims["email"]
        self._say(
            "3. The queue checks it; Ondine gets an e-mail that says nothing of her health, and sees the document."
        )
        self._world.until(lambda: self._state() == "available", "the check of the document")
        self._world.until(lambda: len(self._world.mails(address)) > self._mails, f"an e-mail to {address}")
        listed = self._ask(200, "ondine", "GET", self._here("/documents")).json()["documents"]
        if listed[0]["document"] != self._document:
            raise StoryError("the newest document is not the one deposited")

    def _state(self) -> str:
        return str(self._ask(200, "laboratory", "GET", self._paper("/status")).json()["state"])

    def _doctor_reads_when_allowed(self) -> None:
        self._say("4. Her family doctor is refused, Ondine allows her, and the next request reads the document.")
        self._ask(403, "doctor", "GET", self._paper("/content"))
        self._ask(200, "ondine", "POST", self._here("/choices/allow"), json=DOCTOR)
        read = self._ask(200, "doctor", "GET", self._paper("/content"))
        if read.body != self._content:
            raise StoryError("other bytes than those deposited")
        part = {"Range": "bytes=100-199", "Carnet-Read": read.headers["carnet-read"]}
        if self._ask(206, "doctor", "GET", self._paper("/content"), headers=part).body != self._content[100:200]:
            raise StoryError("another range than the one asked for")

    def _others_are_refused(self) -> None:
        self._say(
            "5. A physiotherapist is refused, even allowed: the access matrix closes biology. So is an insurer, by law."
        )
        self._ask(403, "physiotherapist", "GET", self._paper("/content"))
        self._ask(200, "ondine", "POST", self._here("/choices/allow"), json=PHYSIOTHERAPIST)
        self._ask(403, "physiotherapist", "GET", self._paper("/content"))
        self._ask(403, "insurer", "GET", self._paper("/content"))

    def _patient_hides(self) -> None:
        self._say("6. Ondine hides it: the doctor's next request is the 404 of a document that does not exist.")
        self._ask(204, "ondine", "PUT", self._paper("/visibility"), json={"hidden": True})
        self._ask(404, "doctor", "GET", self._paper("/content"))
        self._ask(200, "laboratory", "GET", self._paper("/content"))
        self._ask(204, "ondine", "PUT", self._paper("/visibility"), json={"hidden": False})

    def _patient_reads_the_journal(self) -> None:
        self._say("7. The journal names each of them, allowed or refused:")
        entries = self._ask(200, "ondine", "GET", self._here("/history")).json()["entries"]
        about = [entry for entry in entries if entry["document"] == self._document]
        for entry in reversed(about):
            who = entry["who"]["name"] or entry["who"]["organisation_name"]
            self._say(f"     {entry['at'][11:19]}  {who:22} {entry['action']:18} {entry['effect']:5} {entry['reason']}")
        names = {(entry["who"]["name"] or entry["who"]["organisation_name"]).split()[-1] for entry in about}
        if not names >= {"GABARIT", "MODELE", "EXEMPLE", "ESSAI"}:
            raise StoryError(f"the journal names only {sorted(names)}")

    def _night_reminds(self) -> None:
        self._say(
            "8. The night's schedule reminds a two-month-old's parent and a fifty-year-old. The mails, as received:"
        )
        _, today = awake()
        told = [self._remind("first vaccines", months_ago(today, 2)), self._remind("screening", years_ago(today, 50))]
        for _ in range(NIGHTS):  # a record is laid on its day by the worker: a night before that finds nothing
            self._world.night()
            if self._reached(told):
                break
        if not self._reached(told):
            raise StoryError("no reminder arrived")
        for address in told:
            self._say(f"     {address}: {' '.join(self._world.mails(address)[0].split())}")

    def _reached(self, told: list[str]) -> bool:
        try:
            self._world.until(lambda: all(self._world.mails(address) for address in told), "the reminders", 5)
        except TimeoutError:
            return False
        return True

    def _remind(self, name: str, birth: date) -> str:
        number = secrets.randbelow(1000)
        address = f"{name.split(maxsplit=1)[0]}-{secrets.token_hex(4)}@example.org"
        ins = f"2{birth:%y%m}99990{number:03d}"
        identity = {"value": f"{ins}{97 - int(ins) % 97:02d}", "oid": self._ondine.ins["oid"]}
        body = opening(identity, birth, "F", "FICTIF", address) | {"language": "en", "territory": awake()[0]}
        self._ask(201, "enrolment", "POST", "/records", json=body)
        return address


def opening(ins: Mapping[str, str], birth: date, sex: str, name: str, email: str) -> dict[str, Any]:
    """Return the body that opens a record."""
    return {
        "ins": dict(ins),
        "family_name": name,
        "given_names": ["Ondine"],
        "birth_date": birth.isoformat(),
        "sex": sex,
        "birth_place": "99990",
        "email": email,
    }
