"""A minor's record with documents, and whatever the holder decided: for the tests of what is not for everybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices, Delegation
from chalicelib.access.gate import Ask, gate
from chalicelib.consent.actions import allow
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import memory_host
from chalicelib.vault import actions
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.intake import settle
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, person

QUOTAS = Quotas(10_000, 10_000)
PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Alix EXEMPLE")
CARER = Actor(Kind.CITIZEN, "citizen:carer", "Sam AIDANT")
MINOR = date(2012, 5, 4)
_numbers = count(1)


def draft(content: bytes, *codes: str, title: str = "Bilan", unique: str = "") -> Draft:
    return Draft(
        type="11502-2",
        title=title,
        media="text/plain",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        unique_id=unique or f"unique-{next(_numbers)}",
        confidentiality=tuple(sorted(codes)),
    )


def accept(_content: bytes, media: str) -> Verdict:
    return Verdict(True, "", media)


class Records:
    """The host, the record of a minor who allowed DOCTOR, a document of LAB and one that the holder may hide."""

    def __init__(self, birth: date = MINOR) -> None:
        self.host = memory_host()
        self.record, _ = open_(self.host, ENROLMENT, person(birth=birth), HOLDER.id)
        allow(self.host, HOLDER, self.record, DOCTOR.id)
        self.document, self.hidden = self.deposit(), self.deposit()

    def deposit(self, *codes: str, actor: Actor = LAB, settled: bool = True, unique: str = "", title: str = "B") -> str:
        content = f"content {next(_numbers)}".encode()
        filing = Filing(actor, self.record, draft(content, *codes, unique=unique, title=title))
        document = actions.deposit(self.host, filing, content, QUOTAS).id
        if settled:
            settle(self.host, self.record, document, 1, accept)
        return document

    def other(self) -> str:
        """Open one more record of somebody else."""
        number = next(_numbers)
        return open_(self.host, ENROLMENT, person(ins=f"{255081416800000 + number}"), f"citizen:{number}")[0]

    def choose(self, change: Callable[[Choices], Choices]) -> None:
        """Let the holder decide something for which the test needs no route."""
        gate(self.host, Ask(HOLDER, self.record, "choices:allow", change=change))

    def at(self, instant: str, by: timedelta = timedelta(0)) -> None:
        """Go to an instant."""
        self.host.clock.set(datetime.fromisoformat(instant) + by)


def with_helpers() -> Records:
    """Return the same record, whose holder is represented by PARENT and helped by CARER."""
    found = Records()
    found.choose(
        lambda c: replace(c, proxies={PARENT.id: Delegation("parent")}, carers={CARER.id: Delegation("carer")})
    )
    return found
