"""What the operations mean when they are carried out one after the other: written from the law, not from the code."""

from dataclasses import dataclass, replace

from chalicelib.access.actor import Kind
from tests import people

from .operations import Operation, Outcome
from .setting import SECOND


@dataclass(frozen=True, slots=True)
class State:
    """The holder's mind and the documents, as a person would tell them."""

    allowed: frozenset[str]
    hidden: bool
    content: str
    filed: tuple[tuple[str, str], ...] = ()
    """(unique id, content) of what was deposited since the beginning"""
    pending: str = ""
    """content of a next version that waits for the checks"""
    blocked: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    """who opened the record in an emergency"""
    closed: bool = False
    kept_from: str = ""
    """who does not see the document: the representative before it is revealed, the holder before its announcement"""


def carried_out(state: State, op: Operation) -> tuple[State, Outcome]:
    """Return the state afterwards and what the caller learns."""
    if op.verb in ("consult", "range"):
        return state, (("content", state.content) if _reads(state, op) else ("refused",))
    if op.verb == "list":
        return state, _listed(state, op)
    if op.verb == "deposit":
        return _deposited(state, op)
    if op.verb == "replace":
        return _replaced(state, op)
    if op.verb == "emergency" and (state.closed or op.actor.id in state.blocked):
        return state, ("refused",)
    return _changed(state, op), ("done",)


def _replaced(state: State, op: Operation) -> tuple[State, Outcome]:
    if state.pending not in ("", op.text):
        return state, ("failed", "Conflict")
    return replace(state, pending=op.text), ("filed",)


def _reads(state: State, op: Operation) -> bool:
    if op.actor.kind is Kind.CITIZEN:
        return op.actor.id != state.kept_from
    trusted = op.actor.id in (state.allowed | state.opened) - state.blocked
    return not state.closed and (op.actor == people.LAB or (trusted and not state.hidden))


def _listed(state: State, op: Operation) -> Outcome:
    if op.actor.id not in state.allowed:
        return ("refused",)
    name = "second" if state.content == SECOND else "first"
    return ("list",) if state.hidden else ("list", name)


def _deposited(state: State, op: Operation) -> tuple[State, Outcome]:
    known = dict(state.filed)
    if known.setdefault("same", op.text) != op.text:
        return state, ("failed", "Conflict")
    return replace(state, filed=tuple(known.items())), ("document", "same")


def _changed(state: State, op: Operation) -> State:
    if op.verb in ("hide", "show"):
        return replace(state, hidden=op.verb == "hide")
    if op.verb == "block":
        return replace(state, allowed=state.allowed - {op.text}, blocked=state.blocked | {op.text})
    if op.verb == "emergency":
        return replace(state, opened=state.opened | {op.actor.id})
    if op.verb == "close":
        return replace(state, closed=True)
    if op.verb in ("reveal", "announce"):
        return replace(state, kept_from="")
    return replace(state, content=SECOND, pending="") if op.verb == "settle" else state
