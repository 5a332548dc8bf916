"""What can be done to entries of the profile. Each action asks the gate first.

Store calls, beside the two of the gate and one for the person: a new entry 1, a change or deletion 2; where reminders
follow from the section one query a hundred entries and one write more; of a professional one more, which counts it,
and two for the first of a day.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace as copy

from ..access.actor import Actor, Kind
from ..access.author import Author
from ..access.choices import Choices
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..access.journal import operation_of
from ..access.thing import Thing
from ..kernel.errors import ConditionFailed, Conflict, Invalid, NotFound, Stale, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, When
from . import floods, prevention
from .checks import follows, kept_back, suits
from .model import Draft, Entry, head_sort, new_id
from .reading import Shown, listing, read, shown, versions
from .store import begin_write, counts, entry_of, find, granted, keep, thing_of, unchanged, write
from .summary import summary
from .words import SECTIONS

__all__ = ["change", "create", "delete", "enter", "hide", "listing", "read", "show", "summary", "versions"]

_REUSED = "This Idempotency-Key was used for another request."
_ONE = "This section holds one entry: change it instead."
_OVER = "This entry was deleted meanwhile."


def create(host: Host, actor: Actor, record: str, draft: Draft, request: str = "", op: bytes = b"") -> Shown:
    """Note something new. The same request with the same key gets the same answer and one line in the journal.

    So does who tries again with the same `op`.
    """
    name, section = new_id(host, record, actor.id, draft), SECTIONS[draft.content.section]

    def thing(seen: Seen) -> Thing:
        keeps = draft.secret and (actor.kind is Kind.PROFESSIONAL or actor.id == seen.choices.holder)
        return Thing("profile", name, section.category, actor.id, actor.organisation, "available", secret=keeps)

    def before(seen: Seen) -> None:
        suits(host, actor, draft, seen)
        if head_sort(name) not in seen.rows:  # what was noted once gets its answer
            floods.count(host, actor, record)

    if draft.key and not draft.lasting:  # what stands again after a deletion has a line of its own each time
        op = operation_of("profile", record, name, actor.id, draft.digest())
    ask = _ask(actor, record, _verb(actor, "profile:record"), name, request, op)
    grant = gate(host, copy(ask, thing=thing, before=before))
    return _followed(host, grant, _first(host, grant, draft))


def enter(host: Host, actor: Actor, record: str, drafts: Sequence[Draft], request: str = "") -> list[str]:
    """Note many measures at once, under one line in the journal; return their ids in order.

    A reading is known by what it says: sent again, it is the same one, also when it was corrected or deleted meanwhile.
    Calls: 3, and one write a measure, all at once.
    """
    keyed = [copy(one, key=one.digest()) for one in drafts]
    names = [new_id(host, record, actor.id, one) for one in keyed]
    thing = Thing("profile", names[0], author=actor.id, organisation=actor.organisation, state="available")

    def before(seen: Seen) -> None:
        for place, one in enumerate(keyed):
            suits(host, actor, one, seen, f"/measures/{place}")

    ask = _ask(actor, record, "profile:write", names[0], request)
    grant = gate(host, copy(ask, thing=lambda _: thing, before=before, detail={"measures": len(names)}))
    made = {
        name: _made(host, grant, one).model_copy(update={"id": name}) for name, one in zip(names, keyed, strict=True)
    }
    for sent in [begin_write(host, grant, one, NEW) for one in made.values()]:
        with suppress(ConditionFailed):  # the same reading again
            sent.result()
    return names


def _first(host: Host, grant: Grant, draft: Draft) -> Entry:
    made = _made(host, grant, draft)
    try:
        return write(host, grant, made, NEW)
    except ConditionFailed:
        return _second(host, grant, draft, made)


def _made(host: Host, grant: Grant, draft: Draft) -> Entry:
    who, now = Author.of(grant.actor), host.clock.now()
    return Entry(
        content=draft.content,
        section=draft.content.section,
        author=who,
        by=who,
        noted=now,
        changed=now,
        secret=draft.secret,
        asked=draft.digest(),
        id=grant.about,
    )


def _second(host: Host, grant: Grant, draft: Draft, made: Entry) -> Entry:
    """Answer when an entry is there already: the same request again, or what has its place."""
    found, single = _stands(host, grant, made.id), SECTIONS[made.section].single
    if found.content is None and (draft.lasting or (single and not (draft.key and found.asked == made.asked))):
        return _written(host, grant, made.model_copy(update={"version": found.version}), unchanged(found))
    if found.content is None:
        raise Conflict(_OVER)
    if (found.content == draft.content) if single else (found.asked == made.asked):
        return found
    raise Conflict(_ONE) if single else Invalid(_REUSED)


def _stands(host: Host, grant: Grant, entry: str) -> Entry:
    key = partition(grant.record), head_sort(entry)
    row = host.rows.get([key]).get(key)
    if row is None:
        raise Unavailable
    return entry_of(grant.policy_key, grant.record, row)


def _written(host: Host, grant: Grant, entry: Entry, when: When) -> Entry:
    try:
        return write(host, grant, entry, when)
    except ConditionFailed:
        raise Stale from None  # somebody was faster: what this change was decided about is over


def change(
    host: Host, actor: Actor, record: str, entry: str, draft: Draft, expected: int | None, request: str = ""
) -> Shown:
    """Write the next version of one's own entry; the earlier one is kept. The same change again is one version.

    What a minor keeps secret stays so, whatever somebody else says of it.
    """

    def before(seen: Seen) -> None:
        found = find(seen, entry)
        if found is None:
            raise NotFound
        follows(draft, found)
        suits(host, actor, draft, seen)
        if expected not in (None, found.version) and not _same(found, kept_back(draft, found, actor, seen.choices)):
            raise Stale
        floods.count(host, actor, record)

    ask = copy(_ask(actor, record, _verb(actor, "profile:correct"), entry, request), before=before)
    grant = gate(host, ask)
    current = granted(grant, entry)
    ours = kept_back(draft, current, actor, grant.choices)
    if _same(current, ours):
        return _followed(host, grant, current)
    said = {"content": ours.content, "secret": ours.secret}
    return _next(host, grant, current.model_copy(update=said), current)


def _same(found: Entry, draft: Draft) -> bool:
    return (found.content, found.secret) == (draft.content, draft.secret)


def _next(host: Host, grant: Grant, following: Entry, current: Entry) -> Shown:
    keep(host, grant, current)
    signed = following.model_copy(update={"by": Author.of(grant.actor), "changed": host.clock.now()})
    return _followed(host, grant, _written(host, grant, signed, unchanged(current)))


def delete(
    host: Host, actor: Actor, record: str, entry: str, expected: int | None, request: str = "", op: bytes = b""
) -> None:
    """Delete one's own entry: it exists for nobody from then on; its trace stays in the journal.

    Who tries again with the same `op` leaves one.
    """

    def before(seen: Seen) -> None:
        found = find(seen, entry)
        if found is None:
            raise NotFound
        if expected not in (None, found.version):
            raise Stale
        floods.count(host, actor, record)

    ask = copy(_ask(actor, record, _verb(actor, "profile:correct"), entry, request, op), before=before)
    grant = gate(host, ask)
    current = granted(grant, entry)
    _next(host, grant, current.model_copy(update={"content": None}), current)


def _followed(host: Host, grant: Grant, entry: Entry) -> Shown:
    """Let the digest and the reminders follow from what counts for them; a try that was killed here does so again."""
    if counts(entry):
        prevention.refresh(host, grant)
        prevention.wake(host, grant.record)
    return shown(grant, entry, host.clock.now())


def hide(host: Host, actor: Actor, record: str, entry: str, request: str = "") -> None:
    """Hide from every professional but the author, from the next request on."""

    def hidden(choices: Choices) -> Choices:
        return copy(choices, hidden=choices.hidden | {entry}, shown=choices.shown - {entry})

    gate(host, copy(_ask(actor, record, "profile:hide", entry, request), change=hidden, person=False))


def show(host: Host, actor: Actor, record: str, entry: str, request: str = "") -> None:
    """Show again, against its category's being discreet too."""

    def open_again(choices: Choices) -> Choices:
        named = {entry} if choices.discreet else set()
        return copy(choices, hidden=choices.hidden - {entry}, shown=choices.shown | named)

    gate(host, copy(_ask(actor, record, "profile:show", entry, request), change=open_again, person=False))


def _verb(actor: Actor, professional: str) -> str:
    return professional if actor.kind is Kind.PROFESSIONAL else "profile:write"


def _ask(actor: Actor, record: str, action: str, entry: str, request: str, op: bytes = b"") -> Ask:
    rows = (head_sort(entry), prevention.HEALTH)
    ask = Ask(actor, record, action, rows, thing=thing_of(entry), person=True, request=request)
    return copy(ask, op=op, once=True) if op else ask
