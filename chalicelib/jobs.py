"""What the queues and the schedules do: messages to actions, the minute and the night to sweeps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any

from .access.grant import Grant
from .access.journal import Entry
from .access.reach import count
from .access.relay import relay, relay_all, send
from .access.work import work_off
from .care import inbox
from .enrolment import bulk, clock, groups, outcomes
from .enrolment.lines import MOST
from .enrolment.shred import Places, shred
from .following import follow, invited
from .history.actions import roll_up
from .kernel.errors import AccessDenied, NotFound
from .kernel.host import Host
from .kernel.ports import Key
from .notices import batches, daily, elsewhere
from .notices.actions import gather, notify, notify_all
from .notices.model import Letterhead, Notice
from .profile import prevention
from .reminders import campaign, counting, coverage, index, slots
from .reminders.actions import arm_all, remind
from .reminders.state import STATE, lying
from .vault.announcing import day_of, tell, unannounced, withheld
from .vault.expiry import expire
from .vault.inspection.apart import inspect_apart
from .vault.intake import Inspect, settle, sweep

Work = Callable[[Mapping[str, Any]], None]
Step = Callable[[Host], int]


def _lying(host: Host, grant: Grant, entries: Sequence[Entry]) -> Iterator[Key]:
    yield from lying(grant)
    for document in withheld(host, grant):
        yield index.WAITING.key(day_of(document), f"{grant.record}#announce#{document.id}")
    yield from elsewhere.lying(host, grant)
    yield from inbox.lying(host, entries)


ELSEWHERE = Places((STATE,), _lying)
"""what is deleted with a record beside what enrolment knows of"""


def _refused_is_done() -> AbstractContextManager[None]:
    """End a job that the gate refuses (record closed, document deleted meanwhile): it is journaled, not retried."""
    return suppress(AccessDenied, NotFound)


def intake(host: Host, inspect: Inspect = inspect_apart) -> Work:
    """Return what settles one deposited version and sends at once what follows from it."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            settle(host, body["record"], body["document"], body["version"], inspect)
        relay(host, body["record"], follow)

    return work


def notices(host: Host, letterhead: Letterhead) -> Work:
    """Return what tells the holder of one event, or of everything that waits for the day's one notice."""

    def work(body: Mapping[str, Any]) -> None:
        if "records" in body:
            notify_all(host, letterhead, [Notice(one, body["event"], body["name"]) for one in _records(body)])
            return
        with _refused_is_done():
            if body.get("job") == "gather":
                gather(host, letterhead, body["record"])
            elif body["event"] in inbox.EVENTS:
                inbox.tell(host, body["record"], body["event"], body["name"], body.get("document", ""))
            else:
                notify(host, letterhead, Notice(body["record"], body["event"], body["name"]))

    return work


def _told(host: Host, body: Mapping[str, Any]) -> None:
    """Tell that an announcement waits, or lay it on its day. Woken, it leaves the day when there is nothing to do."""
    record, document, job = body["record"], body["document"], f"announce#{body['document']}"
    try:
        day, early = tell(host, record, document)
    except (AccessDenied, NotFound):
        _lift(host, body, record, job)
        raise
    if early:
        index.lay(host, day, record, job)
    else:
        _lift(host, {"day": day, **body}, record, job)


def _lift(host: Host, body: Mapping[str, Any], record: str, job: str) -> None:
    if body.get("day"):
        index.lift(host, body["day"], record, job)


def _told_again(host: Host, body: Mapping[str, Any]) -> None:
    """Tell what fell due while the record was not open: a refused job has left its day."""
    for document in unannounced(host, body["record"]):
        _told(host, {**body, "document": document})


_TURNS: Mapping[str, Callable[[Host, Letterhead, Mapping[str, Any]], object]] = {
    "arm": lambda host, _, body: arm_all(host, _records(body), prevention.current),
    "remind": lambda host, letterhead, body: remind(host, letterhead, body["place"], _records(body)),
    "page": lambda host, _, body: slots.page(host, body["place"], body["after"], body["number"]),
    "announce": lambda host, _, body: _told(host, body),
    "announcements": lambda host, _, body: _told_again(host, body),
    "lay": lambda host, _, body: clock.lay_all(host, _records(body)),
    "turn": lambda host, _, body: clock.turn(host, body["record"], body["day"], ELSEWHERE),
    "shred": lambda host, _, body: shred(host, body["record"], ELSEWHERE),
}


def _records(body: Mapping[str, Any]) -> list[str]:
    return str(body["records"]).split() if "records" in body else [body["record"]]


def reminders(host: Host, letterhead: Letterhead) -> Work:
    """Return what records ask for in their hour or on their day, and sends at once what follows from it."""

    def work(body: Mapping[str, Any]) -> None:
        with _refused_is_done():
            _TURNS[body["job"]](host, letterhead, body)
        if "record" in body:  # from what a group does nothing follows
            relay(host, body["record"], follow)

    return work


def enrolment(host: Host, most: int = MOST) -> Work:
    """Return what takes the next chunk of an intake file, at most so many lines, or tells people once it is read."""

    def work(body: Mapping[str, Any]) -> None:
        bulk.advance(host, body["job"], _tell_invited(host), most)

    return work


def _tell_invited(host: Host) -> groups.Tell:
    def tell(records: Sequence[str]) -> None:
        for queue, body in invited(records):
            send(host, queue, body)

    return tell


def minute(host: Host) -> Mapping[str, int]:
    """Relay what the journals hold, wake what was forgotten and whoever has an hour that has come."""
    return _all(host, _MINUTE)


_MINUTE: Mapping[str, Step] = {
    "relayed": lambda host: relay_all(host, follow),
    "woken": sweep,
    "enrolling": bulk.sweep,
    "due": slots.wake,
    "campaign": campaign.step,
    "health": prevention.sweep,
}


def night(host: Host) -> Mapping[str, int]:
    """Wake the day's reminders, notices and clocks, batch the letters, roll up refusals, delete what is over."""
    return _all(host, _NIGHT)


_NIGHT: Mapping[str, Step] = {
    "due": slots.again,
    "announced": index.night,
    "turns": clock.night,
    "shredding": clock.unfinished,
    "daily": daily.night,
    "letters": batches.night,
    "rolled": roll_up,
    "expired": expire,
    "left": lambda host: groups.night(host, _tell_invited(host)),
    "outcomes": outcomes.night,
    "unreached": count,
    "counted": counting.night,
    "published": coverage.publish,
}


def _all(host: Host, steps: Mapping[str, Step]) -> Mapping[str, int]:
    """Return what each step did, in order; what does not open, or cannot be had, ends its own step alone."""
    done: dict[str, int] = {}

    def step(name: str) -> int:
        done[name] = steps[name](host)
        return done[name]

    work_off(steps, step, in_a_row=len(steps))
    return done
