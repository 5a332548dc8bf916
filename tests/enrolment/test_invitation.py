"""The letter carries a code that is nowhere else, in the right words, to whom it concerns."""

import re
from datetime import date, timedelta

from chalicelib.access.codes import code_of
from chalicelib.access.keyring import key_row_key, policy_key
from chalicelib.access.person import open_person
from chalicelib.enrolment import life, support
from chalicelib.notices.actions import report
from chalicelib.notices.contact import SORT
from chalicelib.notices.told import sending_of
from tests.enrolment.lettered import HOUSE, child_of, printed, reached
from tests.enrolment.world import World
from tests.people import SUPPORT, person


def letters(world: World) -> list[str]:
    world.work()
    return [mail.get_content() for mail in world.host.mail.sent]


def test_the_letter_has_reference_and_code_and_no_trait_of_the_person():
    world = World()
    (letter,) = letters(world)
    assert world.reference in letter
    assert world.code in letter
    assert "six semaines" in letter
    for trait in ("EXEMPLE", "Camille", person().ins):
        assert trait not in letter
    assert not re.search("(?<![0-9a-f])1955(?![0-9a-f])", letter)  # four digits of the reference are no year


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


def test_who_has_no_electronic_address_gets_the_information_on_paper():
    world = World(person().model_copy(update={"email": "", "address": HOUSE}))
    world.work()
    assert printed(world).startswith(b"%PDF")


def test_an_information_that_came_back_goes_to_the_telephone_and_then_onto_paper():
    world = World(person().model_copy(update={"phone": "+33600000042", "address": HOUSE}))
    world.work()
    report(world.host, reached(world, "email"), "email", "bounced")
    world.work()
    assert [to for to, _ in world.host.sms.sent.values()] == ["+33600000042"]
    report(world.host, reached(world, "sms"), "sms", "bounced")
    world.work()
    assert printed(world).startswith(b"%PDF")
    assert world.state == "invited"


def test_an_opposition_forgets_where_the_letter_went_and_that_it_came_back():
    world = World()
    world.work()
    (reference,) = [pk[2:] for pk, _ in world.host.rows.everything() if pk.startswith("n#") and len(pk) == 34]
    report(world.host, reference, "email", "bounced")
    assert (f"r#{world.record}", SORT) in world.host.rows.everything()
    life.oppose(world.host, world.reference, world.code)
    left = world.host.rows.everything()
    assert (f"r#{world.record}", SORT) not in left
    assert (f"n#{reference}", "0") not in left
    world.work()
    assert sending_of(world.host, reference) is None
    assert len(world.host.mail.sent) == 1


def test_an_opposition_by_phone_is_told_and_then_forgets_how_the_person_was_reached():
    world = World()
    world.work()
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)
    world.work()
    assert len(world.host.mail.sent) == 2
    key, facts = world.opened()
    left = world.host.rows.everything()
    assert open_person(key, world.record, left[f"r#{world.record}", facts.person]).email == ""
    assert not [pk for pk, _ in left if pk.startswith("n#") and len(pk) == 34]
    support.oppose(world.host, SUPPORT, world.reference, world.code, person().birth_date)
    world.work()
    assert len(world.host.mail.sent) == 2


def test_the_second_parent_is_told_when_the_first_ones_mailbox_is_not_there_and_paper_is_the_last():
    world = child_of("first@example.org", "second@example.org")
    world.host.mail.unknown.add("first@example.org")
    world.work()
    assert [str(mail["To"]) for mail in world.host.mail.sent] == ["second@example.org"]
    report(world.host, reached(world, "email", "second@example.org"), "email", "bounced")
    world.work()
    assert printed(world).startswith(b"%PDF")
    assert len(world.host.mail.sent) == 1


def test_a_code_for_a_child_reaches_the_parent_although_mail_to_the_child_came_back():
    world = child_of("parent@example.org")
    world.work()
    world.at(world.until, 4 * 3600)
    world.night()
    assert [str(mail["To"]) for mail in world.host.mail.sent] == ["parent@example.org", person().email]
    report(world.host, reached(world, "email", person().email), "email", "bounced")
    support.resend(world.host, SUPPORT, world.reference)
    world.work()
    assert [str(mail["To"]) for mail in world.host.mail.sent][2:] == ["parent@example.org"]
