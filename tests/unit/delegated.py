"""A child with one parent, made past the routes: activation with the child's code is another capability's."""

from dataclasses import replace
from datetime import date

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import Choices
from chalicelib.access.delegation import bound, point_to
from chalicelib.access.gate import Ask, gate
from chalicelib.consent import delegating
from chalicelib.consent.changing import Wish
from chalicelib.consent.issuing import Issued
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import MemoryClock, memory_host
from chalicelib.kernel.host import Host
from chalicelib.vault import actions as vault
from chalicelib.vault import intake
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.model import Document, Draft, Filing
from tests.intake.system import QUOTAS
from tests.people import ENROLMENT, HOLDER, person

MOTHER = Actor(Kind.CITIZEN, "citizen:mere", "Céleste PARENT")
FATHER = Actor(Kind.CITIZEN, "citizen:pere", "Côme PARENT")
CARER = Actor(Kind.CITIZEN, "citizen:aidant", "Hector AIDANT")
BIRTH = date(2014, 5, 6)


def adult() -> tuple[Host, str]:
    """Return a host and the record of HOLDER."""
    host = memory_host()
    return host, open_(host, ENROLMENT, person(), HOLDER.id)[0]


def child(birth: date = BIRTH, clock: MemoryClock | None = None) -> tuple[Host, str]:
    """Return a host and the record of a child that MOTHER activated."""
    host = memory_host(clock)
    who = person(ins="114059999000583", birth=birth, sex="M")
    record, _ = open_(host, ENROLMENT, who, MOTHER.id)
    now = host.clock.now()

    def activated(choices: Choices) -> Choices:
        return bound(replace(choices, holder=""), who, MOTHER, now)

    point_to(host, bound(Choices(), who, MOTHER, now), MOTHER.id, record, now)
    gate(host, Ask(MOTHER, record, "choices:told", change=activated))
    return host, record


def accepts(host: Host, actor: Actor, issued: Issued, role: str, *, accepted: bool = True) -> str:
    """Answer an invitation."""
    return delegating.answer(host, actor, delegating.Answer(issued.reference, issued.text, role, accepted))


def helped() -> tuple[Host, str]:
    """Return the record of HOLDER with CARER as carer."""
    host, record = adult()
    accepts(host, CARER, delegating.invite_carer(host, Wish(HOLDER, record), "Hector"), "carer")
    return host, record


def filed(
    host: Host, record: str, actor: Actor, unique: str = "u", text: str = "un texte", code: str = "11502-2"
) -> Document:
    """Deposit a text and let the checks accept it."""
    content = text.encode()
    import hashlib

    digest = hashlib.sha256(content).hexdigest()
    draft = Draft(type=code, title="Bilan", media="text/plain", size=len(content), sha256=digest, unique_id=unique)
    document = vault.deposit(host, Filing(actor, record, draft), content, QUOTAS)
    intake.settle(host, record, document.id, 1, lambda _content, media: Verdict(True, "", media))
    return document
