"""The calendar behind a secret link: two other parsers read it, it says nothing unasked, revoking it counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import ics
import pytest
import vobject

from chalicelib.access.choices import Code
from chalicelib.agenda import links
from chalicelib.agenda.feed import feed, tag_of
from chalicelib.kernel.errors import AccessDenied, Conflict, Invalid, NotFound
from tests.people import DOCTOR, HOLDER, STRANGER

from .world import CARER, PARENT, World

LONG = "Contrôle annuel ; apporter les résultats, l'ordonnance \\ et la carte\nÉtage 3 " + "à noter " * 30


def share(world: World, who: object = HOLDER, *, in_words: bool = False, key: str = "") -> links.Link:
    return links.share(world.host, who, world.record, in_words=in_words, key=key)


def read(world: World, link: links.Link) -> bytes:
    return feed(links.follow(world.host, link.reference, link.secret))


def events(content: bytes) -> list[tuple[str, datetime, datetime, str]]:
    """Return (uid, begin, end, summary) as vobject and ics both read them."""
    text = content.decode()
    one = sorted(
        (e.uid.value, e.dtstart.value, e.dtend.value, e.summary.value)
        for e in vobject.readOne(text).contents.get("vevent", [])
        if isinstance(e.dtstart.value, datetime)
    )
    other = sorted(
        (e.uid, e.begin.datetime, e.end.datetime, e.name) for e in ics.Calendar(text).events if not e.all_day
    )
    assert one == other
    return one


@pytest.mark.abuse("Q03")
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Miquelon", "Pacific/Marquesas", "Indian/Reunion"])
@pytest.mark.parametrize("day", ["2027-03-13", "2027-03-14", "2027-03-28", "2027-10-31", "2027-11-07", "2028-02-29"])
def test_independent_parsers_read_the_right_instant_around_every_change_of_the_clocks(zone: str, day: str) -> None:
    world = World()
    planned = [world.plan(f"{day}T{hour}:30", zone=zone, minutes=45) for hour in ("01", "03", "12")]
    found = events(read(world, share(world)))
    assert [one[1] for one in sorted(found, key=lambda one: one[1])] == [one.line.instant for one in planned]
    assert {end - begin for _, begin, end, _ in found} == {timedelta(minutes=45)}


@pytest.mark.abuse("Q04")
def test_a_calendar_says_nothing_but_that_there_is_something() -> None:
    world = World()
    world.plan("2026-12-01T10:00", note="CANARI")
    world.remind("2026-12-02T10:00")
    world.push("2026-12-03T10:00", title="Oncologie CANARI")
    world.mark("hpv", "TO_PLAN", date(2026, 12, 4))
    content = read(world, share(world))
    for word in (b"CANARI", b"hpv", b"EXEMPLE", b"DESCRIPTION", b"LOCATION", b"Oncologie", world.record.encode()):
        assert word not in content
    assert {summary for *_, summary in events(content)} == {"Rendez-vous", "Rappel"}
    assert content.count(b"BEGIN:VEVENT") == 4


def test_an_act_of_prevention_that_was_done_is_no_event_of_the_calendar() -> None:
    world = World()
    link = share(world)
    for status, day, there in (("TO_PLAN", date(2026, 12, 4), 1), ("DONE", date(2026, 10, 4), 0)):
        world.mark("hpv", status, day)
        assert read(world, link).count(b"BEGIN:VEVENT") == there


def test_in_words_it_says_what_its_maker_asked_for_escaped_and_folded() -> None:
    world = World()
    world.plan("2026-12-01T10:00", title="Consultation; à jeun, 8 h", note=LONG)
    content = read(world, share(world, in_words=True))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    event = vobject.readOne(content.decode()).vevent
    assert (event.summary.value, event.description.value) == ("Consultation; à jeun, 8 h", LONG)
    (other,) = ics.Calendar(content.decode()).events
    assert (other.name, other.description) == ("Consultation; à jeun, 8 h", LONG)


def test_the_words_of_the_calendar_are_in_the_language_of_the_holder() -> None:
    world = World()
    world.plan("2026-12-01T10:00")
    shown = links.follow(world.host, (link := share(world)).reference, link.secret)
    assert b"SUMMARY:Appointment\r\n" in feed(replace(shown, language="en"))


def test_names_in_the_calendar_stay_and_tell_nothing() -> None:
    world = World()
    entry = world.plan("2026-12-01T10:00")
    link, other = share(world), share(world, PARENT)
    ((uid, *_),) = events(read(world, link))
    world.revise(entry, "2026-12-05T10:00")
    content = read(world, link)
    assert [one[0] for one in events(content)] == [uid]
    assert b"SEQUENCE:1\r\n" in content
    assert entry.id not in uid
    assert events(read(world, other))[0][0] != uid  # two calendars are not known to be of one person


def test_the_same_calendar_is_the_same_bytes_and_any_change_is_another_tag() -> None:
    world = World()
    entry, link = world.plan("2026-12-01T10:00"), share(world, in_words=True)
    tags = [tag_of(read(world, link))]
    world.clock.advance(timedelta(hours=5))
    assert tag_of(read(world, link)) == tags[0]
    for step in (
        lambda: world.revise(entry, "2026-12-01T10:00", note="n"),
        lambda: world.revise(entry, "2026-12-01T10:00", status="CANCELLED"),
        lambda: world.push("2026-12-03T10:00"),
        lambda: world.remove(entry.id),
    ):
        step()
        tags.append(tag_of(read(world, link)))
    assert len(set(tags)) == 5


def test_a_cancelled_appointment_is_told_and_what_is_long_over_is_not() -> None:
    world = World()
    world.push("2026-12-01T10:00")
    world.push("2026-12-01T10:00", status="CANCELLED")
    link = share(world)
    assert b"STATUS:CANCELLED" in read(world, link)
    world.clock.advance(timedelta(days=372))
    assert b"VEVENT" not in read(world, link)


def test_a_revoked_link_leads_nowhere_from_the_next_request_on() -> None:
    world = World()
    link = share(world)
    read(world, link)
    links.revoke(world.host, HOLDER, world.record, link.reference)
    with pytest.raises(NotFound):
        read(world, link)
    assert links.links(world.host, HOLDER, world.record) == []
    with pytest.raises(NotFound):
        links.revoke(world.host, HOLDER, world.record, link.reference)


@pytest.mark.parametrize("secret", ["0" * 32, "", "zz", "é" * 32])
def test_a_wrong_secret_is_answered_like_a_link_that_never_was(secret: str) -> None:
    world = World()
    link = share(world)
    told = []
    for reference in (link.reference, "0" * 20):
        with pytest.raises(NotFound) as refused:
            links.follow(world.host, reference, secret)
        told.append((type(refused.value), refused.value.detail))
    assert told[0] == told[1]


def test_another_code_of_the_record_is_no_calendar() -> None:
    world = World()
    link = share(world)
    code = Code("access", "2027-01-01T00:00:00+00:00", HOLDER.id)
    world.choose(lambda c: replace(c, codes={link.reference: code}))
    with pytest.raises(NotFound):
        read(world, link)
    with pytest.raises(NotFound):
        links.revoke(world.host, HOLDER, world.record, link.reference)


def test_the_link_of_a_parent_ends_with_what_the_parent_may() -> None:
    world = World()
    link = share(world, PARENT)
    read(world, link)
    world.choose(lambda c: replace(c, proxies={}))
    with pytest.raises(NotFound):
        read(world, link)


@pytest.mark.parametrize("who", [CARER, DOCTOR, STRANGER], ids=lambda who: who.id)
def test_only_the_holder_and_representatives_share(who: object) -> None:
    world = World()
    link = share(world)
    for step in (
        lambda: share(world, who),
        lambda: links.links(world.host, who, world.record),
        lambda: links.revoke(world.host, who, world.record, link.reference),
    ):
        with pytest.raises((AccessDenied, NotFound)):
            step()
    read(world, link)


def test_there_are_few_links_and_a_key_makes_one() -> None:
    world = World()
    made = [share(world, key="abcdefgh"), share(world), share(world, PARENT)]
    with pytest.raises(Conflict):
        share(world)
    assert share(world, key="abcdefgh") == made[0]
    with pytest.raises(Invalid):
        share(world, key="abcdefgh", in_words=True)
    assert {one.mine for one in links.links(world.host, PARENT, world.record)} == {True, False}
    assert {one.secret for one in links.links(world.host, HOLDER, world.record)} == {""}
    links.revoke(world.host, PARENT, world.record, made[0].reference)
    with pytest.raises(Conflict):  # what was revoked does not come back with the request that made it
        share(world, key="abcdefgh")
    share(world)


def test_no_secret_is_kept_anywhere() -> None:
    world = World()
    link = share(world)
    read(world, link)
    everything = [world.host.rows.get([key])[key] for key in world.host.rows.everything()]
    assert link.secret not in repr(everything)
    assert link.secret not in repr(world.journal())
    assert link.secret not in repr(world.choices())


def test_the_journal_has_one_look_a_day_and_link() -> None:
    world = World()
    link, other = share(world), share(world)
    for _ in range(5):
        read(world, link)
        world.clock.advance(timedelta(minutes=30))
    read(world, other)
    world.clock.advance(timedelta(days=1))
    read(world, link)
    looks = [one.about for one in world.journal() if one.action == "calendar:read"]
    assert looks == [link.reference, other.reference, link.reference]


def test_closing_the_record_ends_the_calendar() -> None:
    from chalicelib.enrolment import life

    world = World()
    link = share(world)
    life.close(world.host, HOLDER, world.record)
    with pytest.raises(NotFound):
        read(world, link)


def test_destroying_the_record_leaves_no_link_behind() -> None:
    from chalicelib.enrolment import life
    from chalicelib.enrolment.shred import shred
    from chalicelib.jobs import ELSEWHERE

    world = World()
    for link in (share(world), share(world)):
        last = link
    links.revoke(world.host, HOLDER, world.record, last.reference)
    world.plan("2026-12-01T10:00")
    life.close(world.host, HOLDER, world.record)
    life.erase(world.host, HOLDER, world.record)
    world.clock.advance(timedelta(days=40))
    shred(world.host, world.record, ELSEWHERE)
    left = {sk.partition("#")[0] for pk, sk in world.host.rows.everything() if pk == f"r#{world.record}"}
    assert not any(pk.startswith("k#") for pk, _ in world.host.rows.everything())
    assert left == {"7code"}, "what a killed function may still publish is found by these notes a day later"
    shred(world.host, world.record, ELSEWHERE)
    assert not any(pk.startswith(("k#", f"r#{world.record}")) for pk, _ in world.host.rows.everything())
    assert world.clock.now() > datetime(2026, 12, 31, tzinfo=UTC)
