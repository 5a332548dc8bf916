"""What a third adversary found of help, late copies, limits and full choices (2026-11-28): each failed before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.choices import LARGEST, Delegation, Limit
from chalicelib.access.clocks import instant
from chalicelib.access.gate import Ask, gate
from chalicelib.care import actions as care
from chalicelib.consent import actions as consent
from chalicelib.consent import delegating, handing
from chalicelib.consent.changing import Wish
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.enrolment import life, support
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound
from chalicelib.notices import contact_actions
from chalicelib.vault import replacing
from chalicelib.vault.consult import consult
from chalicelib.vault.intake import settle, sweep
from chalicelib.vault.model import Filing
from tests.enrolment.world import World
from tests.people import DOCTOR, HOLDER, LAB, SUPPORT

from .confidential import QUOTAS, Records, accept, draft

ADULT = date(1955, 8, 14)
GP = replace(DOCTOR, id="pro:899700999999", organisation="org:1750100999")
GUARDIAN = Actor(Kind.CITIZEN, "citizen:tuteur", "Alix TUTEUR")
CERTIFICATES = Limit(categories=frozenset({"CERT_MED"}))


def guarded(*makers: Actor) -> World:
    """Let an agent of the support line in by a code of each maker; the guardian's mandate ends in five minutes."""
    world = World().activate()
    ends = instant(world.clock.now() + timedelta(minutes=5))
    world.decide(proxies={GUARDIAN.id: Delegation("tutelle", "Alix", ends)})
    for maker in makers:
        made = handing.ask_for_help(world.host, Wish(maker, world.record))
        support.session(world.host, SUPPORT, made.reference, made.text)
    consent.allow(world.host, SUPPORT, world.record, DOCTOR.id)
    return world


def dismissed(world: World) -> None:
    delegating.revoke(world.host, Wish(HOLDER, world.record), "proxy", GUARDIAN.id)


def outlived(world: World) -> None:
    world.clock.advance(timedelta(minutes=5))


ENDS = pytest.mark.parametrize("ends", [dismissed, outlived])


@ENDS
def test_help_that_a_representative_let_in_ends_with_them(ends: Callable[[World], None]) -> None:
    world = guarded(GUARDIAN)
    ends(world)
    with pytest.raises(AccessDenied):
        consent.allow(world.host, SUPPORT, world.record, DOCTOR.id)


@ENDS
@pytest.mark.parametrize("makers", [(HOLDER,), (HOLDER, GUARDIAN), (GUARDIAN, HOLDER)])
def test_help_that_the_holder_let_in_goes_on_when_a_representative_leaves(
    makers: tuple[Actor, ...], ends: Callable[[World], None]
) -> None:
    world = guarded(*makers)
    ends(world)
    consent.allow(world.host, SUPPORT, world.record, DOCTOR.id)


@pytest.mark.parametrize(("turn", "back", "stays"), [("close", "reopen", "open"), ("erase", "keep", "closed")])
def test_a_copy_with_its_key_changes_nothing_however_late_it_comes(turn: str, back: str, stays: str) -> None:
    world = World().activate()
    if turn == "erase":
        life.close(world.host, HOLDER, world.record)
    getattr(life, turn)(world.host, HOLDER, world.record, key="abcdefgh")
    getattr(life, back)(world.host, HOLDER, world.record, key="ijklmnop")
    for _ in range(260):
        contact_actions.read(world.host, HOLDER, world.record)
    getattr(life, turn)(world.host, HOLDER, world.record, key="abcdefgh")
    assert world.state == stays


def reads(records: Records) -> bool:
    try:
        consult(records.host, GP, records.record, records.document)
    except (AccessDenied, NotFound):
        return False
    return True


@pytest.mark.abuse("A03")
def test_a_limit_counts_for_whom_a_colleague_declared_before() -> None:
    records = Records(birth=ADULT)
    care.declare(records.host, DOCTOR, records.record, GP.id)
    consent.allow(records.host, HOLDER, records.record, GP.id, limit=CERTIFICATES)
    assert not reads(records)


def test_a_permission_without_a_limit_leaves_whom_a_colleague_declared_in_the_team() -> None:
    records = Records(birth=ADULT)
    care.declare(records.host, DOCTOR, records.record, GP.id)
    consent.allow(records.host, HOLDER, records.record, GP.id)
    assert GP.id in consent.read(records.host, HOLDER, records.record).choices.team


def fill(records: Records) -> None:
    """Let the holder decide until a row holds no decision more."""
    names = frozenset(f"pro:{number:012d}" for number in range(20_000))
    records.choose(lambda now: replace(now, blocked=names))
    size = len(gate(records.host, Ask(HOLDER, records.record, "choices:read")).choices.dump())
    for letters in range(LARGEST - size + 40, 0, -1):
        try:
            records.choose(lambda now, n=letters: replace(now, blocked=now.blocked | {"9" * n}))
            break
        except Conflict:
            continue


def test_a_new_version_is_settled_though_a_row_holds_no_more_choices() -> None:
    records, content = Records(birth=ADULT), b"the next version"
    replacing.replace(
        records.host, Filing(LAB, records.record, draft(content)), records.document, content, None, QUOTAS
    )
    fill(records)
    settle(records.host, records.record, records.document, 2, accept)
    records.host.clock.advance(timedelta(hours=1))
    assert sweep(records.host) == 0


def test_an_emergency_opens_the_record_though_a_row_holds_no_more_choices() -> None:
    records, glass = Records(birth=ADULT), replace(GP, id="pro:899700999998")
    fill(records)
    with pytest.raises(Conflict):
        consent.allow(records.host, HOLDER, records.record, glass.id)
    emergency.open_(records.host, glass, records.record, Reason("UNCONSCIOUS", "Trouvé inconscient dans la rue"))
    consult(records.host, glass, records.record, records.document)
