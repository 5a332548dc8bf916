"""The whole story over HTTP with a canary in every field that a caller can fill, errors and refusals included."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from chalicelib.hosts.memory import MemoryMail
from infra.local.oidc.people import people
from infra.local.story import opening
from tests.http.api_people import issuer_of, roles
from tests.http.api_world import Answer

from .canaries import Place, words
from .listening import Listening

TYPE = "11502-2"
_WORDS = iter(words(400))


class Story:
    """Tells it, and remembers every canary it used."""

    def __init__(self, world: Listening) -> None:
        self.world = world
        self.canaries: set[str] = {TYPE}
        for person in (roles()[role] for role in ("holder", "other_citizen", "allowed_doctor", "physiotherapist")):
            self.canaries |= set(_leaves(person.claims)) | set(person.ins.values())
        self.canaries |= set(_leaves(people()["biologist"].claims))
        self.canaries = {one for one in self.canaries if len(one) > 7 and one not in _COMMON} | {TYPE}

    def word(self, prefix: str = "") -> str:
        """Return a fresh canary."""
        made = prefix + next(_WORDS)
        self.canaries.add(made)
        return made

    def ascii(self, prefix: str = "") -> str:
        """Return a fresh canary of plain letters."""
        made = prefix + next(_WORDS).replace("é", "y")
        self.canaries.add(made)
        return made

    def tell(self) -> None:
        """Play every step."""
        record = self._open("ondine", date(1976, 11, 23))
        self._open("barnabe", date(1976, 1, 1))
        document = self._deposit(record)
        self._parts(record)
        self._read(record, document)
        self._replace(record, document)
        self._agenda(record)
        self._emergency(record)
        self._refusals(record, document)
        self._errors(record, document)
        self._night(record)
        self._delete(record)

    def _send(self, who: str, method: str, path: str, **more: Any) -> Answer:
        return self.world.send(who, method, path, **more)

    def _must(self, expected: int, who: str, method: str, path: str, **more: Any) -> Any:
        answer = self._send(who, method, path, **more)
        assert answer.status == expected, (who, method, path, answer.status, answer.body[:300])
        return json.loads(answer.body) if answer.body.startswith(b"{") else answer

    def _open(self, name: str, birth: date) -> str:
        person = people()[name]
        email = f"{self.ascii()}@{self.ascii().lower()}.example"
        self.canaries |= {email, email.lower()}
        body = opening(person.ins, birth, "F", self.word(), email)
        body |= {"given_names": [self.word(), self.word()]}
        body["holder"] = {"issuer": issuer_of("citizens"), "subject": person.claims["sub"]}
        return str(self._must(201, "enrolment", "POST", "/records", body=body)["record"])

    def _metadata(self) -> dict[str, str]:
        return {"type": TYPE, "title": f"{self.word()} {self.word()}", "unique_id": self.ascii("id-")}

    def _content(self) -> bytes:
        return f"{self.word()} 14 g/dL {self.word()}\n".encode()

    def _deposit(self, record: str) -> str:
        ins = {"ins": dict(people()["ondine"].ins)}
        self._must(200, "author_lab", "POST", "/record-lookups", body=ins)
        form, path = (self._metadata(), self._content(), "text/plain"), f"/records/{record}/documents"
        key = {"Idempotency-Key": self.ascii("key-")}
        deposited = self._must(202, "author_lab", "POST", path, form=form, more=key)
        self._must(202, "author_lab", "POST", path, form=form, more=key)
        own = (self._metadata(), self._content(), "text/plain")
        self._must(202, "holder", "POST", path, form=own)
        broken = ({**self._metadata(), "title": self.word()}, b"%PDF-1.7 " + self._content(), "application/pdf")
        self._must(202, "author_lab", "POST", path, form=broken)
        self.world.work()
        self._must(200, "author_lab", "GET", f"{path}/{deposited['document']}/status")
        return str(deposited["document"])

    def _parts(self, record: str) -> None:
        content = self._content()
        about = {**self._metadata(), "media": "text/plain", "size": len(content)}
        about |= {"sha256": hashlib.sha256(content).hexdigest()}
        path = f"/records/{record}/uploads"
        begun = self._must(201, "author_lab", "POST", path, body=about)["document"]
        self._must(204, "author_lab", "PUT", f"{path}/{begun}/parts/1", raw=content)
        self._send("author_lab", "POST", f"{path}/{begun}/completion")
        self.world.work()

    def _read(self, record: str, document: str) -> None:
        here = f"/records/{record}/documents/{document}"
        subject = {"kind": "professional", "id": roles()["allowed_doctor"].claims["SubjectNameID"]}
        self._must(200, "holder", "POST", f"/records/{record}/choices/allow", body=subject)
        read = self._send("allowed_doctor", "GET", f"{here}/content")
        assert read.status == 200, read
        part = {"Range": "bytes=0-3", "Carnet-Read": read.headers["carnet-read"]}
        self.world.heard.tokens.add(read.headers["carnet-read"])
        self._send("allowed_doctor", "GET", f"{here}/content", more=part)
        search = {"text": self.word(), "types": [TYPE], "author": self.ascii()}
        for who in ("holder", "allowed_doctor"):
            self._must(200, who, "GET", here)
            self._must(200, who, "GET", f"/records/{record}/documents")
            self._must(200, who, "POST", f"/records/{record}/documents/search", body=search)
        self._must(204, "holder", "PUT", f"{here}/visibility", body={"hidden": True})
        self._must(404, "allowed_doctor", "GET", f"{here}/content")
        self._must(204, "holder", "PUT", f"{here}/visibility", body={"hidden": False})
        self._must(200, "holder", "GET", f"/records/{record}/history")
        self._must(200, "holder", "GET", "/me")

    def _replace(self, record: str, document: str) -> None:
        form = (self._metadata(), self._content(), "text/plain")
        self._must(202, "author_lab", "POST", f"/records/{record}/documents/{document}/versions", form=form)
        self.world.work()

    def _agenda(self, record: str) -> None:
        """Plan, be sent something, share the calendar and follow its link, rightly, wrongly and when it is revoked."""
        at, whom = "2027-05-17T09:41", {"kind": "PRACTITIONER", "name": self.word()}
        self.canaries.add(at)
        said = {"title": self.word(), "note": self.word(), "at": at}
        path = f"/records/{record}/agenda"
        entry = self._must(201, "holder", "POST", f"{path}/appointments", body={**said, "whom": whom})["entry"]
        self._must(200, "holder", "PUT", f"{path}/appointments/{entry}", body={**said, "note": self.word()})
        self._must(422, "holder", "POST", f"{path}/reminders", body={**said, "at": "2027-03-28T02:30"})
        self._must(201, "holder", "POST", f"{path}/reminders", body={**said, "title": self.word()})
        pushed = {**said, "title": self.word(), "reference": self.ascii("rdv-")}
        self._must(200, "allowed_doctor", "POST", f"{path}/pushed", body=pushed)
        self._must(403, "unknown_doctor", "POST", f"{path}/pushed", body={**pushed, "title": self.word()})
        self._must(200, "holder", "GET", path)
        made = self._must(201, "holder", "POST", f"/records/{record}/calendars", body={"in_words": True})
        link = "/".join(("", "calendars", *made["url"].split("/")[-2:]))
        self.canaries.add(link.rpartition("/")[2].removesuffix(".ics"))
        assert self._send("anonymous", "GET", link).status == 200
        assert self._send("anonymous", "GET", f"{link}x").status == 404
        self._must(204, "holder", "DELETE", f"/records/{record}/calendars/{made['reference']}")
        assert self._send("anonymous", "GET", link).status == 404
        self._must(204, "holder", "DELETE", f"{path}/entries/{entry}")
        self.world.work()

    def _emergency(self, record: str) -> None:
        """Break the glass twice, the second time with copied words, and search the history for who did."""
        path = f"/records/{record}/emergency"
        body = {"reason": "UNCONSCIOUS", "text": f"{self.word()} {self.word()} {self.word()}"}
        self._must(201, "unknown_doctor", "POST", path, body=body)
        self.world.clock.advance(timedelta(days=2))
        self._must(422, "unknown_doctor", "POST", path, body=body)
        self._must(422, "other_lab", "POST", path, body={**body, "text": self.word()})
        form = ({**self._metadata(), "confidentiality": ["MASQUE_PS"]}, self._content(), "text/plain")
        self._must(202, "author_lab", "POST", f"/records/{record}/documents", form=form)
        self.world.work()
        who = f"pro:{roles()['unknown_doctor'].claims['SubjectNameID']}"
        self._must(200, "holder", "POST", f"/records/{record}/history/search", body={"actor": who})

    def _refusals(self, record: str, document: str) -> None:
        for who in ("physiotherapist", "unknown_doctor", "other_citizen", "insurer", "support", "software"):
            for tail in ("", "/content"):
                answer = self._send(who, "GET", f"/records/{record}/documents/{document}{tail}")
                assert answer.status in (401, 403, 404), answer
        subject = {"kind": "professional", "id": roles()["blocked_doctor"].claims["SubjectNameID"]}
        self._must(200, "holder", "POST", f"/records/{record}/choices/block", body=subject)

    def _errors(self, record: str, document: str) -> None:
        """Ask for every kind of refusal with a canary in what is wrong."""
        documents = f"/records/{record}/documents"
        bad: list[Mapping[str, Any]] = [
            {"form": ({**self._metadata(), "type": self.word()}, self._content(), "text/plain")},
            {"form": ({**self._metadata(), self.word(): self.word()}, self._content(), "text/plain")},
            {"form": ({**self._metadata(), "title": self.word() * 40}, self._content(), "text/plain")},
            {"form": ({**self._metadata(), "created": self.word()}, self._content(), "text/plain")},
            {"form": ({**self._metadata(), "sha256": "0" * 64}, self._content(), "text/plain")},
            {"form": (self._metadata(), self._content(), f"text/{self.ascii().lower()}")},
            {"form": (self._metadata(), self._content(), "text/plain"), "more": {"Idempotency-Key": self.ascii() * 99}},
            {"raw": self._content()},
            {"body": {self.word(): self.word()}},
        ]
        answers = [self._send("author_lab", "POST", documents, **one) for one in bad]
        answers += [self._send("author_lab", "POST", "/record-lookups", body=body) for body in self._lookups()]
        answers += [self._send("holder", "GET", path) for path in self._paths(record, document)]
        answers += [self._send("holder", "POST", f"{documents}/search", body={"text": [self.word()], self.word(): 1})]
        query = f"cursor={self.ascii()}&{self.ascii()}={self.ascii()}"
        answers += [self._send("holder", "GET", documents, query=query)]
        headers: list[Mapping[str, str]] = [{"Authorization": f"Bearer {self.ascii('ey')}.{self.ascii()}.b"}]
        headers += [{"DPoP": self.ascii(), "Range": self.ascii()}]
        answers += [self._send("anonymous", "GET", documents, more=one) for one in headers]
        half = {"raw": b'{"hidden": ' + self._content(), "more": {"Content-Type": "application/json"}}
        answers += [self._send("holder", "PUT", f"{documents}/{document}/visibility", **half)]
        assert {answer.status for answer in answers} >= {400, 401, 404, 415, 422}, [answer.status for answer in answers]

    def _lookups(self) -> Iterator[Any]:
        yield {"ins": {"value": self.ascii("1"), "oid": self.ascii()}}
        yield {"ins": {"value": "194039999000370", "oid": "1.2.250.1.213.1.4.10"}, self.word(): self.word()}
        yield {"ins": {"value": "276119999000999", "oid": "1.2.250.1.213.1.4.10"}}
        yield [self.word()]

    def _paths(self, record: str, document: str) -> Iterator[str]:
        yield f"/{self.ascii()}"
        yield f"/records/{self.ascii()}/documents"
        yield f"/records/{record}/documents/{self.ascii()}"
        yield f"/records/{record}/documents/{document}/{self.ascii()}"

    def _night(self, record: str) -> None:
        self.world.night()
        self.world.clock.advance(timedelta(days=1))
        self.world.night()
        self._must(200, "holder", "GET", f"/records/{record}/history")

    def _delete(self, record: str) -> None:
        form = (self._metadata(), self._content(), "text/plain")
        path = f"/records/{record}/documents"
        document = self._must(202, "author_lab", "POST", path, form=form)["document"]
        self.world.work()
        self._must(204, "author_lab", "DELETE", f"{path}/{document}")
        self._must(404, "holder", "GET", f"{path}/{document}")

    def secrets(self) -> set[str]:
        """Return every canary, the tokens that were sent among them."""
        return self.canaries | self.world.heard.tokens

    def places(self) -> Iterator[Place]:
        """Yield what was handed to the ports and what was told to callers who did something wrong."""
        heard = self.world.heard
        kept = {"rows": heard.rows, "objects": heard.blobs, "queue bodies": heard.queue, "error answers": heard.errors}
        for name, parts in kept.items():
            assert parts, name
            yield Place(name, b"\n".join(parts))
        yield from self._mails()

    def _mails(self) -> Iterator[Place]:
        mail = self.world.host.mail
        assert isinstance(mail, MemoryMail)
        assert len(mail.sent) > 1
        for message in mail.sent:
            del message["To"]  # the address itself
            yield Place("a mail", message.as_bytes() + message.get_content().encode())


_COMMON = frozenset({"99990", "1.2.250.1.213.1.4.10"})


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)
