"""What the operations mean when they are carried out one after the other: written from the law, not from the code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.access.actor import Kind
from tests import people

from .operations import Operation, Outcome
from .setting import CARER, PARENT, SECOND


@dataclass(frozen=True, slots=True)
class State:
    """The holder's mind and the documents, as a person would tell them."""

    allowed: frozenset[str]
    """who may read: professionals that the holder allowed, and who acts for the holder now"""
    hidden: bool
    content: str
    filed: tuple[tuple[str, str], ...] = ()
    """(unique id, content) of what was deposited since the beginning"""
    pending: str = ""
    """content of a next version that waits for the checks"""
    code: bool = False
    """whether there is an access code that still works"""
    blocked: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    """who opened the record in an emergency"""
    closed: bool = False
    erasing: bool = False
    destroyed: bool = False
    kept_from: str = ""
    """who does not see the document: the representative before it is revealed, the holder before its announcement"""


DESTROYED = State(frozenset(), hidden=False, content="", destroyed=True)


def carried_out(state: State, op: Operation) -> tuple[State, Outcome]:
    """Return the state afterwards and what the caller learns."""
    if state.destroyed:
        return state, ("refused",)
    special = _MEANINGS.get(op.verb)
    if special:
        return special(state, op)
    if op.actor == PARENT and PARENT.id not in state.allowed:
        return state, ("refused",)
    if op.verb == "emergency" and (state.closed or op.actor.id in state.blocked):
        return state, ("refused",)
    if (op.verb in ("erase", "keep") and not state.closed) or (op.verb == "shred" and not state.erasing):
        return state, ("refused",)  # an erasure asked for again, or cancelled again, is done and changes nothing
    return _changed(state, op), ("done",)


def _read(state: State, op: Operation) -> tuple[State, Outcome]:
    return state, (("content", state.content) if _reads(state, op) else ("refused",))


def _used(state: State, op: Operation) -> tuple[State, Outcome]:
    """Let in whoever comes first with the code, and nobody after."""
    if not state.code:
        return state, ("refused",)
    return replace(state, allowed=state.allowed | {op.actor.id}, code=False), ("done",)


def _replaced(state: State, op: Operation) -> tuple[State, Outcome]:
    if state.pending not in ("", op.text):
        return state, ("failed", "Conflict")
    return replace(state, pending=op.text), ("filed",)


def _reads(state: State, op: Operation) -> bool:
    if op.actor.kind is Kind.CITIZEN:
        delegate = op.actor in (PARENT, CARER)
        return op.actor.id != state.kept_from and (not delegate or op.actor.id in state.allowed)
    trusted = op.actor.id in (state.allowed | state.opened) - state.blocked
    return not state.closed and (op.actor == people.LAB or (trusted and not state.hidden))


def _listed(state: State, op: Operation) -> tuple[State, Outcome]:
    if op.actor.id not in state.allowed:
        return state, ("refused",)
    name = "second" if state.content == SECOND else "first"
    return state, ("list",) if state.hidden else ("list", name)


def _deposited(state: State, op: Operation) -> tuple[State, Outcome]:
    known = dict(state.filed)
    if known.setdefault("same", op.text) != op.text:
        return state, ("failed", "Conflict")
    return replace(state, filed=tuple(known.items())), ("document", "same")


def _changed(state: State, op: Operation) -> State:
    change = _CHANGES.get(op.verb)
    return change(state, op) if change else state


def _blocked(state: State, who: str) -> State:
    """Keep somebody out, who loses with it what they had: permission, and an emergency that is not over."""
    kept = {"allowed": state.allowed - {who}, "opened": state.opened - {who}}
    return replace(state, blocked=state.blocked | {who}, **kept)


_CHANGES: Mapping[str, Callable[[State, Operation], State]] = {
    "hide": lambda state, _: replace(state, hidden=True),
    "show": lambda state, _: replace(state, hidden=False),
    "block": lambda state, op: _blocked(state, op.text),
    "allow": lambda state, op: replace(state, allowed=state.allowed | {op.text}, blocked=state.blocked - {op.text}),
    "revoke": lambda state, op: replace(state, allowed=state.allowed - {op.text}),
    "void": lambda state, _: replace(state, code=False),
    "midnight": lambda state, _: replace(state, allowed=state.allowed - {PARENT.id}),
    "emergency": lambda state, op: replace(state, opened=state.opened | {op.actor.id}),
    "close": lambda state, _: replace(state, closed=True),
    "erase": lambda state, _: replace(state, erasing=True),
    "keep": lambda state, _: replace(state, erasing=False),
    "shred": lambda _, __: DESTROYED,
    "reveal": lambda state, _: replace(state, kept_from=""),
    "announce": lambda state, _: replace(state, kept_from=""),
    "settle": lambda state, _: replace(state, content=SECOND, pending=""),
}
"""what a verb does to the holder's mind or the stores; every other verb changes nothing"""

_MEANINGS = {
    "consult": _read,
    "range": _read,
    "list": _listed,
    "deposit": _deposited,
    "replace": _replaced,
    "use": _used,
}
"""what tells something or may be refused; everything else changes the holder's mind or the stores, and is done"""
