"""What is kept of how a person was reached, in the record and outside it: what goes with it or before it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from ..access.facts import Facts, facts_key, facts_of, partition
from ..access.grant import Grant
from ..access.person import bare, came_back, forget_contact, person_in
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Key, When
from . import daily, letters, told
from .contact import OPPOSED, SORT


def lying(host: Host, grant: Grant) -> Iterator[Key]:
    """Yield what lies outside: the letters, and the hint that something waits for the night.

    Not the ways back from what was told (`ways_back`): they are found without the record's keys.
    """
    yield from letters.lying(host, grant)
    yield daily.hint(grant.record)


def ways_back(host: Host, record: str) -> Iterator[Key]:
    """Yield what leads back to a record from what it was told, and letters that were laid while nobody listed them."""
    for reference in told.references(host, record):
        yield from (told.way_key(reference), letters.letter_key(reference), letters.hint(reference))


def forget(host: Host, grant: Grant) -> None:
    """Delete every address of whoever opposed, used or to be used; safe to repeat.

    Who has opened the record meanwhile is not forgotten, nor what they say from then on, nor who asks for it again.
    """
    where = partition(grant.record)
    # Before facts: what comes later is another version, or not among these.
    contact = host.rows.get([(where, SORT)]).get((where, SORT))
    inside = (
        (where, str(row["sk"]))
        for prefix in (letters.PREFIX, told.PREFIX, told.WAYS)
        for row in host.rows.query(where, after=prefix, upto=prefix + "~", limit=1000)
    )
    lies = [*ways_back(host, grant.record), *lying(host, grant), *inside]
    facts = _facts(host, grant.record)
    if facts.state != OPPOSED or facts.person != grant.facts.person:
        return
    for key in lies:
        host.rows.delete(key)
    if contact:
        with suppress(ConditionFailed):
            host.rows.delete((where, SORT), When(equals={"version": contact["version"]}))
    forget_contact(host, grant)


def forget_again(host: Host, grant: Grant) -> None:
    """Delete what was laid to tell somebody who opposed meanwhile, and was forgotten before it was there."""
    facts = _facts(host, grant.record)
    if facts.state == OPPOSED and not came_back(facts):
        person = person_in(host, grant.policy_key, facts)
        if bare(person) == person:  # else they are still to be told that they opposed
            forget(host, replace(grant, facts=facts))


def _facts(host: Host, record: str) -> Facts:
    key = facts_key(record)
    return facts_of(record, host.rows.get([key]).get(key))
