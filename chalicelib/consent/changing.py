"""One decision of the holder: one conditional write, journaled with what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.gate import Ask, Seen, gate
from ..access.room import with_room
from ..kernel.errors import Stale
from ..kernel.host import Host


@dataclass(frozen=True, slots=True)
class Wish:
    """Who decides about which record. `version` is the policy_version the holder has seen, or None."""

    actor: Actor
    record: str
    request: str = ""
    version: int | None = None


def change(
    host: Host,
    wish: Wish,
    action: str,
    next_choices: Callable[[Choices], Choices],
    first: Callable[[Choices], None] | None = None,
    **detail: Any,
) -> None:
    """Carry out one decision. Raise Stale unless `version` is what the holder has seen, Conflict without room.

    `first` is done once it is allowed and before it is written; safe to repeat and to be done in vain.
    """
    ask = Ask(
        wish.actor,
        wish.record,
        action,
        before=lambda seen: _before(seen, wish, first),
        change=lambda choices: with_room(choices, next_choices(choices)),
        request=wish.request,
        detail=detail,
    )
    gate(host, ask)


def _before(seen: Seen, wish: Wish, first: Callable[[Choices], None] | None) -> None:
    unchanged(seen, wish)
    if first:
        first(seen.choices)


def unchanged(seen: Seen, wish: Wish) -> None:
    """Raise Stale unless the choices are those the holder has seen.

    To nobody else is a version shown, nor may it be guessed: it counts what a minor does in secret (abuse A21).
    """
    if wish.version is None:
        return
    if wish.actor.id != seen.choices.holder or wish.version != seen.facts.policy_version:
        raise Stale


def flipped(members: frozenset[str], name: str, *, on: bool) -> frozenset[str]:
    """Return the set with or without one name."""
    return members | {name} if on else members - {name}


def without(entries: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the mapping without one name."""
    return {key: value for key, value in entries.items() if key != name}
