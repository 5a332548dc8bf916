"""An opposition told by phone: the person is told of it once, then forgotten, whatever comes late or cuts in."""

import json
from datetime import date, timedelta

from chalicelib import jobs
from chalicelib.access.person import bare, open_person
from chalicelib.access.relay import send
from chalicelib.enrolment import life, support
from chalicelib.enrolment.reinviting import reinvite
from chalicelib.notices import contact_actions
from tests.enrolment.lettered import HOUSE, child_of, printed
from tests.enrolment.on_paper import on_paper, oppose
from tests.enrolment.racing import races
from tests.enrolment.world import World
from tests.people import ENROLMENT, HOLDER, SUPPORT, person


def informed() -> World:
    world = World()
    world.work()
    return world


def told(world: World) -> list[str]:
    return [mail.get_content() for mail in world.host.mail.sent]


def test_an_invitation_that_comes_late_does_not_forget_who_has_not_been_told_of_the_opposition():
    world = informed()
    oppose(world)
    send(world.host, "notices", {"record": world.record, "event": "invitation", "name": "first"})
    world.work()
    assert len(told(world)) == 2


def test_a_code_sent_just_before_the_opposition_does_not_keep_it_from_being_told():
    world = informed()
    support.resend(world.host, SUPPORT, world.reference)
    (world.reference,) = world.choices().codes
    oppose(world)
    world.work()
    assert len(told(world)) == 3


def opposed() -> World:
    world = informed()
    oppose(world)
    return world


def changes_their_mind(world: World) -> None:
    life.activate(world.host, HOLDER, world.reference, world.code)
    contact_actions.reach(world.host, HOLDER, world.record, ("neu@example.org", "", None))


def contact(world: World) -> str:
    return contact_actions.read(world.host, HOLDER, world.record)[1].email


def test_who_changes_their_mind_while_they_are_told_and_forgotten_keeps_what_they_said_since():
    seen = 0
    for world, *_ in races(opposed, lambda w: w.work(), changes_their_mind):
        world.work()
        assert contact(world) == "neu@example.org"
        seen += 1
    assert seen > 30


def test_who_changes_their_mind_while_an_opposition_with_the_code_forgets_them_keeps_what_they_said_since():
    for world, _, told in races(informed, lambda w: life.oppose(w.host, w.reference, w.code), changes_their_mind):
        assert (contact(world), told) == ("neu@example.org", "done")


def test_who_changes_their_mind_after_they_were_forgotten_can_be_reached_again():
    world = opposed()
    world.work()
    before = len(told(world))
    life.activate(world.host, HOLDER, world.reference, world.code)
    world.work()
    world.night()
    assert (contact(world), world.state, len(told(world))) == ("", "open", before)
    contact_actions.reach(world.host, HOLDER, world.record, ("neu@example.org", "", None))
    assert contact(world) == "neu@example.org"


ELSEWHERE = ("2 rue du Port", "14000 CAEN")


def addresses(world: World) -> tuple[object, list[str]]:
    """Return where the record says that the person lives, and what lies of letters outside it."""
    key, facts = world.opened()
    place = (f"r#{world.record}", facts.person)
    kept = open_person(key, world.record, world.host.rows.get([place])[place])
    outside = [pk for pk, _ in world.host.rows.everything() if pk.startswith(("l#", "n#"))]
    return kept.address, [pk for pk in outside if "batch" not in pk]


def test_who_is_reached_on_paper_alone_is_told_of_their_opposition_by_phone_and_then_forgotten():
    world = on_paper()
    jobs.minute(world.host)
    (message,) = [json.loads(one.body) for one in world.host.queue.receive("notices")]
    world.handlers["notices"](message)
    assert printed(world).startswith(b"%PDF")
    world.handlers["notices"](message)  # it comes once more, when the batch was made
    assert addresses(world)[0] == HOUSE
    world.clock.advance(timedelta(days=31))
    world.night()
    assert addresses(world) == ((), [])
    assert [entry.action for entry in world.journal()].count("contact:forget") == 1


def test_an_opposition_by_phone_for_a_child_is_told_to_who_represents_it():
    world = child_of("parent@example.org")
    world.work()
    support.oppose(world.host, SUPPORT, world.reference, world.code, date(2020, 1, 1))
    world.work()
    *_, mail = world.host.mail.sent
    assert (mail["To"], "Cela concerne une personne que vous représentez" in mail.get_content()) == (
        "parent@example.org",
        True,
    )
    assert "Votre opposition est enregistrée" in mail.get_content()


def test_whoever_was_told_by_mail_is_not_looked_for_once_more():
    world = opposed()
    world.work()
    world.clock.advance(timedelta(days=31))
    world.night()
    assert "contact:forget" not in [entry.action for entry in world.journal()]


def test_who_changes_their_mind_before_they_are_forgotten_keeps_their_address():
    world = on_paper()
    world.work()
    life.activate(world.host, HOLDER, world.reference, world.code)
    world.clock.advance(timedelta(days=31))
    world.night()
    assert (world.state, addresses(world)[0]) == ("open", HOUSE)


def means_kept(world: World) -> list[object]:
    """Return what any row of the record says of how to reach the person."""
    key, _ = world.opened()
    rows = [row for (pk, _), row in world.host.rows.everything().items() if pk == f"r#{world.record}"]
    people = [open_person(key, world.record, row) for row in rows if is_of_a_person(row)]
    return [one.address or one.email for one in people if one != bare(one)]


def is_of_a_person(row: dict[str, object]) -> bool:
    return str(row["sk"]).startswith("4person#") or ("person" in row and row["sk"] == "0key")


def test_who_asks_again_after_an_opposition_by_phone_and_never_comes_leaves_no_address_behind():
    world = on_paper()
    world.work()
    reinvite(world.host, ENROLMENT, person().model_copy(update={"email": "", "address": ELSEWHERE}))
    world.work()
    world.clock.advance(timedelta(days=2))
    world.night()
    assert means_kept(world) == [ELSEWHERE]
    for _ in range(4):
        world.clock.advance(timedelta(days=200))
        world.night()
    assert (world.state, means_kept(world)) == ("opposed", [])


def message_of(world: World) -> dict[str, str]:
    """Return the message by which the person is to be told, taken from the queue."""
    jobs.minute(world.host)
    (message,) = [json.loads(one.body) for one in world.host.queue.receive("notices")]
    return message


def said_opposed(world: World) -> int:
    return sum("aucun espace de santé ne sera ouvert" in text for text in told(world))


def test_who_changed_their_mind_meanwhile_is_not_told_that_no_record_will_be_opened():
    world = opposed()
    message = message_of(world)
    life.activate(world.host, HOLDER, world.reference, world.code)
    world.handlers["notices"](message)
    assert (world.state, said_opposed(world)) == ("open", 0)


def test_a_message_that_comes_again_weeks_later_tells_nobody_of_an_opposition_that_they_asked_to_take_back():
    world = opposed()
    message = message_of(world)
    world.handlers["notices"](message)
    world.clock.advance(timedelta(days=13))
    reinvite(world.host, ENROLMENT, person().model_copy(update={"email": "neu@example.org"}))
    world.work()
    world.handlers["notices"](message)
    assert said_opposed(world) == 1
