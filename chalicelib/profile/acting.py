"""What an agenda calls done, in the profile: one entry for an act and its day, whoever says so; none once unsaid."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from ..access.actor import Actor
from ..kernel.errors import AccessDenied, Invalid, NotFound, Stale, Unavailable
from ..kernel.host import Host
from ..kernel.ids import new_operation_id
from .actions import create, delete
from .acts import Prevention, Vaccination
from .model import Draft, new_id
from .words import ACTS

_TRIES = 5


def did(host: Host, actor: Actor, record: str, act: str, on: date, request: str = "") -> None:
    """Note that an act of policies/prevention/acts.csv took place on a day. Raise Invalid for an unknown act."""
    _looking_again(lambda op: create(host, actor, record, _said(act, on), request, op))


def undid(host: Host, actor: Actor, record: str, act: str, on: date, request: str = "") -> None:
    """Delete what `did` noted, if it is still there and for this caller to delete."""
    name = new_id(host, record, actor.id, _said(act, on))
    with suppress(NotFound, AccessDenied):  # to who acts for a minor, what is gone is refused like a secret
        _looking_again(lambda op: delete(host, actor, record, name, None, request, op))


def _looking_again(write: Callable[[bytes], object]) -> None:
    """Write without a condition of the caller's: whoever was faster is no reason to refuse. All tries are one entry."""
    op = new_operation_id()
    for _ in range(_TRIES):
        with suppress(Stale):
            write(op)
            return
    raise Unavailable


def _said(act: str, on: date) -> Draft:
    if act not in ACTS:
        raise Invalid(fields={"/act": "is not a known code"})
    made = Vaccination(section="vaccinations", act=act, on=on) if ACTS[act].kind == "vaccine" else None
    return Draft(made or Prevention(section="prevention", act=act, on=on), key=f"agenda-{act}-{on}", lasting=True)
