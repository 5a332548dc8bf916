"""Telling the holder: at once, once a day or never, as they prefer; a report of a failure tries the next channel."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from ..access.actor import Actor, Kind
from ..access.ahead import ahead
from ..access.clocks import instant, over
from ..access.codes import activations, new_reference, opens, place_of, publish, sent_anew, subject_of
from ..access.facts import facts_key, facts_of, partition
from ..access.gate import RECENT, Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import holds, operation_of
from ..access.keyring import key_row_key
from ..access.person import FIRST, came_back, read_person
from ..access.reach import is_beyond_reach, not_reached, reach_key
from ..access.reach import reached as informed
from ..access.relay import send
from ..access.work import work_off
from ..kernel.errors import AccessDenied, Conflict, Invalid, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ports import Key
from . import daily
from .channels import Tried
from .contact import CHANGE, OPPOSED, SORT, Contact
from .contact_row import contact_of, mark_bounced
from .elsewhere import forget, forget_again
from .events import events
from .informing import theirs
from .invitation import INVITATION, LETTER, OPPOSITION, is_child, made_for_representative, to_representative
from .letters import lies
from .model import Letterhead, Notice
from .sending import tell
from .texts import CODED
from .told import HANDED, REACHED, Sending, say, sending_of, told

SYSTEM = Actor(Kind.SYSTEM, "system:notices", "Carnet")
QUEUE = "notices"
DECEASED = "deceased"
_BEGINS = {"invited": "invited"}
Outcome = Literal["delivered", "bounced", "refused"]


def notify(host: Host, letterhead: Letterhead, notice: Notice) -> None:
    """Tell the holder of one event, or lay it aside for the day's one notice, as they prefer. Raise Invalid.

    Whoever opposed by phone is told of it with the means that are kept until then, and go with it (RGPD art. 5.1.c);
    those that go with a letter wait for the printer (`retention`).
    """
    _notify(host, letterhead, notice)
    _forget_who_opposed(host, letterhead, [notice])


def _notify(host: Host, letterhead: Letterhead, notice: Notice) -> None:
    if notice.event not in events():
        raise Invalid
    if theirs(notice):
        return
    grant = _granted(host, notice)
    if notice.event in CODED and grant.facts.state == DECEASED:
        return  # nobody is left to whom the code could be of use
    if _is_over(grant, notice.event):
        forget_again(host, grant)
        return
    _, contact = contact_of(host, grant)
    if notice.event == CHANGE and contact.awaits(notice.name, host.clock.now()):
        raise Unavailable  # told too early, the old address would never hear of it (threat T07)
    preference = contact.preference(notice.event)
    if preference == "instant":
        reached = any(tell(host, letterhead, grant, one, notice) for one in _whom(host, grant, contact, notice))
        _note(host, grant, notice, reached=reached)
    elif preference == "daily":
        daily.wait(host, grant, notice)
    finished = grant.facts.state == OPPOSED and notice.event not in CODED and not came_back(grant.facts)
    if finished and not lies(host, told(host, grant, notice)):
        forget(host, grant)


def _forget_who_opposed(host: Host, letterhead: Letterhead, notices: Sequence[Notice]) -> None:
    """Forget who opposed while they were informed: what was laid meanwhile was not there to be forgotten. One read."""
    late = {facts_key(one.record): one for one in notices if one.event == INVITATION}
    found = host.rows.get(list(late)) if late else {}
    for key, row in found.items():
        if facts_of(late[key].record, row).state == OPPOSED:
            with suppress(AccessDenied, NotFound):  # destroyed by now
                _notify(host, letterhead, late[key])


def _is_over(grant: Grant, event: str) -> bool:
    """Tell whether it comes too late: that the record is going to open, or that it never will, is not so any more."""
    opposed = grant.facts.state == OPPOSED
    return (event == INVITATION and opposed) or (event == OPPOSITION and (not opposed or came_back(grant.facts)))


def notify_all(host: Host, letterhead: Letterhead, notices: Sequence[Notice]) -> None:
    """Tell many holders; who is refused, does not open, or has a channel that is down, keeps nobody from being told.

    Raise at the end what kept one from being told; at once that nobody can be, since there is nothing to read.
    """
    near = ahead(host, _read_along(notices), lambda _: ())
    near = replace(near, mail=Tried(near.mail), sms=Tried(near.sms))

    def one(notice: Notice) -> int:
        with suppress(AccessDenied, NotFound):  # it is journaled
            _notify(near, letterhead, notice)
        return 1

    work_off(notices, one)
    _forget_who_opposed(host, letterhead, notices)


def _read_along(notices: Sequence[Notice]) -> Iterator[Key]:
    """Yield what the gate asks for at first."""
    for notice in notices:
        yield facts_key(notice.record)
        yield key_row_key(notice.record)
        yield from ((partition(notice.record), sort) for sort in (SORT, FIRST))
        yield reach_key(notice.record)


def _whom(host: Host, grant: Grant, contact: Contact, notice: Notice) -> Iterator[Contact]:
    """Yield how to reach the holder; about the code of a child, each representative in turn, then the house.

    What came back from the child's own addresses says nothing about theirs.
    """
    found = read_person(host, grant).representatives if to_representative(host, grant, notice.event) else ()
    means = [(one.email, one.phone) for one in found if one.email or one.phone]
    for email, phone in means:
        bare = {"email": email, "phone": phone, "devices": (), "address": None, "bounced": ()}
        yield contact.model_copy(update=bare)
    yield contact.model_copy(update={"email": "", "phone": "", "devices": ()}) if means else contact


def _note(host: Host, grant: Grant, notice: Notice, *, reached: bool) -> None:
    """Count whom the information of the opening could not reach (R.1111-28); whoever is open or objected knows."""
    if notice.event == INVITATION and grant.facts.state == "invited":
        if reached:
            informed(host, notice.record)
        else:
            not_reached(host, notice.record, read_person(host, grant).territory)


def gather(host: Host, letterhead: Letterhead, record: str) -> None:
    """Tell once of everything that waits in this record since the day before. Safe to repeat."""
    mark = daily.mark_of(host, record)
    grant = _granted(host, Notice(record, "daily", host.clock.now().date().isoformat()))
    if turn := daily.begin(host, grant):
        _, contact = contact_of(host, grant)
        tell(host, letterhead, grant, contact, Notice(record, "daily", str(turn)))
        daily.end(host, grant, turn)
    daily.lift(host, grant, mark)


def report(host: Host, reference: str, channel: str, outcome: Outcome) -> None:
    """Take a provider's word on what became of a message; what failed is told over the next channel. Safe to repeat.

    A reference that leads nowhere (a record erased since) changes nothing and is not told from the others.
    """
    sending = sending_of(host, reference)
    if sending is None or sending.channel != channel:
        return
    op = operation_of("report", reference, outcome)
    detail = {"channel": channel, "outcome": outcome}
    try:
        ask = Ask(SYSTEM, sending.record, "notice:report", rows=(SORT,), detail=detail, op=op, once=True)
        _reported(host, gate(host, ask), sending, reference, outcome)
    except (AccessDenied, NotFound):
        return


def _reported(host: Host, grant: Grant, sending: Sending, reference: str, outcome: Outcome) -> None:
    if outcome == "delivered":
        say(host, grant, sending.notice, reference, outcome)
        return
    mark_bounced(host, grant, sending.channel, sending.target)
    say(host, grant, sending.notice, reference, "bounced")
    send(host, QUEUE, {"record": sending.record, "event": sending.event, "name": sending.name})


def informed_or_told_again(host: Host, record: str) -> bool:
    """Tell whether the letter of information was handed over, or nobody could be reached; else have it sent again.

    What no service took lies among the dead letters, perhaps for good: nobody's record opens because of that.
    """
    notice = Notice(record, INVITATION, LETTER)
    known = told(host, gate(host, _ask(notice)), notice)
    if REACHED.intersection(known.values()) or is_beyond_reach(host, record):
        return True
    send(host, QUEUE, {"record": record, "event": notice.event, "name": notice.name})
    return False


def _granted(host: Host, notice: Notice) -> Grant:
    """Return the grant under which it is told. The law counts its six weeks from the first information (R.1111-28)."""
    if notice.event != INVITATION:
        return gate(host, _ask(notice))
    grant = gate(host, replace(_ask(notice), turns=_BEGINS))
    if grant.facts.state != "invited":
        return grant
    before, ends = (over("opposition", since) for since in (grant.facts.turned, instant(host.clock.now())))
    if not _grown(host, grant, notice) and (before == ends or not _failed_before(host, grant, notice)):
        return grant
    again = replace(_ask(notice, ends), turns=_BEGINS)
    asked = _coded(host, grant, again)
    with suppress(Conflict):  # somebody else made a code, used one or opposed meanwhile: it is told as it is now
        found = gate(host, asked)
        if not asked.change:
            return found
    return gate(host, again)  # with the new code in the choices


def _coded(host: Host, grant: Grant, ask: Ask) -> Ask:
    """Let it make a new code when none works any more: whoever could not be written to for a year is informed too.

    Nor does the code of who represented a child that is of age.
    """
    now, fresh, birth = host.clock.now(), new_reference(), read_person(host, grant).birth_date
    if opens(grant.choices, birth, now):
        return ask
    subject = subject_of(birth, now)
    detail = {**ask.detail, "reference": fresh, "void": sorted(activations(grant.choices))}

    def ready(seen: Seen) -> None:
        if seen.facts.state != "invited" or seen.choices.codes != grant.choices.codes:
            host.rows.delete(place_of(fresh))  # of a try before this one: no entry will name it
            raise Conflict
        publish(host, seen.record, fresh)

    return replace(ask, before=ready, change=lambda choices: sent_anew(choices, fresh, subject, now), detail=detail)


def _grown(host: Host, grant: Grant, notice: Notice) -> bool:
    """Tell whether a child has come of age since it was enrolled, and no letter about it arrived yet."""
    if not made_for_representative(grant) or is_child(host, grant):
        return False
    return REACHED.isdisjoint(told(host, grant, notice).values())


def _failed_before(host: Host, grant: Grant, notice: Notice) -> bool:
    """Tell whether the six weeks began with a try that handed nothing over: a server was down, for days perhaps."""
    tried = holds(host, grant.facts, grant.op, grant.facts.last - RECENT)
    return tried and HANDED.isdisjoint(told(host, grant, notice).values())


def _ask(notice: Notice, *again: str) -> Ask:
    op = operation_of("notice", notice.event, notice.name, *again)
    ask = Ask(SYSTEM, notice.record, "notice:send", (SORT,), person=True, detail={"event": notice.event})
    return replace(ask, op=op, once=True)
