"""What an agenda calls done, in the profile: one entry for an act and its day, whoever says so; none once unsaid."""

from contextlib import suppress
from datetime import date

from ..access.actor import Actor
from ..kernel.errors import AccessDenied, Invalid, NotFound
from ..kernel.host import Host
from .actions import create, delete
from .acts import Prevention, Vaccination
from .model import Draft, new_id
from .reading import Shown
from .words import ACTS


def did(host: Host, actor: Actor, record: str, act: str, on: date, request: str = "") -> Shown:
    """Note that an act of policies/prevention/acts.csv took place on a day. Raise Invalid for an unknown act."""
    return create(host, actor, record, _said(act, on), request)


def undid(host: Host, actor: Actor, record: str, act: str, on: date, request: str = "") -> None:
    """Delete what `did` noted, if it is still there and for this caller to delete."""
    with suppress(NotFound, AccessDenied):  # to who acts for a minor, what is gone is refused like a secret
        delete(host, actor, record, new_id(host, record, actor.id, _said(act, on)), None, request)


def _said(act: str, on: date) -> Draft:
    if act not in ACTS:
        raise Invalid(fields={"/act": "is not a known code"})
    made = Vaccination(section="vaccinations", act=act, on=on) if ACTS[act].kind == "vaccine" else None
    return Draft(made or Prevention(section="prevention", act=act, on=on), key=f"agenda-{act}-{on}", lasting=True)
