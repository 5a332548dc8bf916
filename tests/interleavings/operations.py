"""The operations that are put against each other, and what becomes of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chalicelib import jobs
from chalicelib.access.actor import Actor
from chalicelib.access.facts import facts_key, facts_of
from chalicelib.access.flush import flush
from chalicelib.access.gate import Ask, gate
from chalicelib.access.relay import relay
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating, handing
from chalicelib.consent.changing import Wish
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.enrolment import life
from chalicelib.enrolment.shred import shred
from chalicelib.following import follow
from chalicelib.kernel.errors import AccessDenied, CarnetError, NotFound
from chalicelib.kernel.host import Host
from chalicelib.vault import actions, changes, confidentiality, intake, reading, replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.inspection.verdict import Verdict
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from tests import people

QUOTAS = Quotas(1000, 1000)
Outcome = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What stood before the operations began: the record, its document, and a read-id of the doctor."""

    record: str
    document: str
    ticket: str
    code: tuple[str, str] = ("", "")
    """(reference, text) of an access code"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of one actor; its name is the request id in the journal."""

    name: str
    verb: str
    actor: Actor = people.DOCTOR
    text: str = ""
    """content of a deposit, or whom the holder decides about"""


def draft(content: bytes, unique: str, *codes: str) -> Draft:
    """Return what the laboratory says about a text."""
    return Draft(
        type="11502-2",
        title="Bilan",
        media="text/plain",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        unique_id=unique,
        confidentiality=codes,
    )


def accept(_content: bytes, media: str) -> Verdict:
    """Find nothing wrong: what the checks find is the matter of other tests, and they run in another process."""
    return Verdict(True, "", media)


def perform(host: Host, stage: Stage, operation: Operation) -> Outcome:
    """Carry it out and say what the caller learned."""
    try:
        return _VERBS[operation.verb](host, stage, operation)
    except (NotFound, AccessDenied):
        return ("refused",)
    except CarnetError as error:
        return ("failed", type(error).__name__)


def _consult(host: Host, stage: Stage, op: Operation) -> Outcome:
    found = consult(host, op.actor, stage.record, stage.document, request=op.name)
    return ("content", found.data.decode())


def _range(host: Host, stage: Stage, op: Operation) -> Outcome:
    found = consult(host, op.actor, stage.record, stage.document, ticket=stage.ticket, request=op.name)
    return ("content", found.data.decode())


def _listing(host: Host, stage: Stage, op: Operation) -> Outcome:
    page = reading.listing(host, op.actor, stage.record, reading.Filter(), request=op.name)
    return ("list", *(shown.document.draft.unique_id for shown in page.documents))


def _hide(host: Host, stage: Stage, op: Operation) -> Outcome:
    changes.hide(host, op.actor, stage.record, stage.document, op.name)
    return ("done",)


def _show(host: Host, stage: Stage, op: Operation) -> Outcome:
    changes.show(host, op.actor, stage.record, stage.document, op.name)
    return ("done",)


def _block(host: Host, stage: Stage, op: Operation) -> Outcome:
    consent.block(host, op.actor, stage.record, op.text, op.name)
    return ("done",)


def _allow(host: Host, stage: Stage, op: Operation) -> Outcome:
    consent.allow(host, op.actor, stage.record, op.text, op.name)
    return ("done",)


def _revoke(host: Host, stage: Stage, op: Operation) -> Outcome:
    delegating.revoke(host, Wish(op.actor, stage.record, op.name), "carer", op.text)
    return ("done",)


def _use(host: Host, stage: Stage, op: Operation) -> Outcome:
    handing.use(host, op.actor, *stage.code, op.name)
    return ("done",)


def _void(host: Host, stage: Stage, op: Operation) -> Outcome:
    handing.take_back(host, Wish(op.actor, stage.record, op.name), stage.code[0])
    return ("done",)


def _midnight(host: Host, stage: Stage, op: Operation) -> Outcome:
    host.rows.get([facts_key(stage.record)])  # a step, so that it has its place among those of the others
    host.clock.set(datetime.fromisoformat(op.text))  # type: ignore[attr-defined]
    return ("done",)


def _emergency(host: Host, stage: Stage, op: Operation) -> Outcome:
    emergency.open_(host, op.actor, stage.record, Reason("UNCONSCIOUS", op.text), op.name)
    return ("done",)


def _close(host: Host, stage: Stage, op: Operation) -> Outcome:
    gate(host, Ask(op.actor, stage.record, "record:close", turns={"open": "closed"}, request=op.name))
    return ("done",)


def _erase(host: Host, stage: Stage, op: Operation) -> Outcome:
    life.erase(host, op.actor, stage.record, op.name)
    return ("done",)


def _keep(host: Host, stage: Stage, op: Operation) -> Outcome:
    life.keep(host, op.actor, stage.record, op.name)
    return ("done",)


def _shred(host: Host, stage: Stage, _op: Operation) -> Outcome:
    shred(host, stage.record, jobs.ELSEWHERE)
    return ("done",)


def _reveal(host: Host, stage: Stage, op: Operation) -> Outcome:
    confidentiality.reveal(host, op.actor, stage.record, stage.document, op.name)
    return ("done",)


def _announce(host: Host, stage: Stage, op: Operation) -> Outcome:
    confidentiality.announce(host, op.actor, stage.record, stage.document, op.name)
    return ("done",)


def _deposit(host: Host, stage: Stage, op: Operation) -> Outcome:
    content = op.text.encode()
    filing = Filing(op.actor, stage.record, draft(content, "same"), request=op.name)
    return ("document", actions.deposit(host, filing, content, QUOTAS).id)


def _replace(host: Host, stage: Stage, op: Operation) -> Outcome:
    content = op.text.encode()
    filing = Filing(op.actor, stage.record, draft(content, op.text), request=op.name)
    replacing.replace(host, filing, stage.document, content, None, QUOTAS)
    return ("filed",)


def _settle(host: Host, stage: Stage, op: Operation) -> Outcome:
    intake.settle(host, stage.record, stage.document, int(op.text), accept)
    return ("done",)


def _flush(host: Host, stage: Stage, _op: Operation) -> Outcome:
    key = facts_key(stage.record)
    flush(host, facts_of(stage.record, host.rows.get([key])[key]))
    return ("done",)


def _relay(host: Host, stage: Stage, _op: Operation) -> Outcome:
    relay(host, stage.record, follow)
    return ("done",)


_VERBS: Mapping[str, Callable[[Host, Stage, Operation], Outcome]] = {
    "consult": _consult,
    "range": _range,
    "list": _listing,
    "hide": _hide,
    "show": _show,
    "block": _block,
    "allow": _allow,
    "revoke": _revoke,
    "midnight": _midnight,
    "use": _use,
    "void": _void,
    "emergency": _emergency,
    "close": _close,
    "erase": _erase,
    "keep": _keep,
    "shred": _shred,
    "reveal": _reveal,
    "announce": _announce,
    "deposit": _deposit,
    "replace": _replace,
    "settle": _settle,
    "flush": _flush,
    "relay": _relay,
}
