"""Intake of insured people from a file: one job a file, one chunk of lines a message, safe to kill and to run twice.

The fund puts the file into the bucket under `enrolment/`, in clear as it has it; the job deletes it once its last line
is taken. A chunk is a range of bytes that follows from where the one before ended, so that every try sees the same
lines: people are invited (once each, whoever is faster), rejects are written under a name that follows from the place,
then one conditional update moves the place and counts. A lost message costs time only: the job is in the work index.
People are told when their file is read: a file of a million lines is not slowed down by its own letters.
"""

import contextlib
import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

from ..access.actor import Actor
from ..access.clocks import today
from ..access.inviting import ACTION, invite
from ..access.keyring import system_key
from ..access.opening import permitted
from ..access.relay import send
from ..access.work import ENROLMENT, enrolment_shard, shards, work_off
from ..kernel.errors import AccessDenied, ConditionFailed, Conflict, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ids import new_record_id
from ..kernel.ports import NEW, Blob, Change, Key, When
from ..kernel.seal import fingerprint
from . import groups
from .lines import MOST, WINDOW
from .model import (
    DONE,
    READ,
    REJECTS,
    RUNNING,
    STOPPED,
    STOPPING,
    TELLING,
    Form,
    Job,
    Order,
    job_key,
    job_of,
    job_row,
    partition_of,
    pointer_key,
    rejects_of,
    rejects_row,
    rejects_sort,
)
from .outcomes import kept
from .sorting import Reject, Sorted, sort_window

QUEUE = "enrolment"
LEASE = timedelta(seconds=60)
"""how long one chunk may take before somebody else begins it too"""
PAGE = 50
"""chunks of rejects in one answer"""
GROUPS = 5
"""groups that one message tells"""
_TAKEN = "A job that is not over holds this name; wait for its end, or put the file under another name."
_ENDS = {TELLING: DONE, STOPPING: STOPPED}
"""while people are told -> what the job is in the end"""


def start(host: Host, actor: Actor, name: str, form: Form, request: str = "") -> Job:
    """Begin to take in an object, unless its job runs already. Raise NotFound.

    Raise Conflict when the job of another client runs, or of another file of this name: it deletes what lies there; or
    one that reads no more, and would leave the same file lying there in clear.
    """
    permitted(host, actor, "enrolment", ACTION, request)
    blob = next((one for one in host.blobs.list(name) if one.name == name), None)
    if blob is None:
        raise NotFound
    mark, job = _mark(host, blob), _pointed(host, name)
    more = {"mark": mark, "work": enrolment_shard(job), "since": (host.clock.now() + LEASE).isoformat()}
    row = job_row(system_key(host), job, Order(actor, name, form), blob.size, **more)
    with contextlib.suppress(ConditionFailed):  # it runs already
        host.rows.put(row, NEW)
    begun = _read(host, job)
    if begun.state in _ENDS or (begun.order.actor.id, begun.size, begun.mark) != (actor.id, blob.size, mark):
        raise Conflict(_TAKEN)
    _wake(host, job)
    return begun


def _mark(host: Host, blob: Blob) -> str:
    """Return what tells this file from another one of its size, and nobody learns anything from it.

    How it begins, and when it was put there: a line may have been corrected anywhere.
    """
    begin = hashlib.sha256(host.blobs.read(blob.name, 0, WINDOW))
    return fingerprint(system_key(host), "intake-content", begin.hexdigest(), blob.modified.isoformat())


def _pointed(host: Host, name: str) -> str:
    """Return the job that reads this object: the one that is at it, or a new one. Raise Unavailable.

    One that is named and not written yet, as a kill leaves it, keeps its name and is named anew: a night forgets what
    leads to no job.
    """
    key = pointer_key(system_key(host), name)
    found = host.rows.get([key]).get(key)
    named = str(found["job"]) if found else ""
    finished = _is_finished(host, named) if found else True
    if finished is False:
        return named
    job = new_record_id() if finished else named
    as_read = When(equals={"job": found["job"]}) if found else NEW
    try:
        host.rows.put({"pk": key[0], "sk": key[1], "job": job, **kept(host, job)}, as_read)
        return job
    except ConditionFailed:  # asked for twice at once, or forgotten meanwhile
        if now := host.rows.get([key]).get(key):
            return str(now["job"])
        raise Unavailable from None


def _is_finished(host: Host, job: str) -> bool | None:
    """Tell whether a job is over; None when there is none."""
    row = host.rows.get([job_key(job)]).get(job_key(job))
    return job_of(system_key(host), job, row).finished if row else None


def progress(host: Host, actor: Actor, job: str, request: str = "") -> Job:
    """Return how far a job is, to the client that began it. Raise NotFound."""
    permitted(host, actor, "enrolment", ACTION, request)
    found = _read(host, job)
    if found.order.actor.id != actor.id:
        raise NotFound
    return found


