"""Destruction: keys first, then every trace; killed at any call it is finished, and nothing of it opens afterwards."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from chalicelib import jobs
from chalicelib.access.actor import invitee
from chalicelib.access.keyring import actor_key, content_key, key_row_key, partition, policy_key
from chalicelib.access.opening import record_of
from chalicelib.access.person import open_person
from chalicelib.agenda import links
from chalicelib.care import inbox
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.enrolment import life, support
from chalicelib.enrolment.shred import shred
from chalicelib.kernel.errors import AccessDenied, Broken, NotFound
from chalicelib.notices import batches, contact_actions
from chalicelib.notices.contact import Address
from chalicelib.vault import actions, rectification
from chalicelib.vault.model import Draft, Filing
from chalicelib.vault.quota import Quotas
from chalicelib.vault.reading import Filter, listing
from tests.cutting import Killed, Place, cut, each_call
from tests.enrolment.destroyed import CANARY, lived, opens_still, traces
from tests.enrolment.lettered import without_mail
from tests.enrolment.world import World
from tests.people import DOCTOR, ENROLMENT, HOLDER, LAB, STRANGER, SUPPORT, person


@pytest.mark.abuse("C07")
def test_nothing_is_left_of_an_erased_record_in_any_store():
    world = lived()
    assert traces(world)
    world.night()
    world.clock.advance(timedelta(days=2))
    world.night()
    assert traces(world) == []
    assert record_of(world.host, person().oid, person().ins) is None


def test_nothing_is_left_of_the_day_that_the_letter_laid_the_record_on():
    world = World()
    world.clock.advance(timedelta(days=3))
    world.handlers["notices"]({"records": world.record, "event": "invitation", "name": "first"})
    world.work()  # the letter first, then the day
    world.activate()
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.at(world.until, 3 * 3600)
    world.night()
    world.clock.advance(timedelta(days=2))
    world.night()
    assert traces(world) == []


def test_nothing_is_left_of_a_code_that_was_tried_and_then_void_at_eighteen():
    born = person().birth_date.replace(year=2009, month=1)
    who = person(birth=born).model_copy(update={"email": "camille@example.org"})
    world = World(who)
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, world.reference, "000000000000")
    while not (world.choices().codes and world.reference not in world.choices().codes):
        world.clock.advance(timedelta(days=20))
        world.night()
    assert _left_of_both_codes(world) == []


@pytest.mark.parametrize("key", ["", "resend-0001"])
def test_nothing_is_left_of_a_code_that_was_tried_and_then_sent_anew(key: str):
    world = World()
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, world.reference, "000000000000")
    support.resend(world.host, SUPPORT, world.reference, key)
    assert _left_of_both_codes(world) == []


def test_nothing_is_left_of_a_code_that_was_tried_and_then_lapsed_before_the_letter_left():
    world = World()
    first = world.reference
    with pytest.raises(NotFound):
        life.activate(world.host, STRANGER, first, "000000000000")
    without_mail(world, until=380, step=6)
    for day in range(380, 400):
        world.at(world.start + timedelta(days=day))
        world.night()
    assert [*world.choices().codes] != [first]
    assert _left_of_both_codes(world) == []


def _left_of_both_codes(world: World) -> list[bytes]:
    """Use the code that took the place of the first one, have the record destroyed, and return what names either."""
    first = world.reference
    (world.reference,) = world.choices().codes
    world.activate()
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.work()
    world.at(world.until, 3 * 3600)
    world.night()
    world.clock.advance(timedelta(days=2))
    world.night()
    left = traces(world)
    world.reference = first
    return left + traces(world)


def test_nothing_is_left_of_who_brought_a_wrong_code_or_a_wrong_secret_once_the_record_is_destroyed() -> None:
    world = World()
    world.work()
    with pytest.raises(NotFound):
        life.oppose(world.host, world.reference, "000000000000")
    world.activate()
    link = links.share(world.host, HOLDER, world.record, in_words=False)
    with pytest.raises(NotFound):
        links.follow(world.host, link.reference, "0" * 32)
    counted = [actor_key(world.host, invitee(one).id) for one in (world.reference, link.reference)]
    assert len(world.host.rows.get(counted)) == 2
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.at(world.until, 3 * 3600)
    world.night()
    assert world.state == "absent"
    assert world.host.rows.get(counted) == {}


def told() -> World:
    """Return the same world after a mail, a letter and an access that waits for the night, with a withheld document."""
    world = lived()
    life.keep(world.host, HOLDER, world.record)
    life.reopen(world.host, HOLDER, world.record)
    world.decide(told=frozenset({"accesses"}))
    (filed,) = listing(world.host, HOLDER, world.record, Filter()).documents
    rectification.ask(world.host, HOLDER, world.record, filed.document.id, CANARY)
    draft = Draft(
        type="11502-2",
        title=CANARY,
        media="text/plain",
        size=3,
        sha256="",
        unique_id="9",
        confidentiality=("INVISIBLE_PATIENT",),
    )
    actions.deposit(world.host, Filing(LAB, world.record, draft), b"abc", Quotas(10**6, 10**6))
    house = Address(lines=(CANARY,), postcode="29200", city="BREST", insee="29019")
    contact_actions.reach(world.host, HOLDER, world.record, ("", "", house))
    emergency.open_(
        world.host, DOCTOR, world.record, Reason("UNCONSCIOUS", "Trouvé inconscient dans la rue, aucun proche")
    )
    world.night()
    listing(world.host, DOCTOR, world.record, Filter())
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.work()
    return world.at(world.until, 3 * 3600)


@pytest.mark.abuse("C07")
def test_nothing_told_of_an_erased_person_opens_with_a_key_that_outlives_the_record():
    world = told()
    before = opens_still(world.host)
    assert CANARY.lower().encode() + b"@" in before
    assert CANARY.encode() in before
    assert any(key[0].startswith("d#") and "announce" in key[1] for key in world.host.rows.everything())
    assert any(key[0].startswith("w#daily") for key in world.host.rows.everything())
    assert [one.event for one in inbox.inbox(world.host, LAB)[0]] == ["rectification"]
    for _ in range(3):
        world.night()
        world.clock.advance(timedelta(days=1))
    world.night()
    assert opens_still(world.host) == b""
    assert traces(world) == []
    (batch, *_) = [sk for pk, sk in world.host.rows.everything() if pk == "l#batches"]
    assert batches.manifest(world.host, ENROLMENT, batch) == "letter,pages,department\n"


@pytest.mark.abuse("C07")
def test_what_was_copied_before_does_not_open_once_the_key_row_is_gone():
    world = lived()
    before = world.host.rows.everything()
    key_row = before[key_row_key(world.record)]
    key = policy_key(world.host, world.record, key_row)
    facts = before[f"r#{world.record}", "0facts"]
    place = (f"r#{world.record}", str(facts["person"]))
    assert CANARY in open_person(key, world.record, before[place]).model_dump_json()
    world.night()
    assert key_row_key(world.record) not in world.host.rows.everything()
    others = [row for at, row in world.host.rows.everything().items() if at[1] == "0key"]
    for row in others:  # the copy put back, with whatever keys are left
        for open_ in (policy_key, content_key):
            with pytest.raises(Broken):
                open_(world.host, world.record, row)


@pytest.mark.abuse("A26")
def test_everything_is_refused_from_the_moment_the_key_row_is_gone():
    world = lived()
    world.host.rows.delete(key_row_key(world.record))
    for who in (HOLDER, DOCTOR, STRANGER):
        with pytest.raises((NotFound, AccessDenied)):
            listing(world.host, who, world.record, Filter())
    with pytest.raises((NotFound, AccessDenied)):
        life.keep(world.host, HOLDER, world.record)


def calls() -> list[str]:
    world, made = lived(), list[str]()
    shred(cut(world.host, made, None), world.record, jobs.ELSEWHERE)
    return made


CALLS = calls()


def test_the_key_goes_before_anything_else():
    world, first = lived(), CALLS.index("delete")
    before = kept(world)
    with pytest.raises(Killed):
        shred(cut(world.host, [], (first, "after")), world.record, jobs.ELSEWHERE)
    assert before - kept(world) == {key_row_key(world.record)[1]}


def kept(world: World) -> set[str]:
    return {str(row["sk"]) for row in world.host.rows.query(partition(world.record))}


def killed_at(places: Iterable[Place]) -> None:
    for place in places:
        world = lived()
        with pytest.raises(Killed):
            shred(cut(world.host, [], place), world.record, jobs.ELSEWHERE)
        for _ in range(3):
            world.night()
            world.clock.advance(timedelta(days=1))
        world.night()
        assert traces(world) == [], place


@pytest.mark.abuse("C07", "Q07")
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_call_the_next_night_finishes_it(when: str):
    killed_at(each_call(CALLS, [when]))


def test_a_plan_of_several_rows_is_carried_out_wherever_it_is_killed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chalicelib.enrolment.shred._KEYS", 2)
    killed_at(each_call(CALLS, ["after"])[::3])


def test_a_second_try_at_the_same_time_does_no_harm():
    world = lived()
    shred(world.host, world.record, jobs.ELSEWHERE)
    shred(world.host, world.record, jobs.ELSEWHERE)
    world.night()
    assert traces(world) == []


def test_a_person_informed_anew_meanwhile_keeps_the_new_record():
    from tests.invited import invite

    world = lived()
    shred(world.host, world.record, jobs.ELSEWHERE)
    fresh, _ = invite(world.host, person().model_copy(update={"birth_date": date(1955, 8, 14)}))
    world.clock.advance(timedelta(days=2))
    world.night()
    assert record_of(world.host, person().oid, person().ins) == fresh
