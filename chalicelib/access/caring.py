"""How many people one carer helps: as many places as there may be, in one row of the carer.

A place is taken before the record names the carer, and free again when it no longer does: nobody ever has a sixth.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from ..kernel.errors import ConditionFailed, Conflict
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, When
from .choices import read_choices
from .clocks import instant
from .delegation import lasting
from .facts import facts_key, facts_of
from .keyring import actor_key, key_row_key, policy_key
from .mandates import ceilings

SORT = "0cares"
_FULL = "This person helps as many people as one may."
_SETTLED = timedelta(hours=1)
"""longer than any request lasts: a place taken by one that is still under way is not given away"""


def take_place(host: Host, carer: str, record: str) -> None:
    """Take a place for this record, or keep the one it has. Raise Conflict when all are taken."""
    key, now = place_key(host, carer), host.clock.now()
    for _ in range(2 * ceilings()["persons_per_carer"]):
        row = host.rows.get([key]).get(key, {})
        place = _place(host, row, carer, record, now)
        try:
            host.rows.update(key, Change(set={place: f"{record}@{instant(now)}"}), _unchanged(row, place))
            return
        except ConditionFailed:
            continue  # somebody took it meanwhile: look again
    raise Conflict(_FULL)


def place_key(host: Host, carer: str) -> Key:
    """Return where the places of a carer lie."""
    return actor_key(host, carer)[0], SORT


def leave_place(host: Host, key: Key, record: str) -> None:
    """Free the place of a record that is destroyed: nothing names it any more. Safe to repeat."""
    for place, taken in host.rows.get([key]).get(key, {}).items():
        if str(taken).partition("@")[0] == record:
            with suppress(ConditionFailed):  # given to somebody else meanwhile
                host.rows.update(key, Change(remove=(place,)), When(equals={place: taken}))


def _unchanged(row: Row, place: str) -> When:
    return When(equals={place: row[place]}) if place in row else When(absent=(place,))


def _place(host: Host, row: Row, carer: str, record: str, now: datetime) -> str:
    """Return the place of this record, an empty one, or one whose record no longer names the carer."""
    places = [f"place_{number}" for number in range(ceilings()["persons_per_carer"])]
    for place in places:
        if str(row.get(place, "")).partition("@")[0] == record:
            return place
    for place in places:
        if place not in row or _is_over(host, str(row[place]), carer, now):
            return place
    raise Conflict(_FULL)


def _is_over(host: Host, taken: str, carer: str, now: datetime) -> bool:
    record, _, since = taken.partition("@")
    return since < instant(now - _SETTLED) and not _names(host, record, carer, now)


def _names(host: Host, record: str, carer: str, now: datetime) -> bool:
    """Tell whether the record names this carer now. Nothing else of the record is told, and to the carer alone."""
    keys = [facts_key(record), key_row_key(record)]
    found = host.rows.get(keys)
    if len(found) < len(keys):
        return False
    facts, key = facts_of(record, found[keys[0]]), policy_key(host, record, found[keys[1]])
    return carer in lasting(read_choices(host, key, facts, found[keys[1]]).carers, now)
