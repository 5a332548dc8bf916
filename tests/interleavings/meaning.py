"""What the operations mean when they are carried out one after the other: written from the law, not from the code."""

from dataclasses import dataclass, replace

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


def carried_out(state: State, op: Operation) -> tuple[State, Outcome]:
    """Return the state afterwards and what the caller learns."""
    special = _MEANINGS.get(op.verb)
    if special:
        return special(state, op)
    if op.actor == PARENT and PARENT.id not in state.allowed:
        return state, ("refused",)
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
    delegate = op.actor in (PARENT, CARER)
    return op.actor == people.LAB or (op.actor.id in state.allowed and (delegate or not state.hidden))


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
    if op.verb in ("hide", "show"):
        return replace(state, hidden=op.verb == "hide")
    if op.verb in ("block", "revoke"):
        return replace(state, allowed=state.allowed - {op.text})
    if op.verb == "void":
        return replace(state, code=False)
    if op.verb == "allow":
        return replace(state, allowed=state.allowed | {op.text})
    if op.verb == "midnight":
        return replace(state, allowed=state.allowed - {PARENT.id})
    return replace(state, content=SECOND, pending="") if op.verb == "settle" else state


_MEANINGS = {
    "consult": _read,
    "range": _read,
    "list": _listed,
    "deposit": _deposited,
    "replace": _replaced,
    "use": _used,
}
"""what tells something or may be refused; everything else changes the holder's mind or the stores, and is done"""
