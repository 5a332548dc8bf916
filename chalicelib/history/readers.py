"""Who reads of what in the journal: nobody learns here of a document that nowhere else exists for them (abuse A21)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from ..access.actor import Kind
from ..access.clocks import instant
from ..access.codes import REFERENCE
from ..access.grant import Grant
from ..access.journal import Entry
from ..kernel.host import Host
from ..kernel.ids import ID_PATTERN
from ..vault.reading import readable
from .model import group_of

NOT_FOUND = "NOT_FOUND"
_CODE = re.compile(REFERENCE)
_ABSENT = frozenset({"SECRET", "WITHHELD", "GONE", "ABSENT"})
_AROUND = frozenset({"reminder:arm", "record:find", "refusals:rollup"})
"""what happens around a writing, secret or not: that reminders are computed anew, that a depositor looked the record up
before, how many were refused; told to representatives, it would say that a minor has a secret, and from where"""
_FOR_PROFESSIONALS = frozenset({"access", "documents", "care", "emergency"})

Told = tuple[bool, bool, bool]
"""what decides which citizens are told of an entry"""
Judge = Callable[[Entry], Entry | None]
"""entry -> the entry as this reader may read it, None when it is not for this reader"""
Reader = Callable[[Sequence[Entry]], Judge]
"""entries of one page -> what judges each of them: documents are looked up once a page"""


def reader(host: Host, grant: Grant) -> Reader:
    """Return what the caller of a grant may read of the journal."""
    now = host.clock.now()
    if grant.actor.kind is Kind.CITIZEN:
        return lambda _: lambda entry: _for_citizen(grant, entry, now)
    return lambda entries: _for_professional(host, grant, entries)


def _for_citizen(grant: Grant, entry: Entry, now: datetime) -> Entry | None:
    if entry.actor == grant.actor.id and entry.effect == "deny" and entry.reason in _ABSENT:
        return replace(entry, reason=NOT_FOUND, rule="")  # one's own tries: kept back looks like absent, here too
    if _kept_back(grant, entry, now):
        return None
    return entry if grant.actor.id == grant.choices.holder else _for_others(entry)


def _kept_back(grant: Grant, entry: Entry, now: datetime) -> bool:
    choices = grant.choices
    secret = entry.secret and entry.about not in choices.revealed
    told = (secret or entry.action in _AROUND) and grant.actor.id != choices.holder
    return told or choices.withholds(entry.about, entry.withheld, instant(now))


def told_of(entry: Entry) -> Told:
    """Return what decides who is told of an entry: those who may read of one may read of all that are alike."""
    return entry.secret, bool(entry.withheld), entry.action in _AROUND


def _for_professional(host: Host, grant: Grant, entries: Sequence[Entry]) -> Judge:
    """Judge accesses and deposits: a holder's decisions, and refusals, would tell of restrictions (EHDS art. 8)."""
    known = readable(host, grant, {one.about for one in entries if is_document(one.about) and _open_to_care(one)})

    def judge(entry: Entry) -> Entry | None:
        told = _open_to_care(entry) and (entry.about in known or not is_document(entry.about))
        return _for_others(entry) if told else None

    return judge


def _for_others(entry: Entry) -> Entry:
    """Return it without what was said, and without the reference of a code, by which the help desk knows the holder."""
    return replace(entry, detail={}, about="" if _CODE.match(entry.about) else entry.about)


def _open_to_care(entry: Entry) -> bool:
    return entry.effect == "allow" and group_of(entry.action) in _FOR_PROFESSIONALS


def is_document(about: str) -> bool:
    """Tell whether an entry is about a document, not about a person, a code or the record."""
    return bool(re.match(ID_PATTERN, about))
