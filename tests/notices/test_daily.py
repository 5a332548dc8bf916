"""What is wanted once a day is told once a day, whole, and not twice."""

from datetime import timedelta

from chalicelib import jobs

from .world import EMAIL, LETTERHEAD, World


def waiting(*names: str) -> World:
    world = World()
    world.prefer(deposits="daily")
    for name in names:
        world.tell(name=name)
    return world


def test_three_notices_of_a_day_are_one_mail_in_the_night() -> None:
    world = waiting("one", "two", "three")
    assert world.arrived() == []
    world.night()
    assert world.arrived() == [f"email {EMAIL}"]
    assert "Depuis hier" in world.mail.sent[0].get_content()


def test_a_night_without_news_tells_nothing() -> None:
    world = waiting("one")
    world.night()
    world.night()
    assert len(world.arrived()) == 1


def test_a_night_that_runs_twice_tells_once_also_when_something_came_between() -> None:
    world = waiting("one")
    world.night()
    world.tell(name="two")
    world.night(0)
    assert len(world.arrived()) == 1
    world.night()
    assert len(world.arrived()) == 2


def test_a_notice_that_comes_again_after_its_day_is_not_told_again() -> None:
    world = waiting("one")
    world.night()
    world.tell(name="one")
    world.night()
    assert len(world.arrived()) == 1


def test_a_notice_told_at_once_before_is_not_laid_aside_after() -> None:
    world = World()
    world.tell(name="one")
    world.prefer(deposits="daily")
    world.tell(name="one")
    world.night()
    assert len(world.arrived()) == 1


def test_a_night_that_was_missed_is_made_up_for() -> None:
    world = waiting("one")
    world.night(5)
    assert len(world.arrived()) == 1


def test_the_message_of_the_night_delivered_again_changes_nothing() -> None:
    world = waiting("one")
    world.clock.advance(timedelta(days=1))
    for _ in range(3):
        jobs.notices(world.host, LETTERHEAD)({"record": world.record, "job": "gather"})
    assert len(world.arrived()) == 1
    assert not [pk for pk, _ in world.rows.everything() if pk.startswith("w#")]


def test_who_prefers_nothing_any_more_is_still_told_of_what_waited() -> None:
    world = waiting("one")
    world.prefer(deposits="never")
    world.night()
    assert len(world.arrived()) == 1