def rejects(host: Host, actor: Actor, job: str, after: int = 0, request: str = "") -> list[Reject]:
    """Return (line, reason) of rejected lines after this one, a page of them; an empty list when there are no more."""
    progress(host, actor, job, request)
    key, begin = system_key(host), rejects_sort(after - MOST) if after >= MOST else REJECTS
    rows = host.rows.query(partition_of(job), after=begin, upto=REJECTS + "~", limit=PAGE)
    return [one for row in rows for one in rejects_of(key, row) if one[0] > after]


def advance(host: Host, job: str, tell: groups.Tell, most: int = MOST) -> None:
    """Take the next chunk, at most so many lines, or tell the next group, and send for what comes after.

    Do nothing while another worker is at it.
    """
    with contextlib.suppress(ConditionFailed, NotFound):
        found = _leased(host, _read(host, job))
        if found.state in _ENDS:
            found = _tell(host, found, tell)
        if found.state == RUNNING:
            found = _take(host, found, most)
        if found.state == READ:
            host.blobs.delete(found.order.object)
            found = _turn(host, found, TELLING)
        if not found.finished:
            _wake(host, job)


def _leased(host: Host, job: Job) -> Job:
    """Take the lease. Raise ConditionFailed when there is nothing to do or somebody is at it."""
    now = host.clock.now()
    if job.finished or job.until > now.isoformat():
        raise ConditionFailed
    until = (now + LEASE).isoformat()
    host.rows.update(job_key(job.name), Change(set={"until": until, "since": until}), _as_read(job))
    return replace(job, until=until)


def _take(host: Host, job: Job, most: int) -> Job:
    """Take one chunk; return the job as it then is. Raise ConditionFailed when another worker took it."""
    place, order = job.place, job.order
    try:
        window = host.blobs.read(order.object, place.offset, place.offset + WINDOW)
        found = sort_window(order.form, place, window, job.size, today(host.clock.now()), most)
        note = partial(groups.note, host, job.name)
        invited = sum(invite(host, order.actor, found.people, f"{job.name}.{place.offset}", note))
    except (NotFound, AccessDenied):
        return _turn(host, job, STOPPING)
    if found.rejects:
        host.rows.put(rejects_row(system_key(host), job.name, place.line, found.rejects))
    return _move(host, job, found, invited)


def _move(host: Host, job: Job, found: Sorted, invited: int) -> Job:
    """Move the place, count, give the lease back: all at once, so that every line counts once."""
    counted = {"invited": invited, "known": len(found.people) - invited, "rejected": len(found.rejects)}
    state, due = READ if found.end else RUNNING, (host.clock.now() + LEASE).isoformat()
    place = {"offset": found.next.offset, "line": found.next.line, "inside": int(found.next.inside)}
    change = Change(set={**place, "state": state, "until": "", "since": due}, add=counted)
    host.rows.update(job_key(job.name), change, _as_read(job))
    return replace(job, place=found.next, state=state, until="")


def _tell(host: Host, job: Job, tell: groups.Tell) -> Job:
    """Tell some groups, or end when none is left."""
    for _ in range(GROUPS):
        if not groups.tell_next(host, job.name, tell):
            return _end(host, job, _ENDS[job.state])
    return _turn(host, job, job.state)


def _turn(host: Host, job: Job, state: str) -> Job:
    """Say what is done next, and give the lease back."""
    due = (host.clock.now() + LEASE).isoformat()
    host.rows.update(job_key(job.name), Change(set={"state": state, "until": "", "since": due}), _as_read(job))
    return replace(job, state=state, until="")


def _end(host: Host, job: Job, state: str) -> Job:
    change = Change(set={"state": state, "until": "", **kept(host, job.name)})
    host.rows.update(job_key(job.name), change, _as_read(job))
    return replace(job, state=state)


def _as_read(job: Job) -> When:
    return When(equals={"state": job.state, "offset": job.place.offset, "until": job.until})


def _read(host: Host, job: str) -> Job:
    key = job_key(job)
    row = host.rows.get([key]).get(key)
    if row is None:
        raise NotFound
    return job_of(system_key(host), job, row)


def _wake(host: Host, job: str) -> None:
    """Tell a worker. The job is in the work index, so a lost wake-up only costs time."""
    with contextlib.suppress(Unavailable):
        send(host, QUEUE, {"job": job})


def sweep(host: Host, limit: int = 100) -> int:
    """Wake jobs that nobody is at although lines are left, or people to tell; return how many."""
    now = host.clock.now()
    later = Change(set={"since": (now + LEASE).isoformat()})
    found = (key for shard in shards(ENROLMENT) for key in host.rows.work(shard, upto=now.isoformat(), limit=limit))

    def wake(key: Key) -> int:
        _wake(host, key[0].removeprefix("e#"))
        with contextlib.suppress(ConditionFailed):
            host.rows.update(key, later, When(present=("work",)))
        return 1

    return work_off(found, wake)
