"""Changes of mind and of who acts for the holder: the states before, what is done, what must hold after a kill."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.caring import SORT
from chalicelib.access.choices import Choices
from chalicelib.access.keyring import actor_key
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding, delegating, handing
from chalicelib.consent.changing import Wish
from chalicelib.consent.issuing import Issued
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.vault import reading
from tests.people import HOLDER, PHYSIO

from .cases import Case, opened
from .checks import Outcome
from .recovery import settle_down
from .worlds import World

CARER = Actor(Kind.CITIZEN, "citizen:aidant", "Hector AIDANT")
KEY = "invite-0001"


def invited(world: World) -> Case:
    """A record whose holder invited a carer."""
    case = opened(world)
    return _with_code(world, case, delegating.invite_carer(world.host(), Wish(HOLDER, case.record), "Hector"))


def helped(world: World) -> Case:
    """The same, the carer having accepted."""
    case = invited(world)
    accept(world.host(), case)
    settle_down(world.host())
    return case


def handed(world: World) -> Case:
    """A record whose holder made an access code."""
    case = opened(world)
    return _with_code(world, case, handing.hand_over(world.host(), Wish(HOLDER, case.record)))


def _with_code(world: World, case: Case, issued: Issued) -> Case:
    settle_down(world.host())
    return replace(case, code=(issued.reference, issued.text))


def invite(host: Host, case: Case) -> object:
    issued = delegating.invite_carer(host, Wish(HOLDER, case.record), "Hector", KEY)
    return issued.reference, issued.text


def accept(host: Host, case: Case) -> object:
    return delegating.answer(host, CARER, delegating.Answer(*case.code, "carer"))


def revoke(host: Host, case: Case) -> None:
    delegating.revoke(host, Wish(HOLDER, case.record), "carer", CARER.id)


def use(host: Host, case: Case) -> object:
    return handing.use(host, PHYSIO, *case.code)


def choose(host: Host, case: Case) -> None:
    deciding.switch(host, Wish(HOLDER, case.record), "break_glass", on=False)


def _choices(outcome: Outcome) -> Choices:
    return consent.read(outcome.host, HOLDER, outcome.case.record).choices


def one_invitation(outcome: Outcome) -> Iterator[str]:
    codes = _choices(outcome).codes
    if len(codes) > 1 or len(set(outcome.answers)) > 1:
        yield "doubled: one request, two invitations"
    if outcome.must and not codes:
        yield "lost: the invitation"
    for answer in set(outcome.answers):
        reference, text = answer  # type: ignore[misc]
        try:
            delegating.answer(outcome.host, CARER, delegating.Answer(reference, text, "carer"))
        except CarnetError:
            yield "lost: a code that was shown"


def accepted(outcome: Outcome) -> Iterator[str]:
    choices, host, record = _choices(outcome), outcome.host, outcome.case.record
    is_carer = CARER.id in choices.carers
    if outcome.must and not is_carer:
        yield "lost: an accepted invitation"
    if is_carer == bool(choices.codes):
        yield "the code is left, or spent for nothing"
    yield from _agrees(outcome, is_carer=is_carer)
    pk = actor_key(host, CARER.id)[0]
    row = host.rows.get([(pk, SORT)]).get((pk, SORT), {})
    places = [value for name, value in row.items() if name.startswith("place_")]
    if len(places) > 1 or (is_carer and not places):
        yield f"doubled or lost: {len(places)} places for one person"
    if is_carer and [one.record for one in consent.mine(host, CARER)] != [record]:
        yield "lost: the carer does not find the record"


def revoked(outcome: Outcome) -> Iterator[str]:
    is_carer = CARER.id in _choices(outcome).carers
    if outcome.must and is_carer:
        yield "lost: an acknowledged revocation"
    yield from _agrees(outcome, is_carer=is_carer)


def _agrees(outcome: Outcome, *, is_carer: bool) -> Iterator[str]:
    try:
        reading.listing(outcome.host, CARER, outcome.case.record, reading.Filter())
        reads = True
    except CarnetError:
        reads = False
    if reads != is_carer:
        yield "the carer does not see what the holder decided"


def used(outcome: Outcome) -> Iterator[str]:
    choices = _choices(outcome)
    is_in = PHYSIO.id in choices.allowed
    if outcome.must and not is_in:
        yield "lost: a code that was used"
    if is_in == bool(choices.codes):
        yield "the code is left, or spent for nothing"


def chosen(outcome: Outcome) -> Iterator[str]:
    if outcome.must and "break_glass" not in _choices(outcome).opposed:
        yield "lost: an acknowledged choice"
