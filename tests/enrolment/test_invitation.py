"""The letter carries a code that is nowhere else, in the right words, to whom it concerns."""

from datetime import date, timedelta

from chalicelib.access.codes import code_of
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.person import open_person
from chalicelib.enrolment import life
from tests.enrolment.world import World
from tests.people import person


def letters(world: World) -> list[str]:
    world.work()
    return [mail.get_content() for mail in world.host.mail.sent]


def test_the_letter_has_reference_and_code_and_no_trait_of_the_person():
    world = World()
    (letter,) = letters(world)
    assert world.reference in letter
    assert world.code in letter
    assert "six semaines" in letter
    for trait in ("EXEMPLE", "Camille", "1955", person().ins):
        assert trait not in letter


def test_the_letter_goes_out_once_however_often_the_relay_repeats_it():
    world = World()
    letters(world)
    from chalicelib.access.relay import send

    send(world.host, "notices", {"record": world.record, "event": "invitation", "name": "first"})
    assert len(letters(world)) == 1


def test_the_letter_about_a_child_speaks_to_who_represents_it():
    (letter,) = letters(World(person(birth=date(2020, 1, 1))))
    assert "que vous représentez" in letter


def test_the_letter_speaks_the_language_of_the_person():
    (letter,) = letters(World(person().model_copy(update={"language": "en"})))
    assert "health record" in letter


def test_no_letter_carries_a_code_that_no_longer_works():
    world = World()
    world.clock.advance(timedelta(days=400))
    assert letters(world) == []


def test_two_records_never_share_a_code():
    one, other = World(), World()
    rows = [world.host.rows.get([key_row_key(world.record)])[key_row_key(world.record)] for world in (one, other)]
    keys = [policy_key(world.host, world.record, row) for world, row in zip((one, other), rows, strict=True)]
    assert code_of(keys[0], one.reference) != code_of(keys[1], one.reference)


def test_after_an_opposition_nobody_can_be_reached_and_the_identity_is_known():
    world = World()
    life.oppose(world.host, world.reference, world.code)
    key, facts = world.opened()
    place = (f"r#{world.record}", facts.person)
    kept = open_person(key, world.record, world.host.rows.get([place])[place])
    assert (kept.email, kept.ins, kept.family_name) == ("", person().ins, "EXEMPLE")
    assert life.oppose(world.host, world.reference, world.code)[1] is False
