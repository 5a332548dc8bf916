"""What the help desk may and may not: states only, two factors, the holder's own code, and no way to take over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.access.choices import ASSISTED
from chalicelib.access.codes import TRIES
from chalicelib.access.gate import RECENT, Ask, gate
from chalicelib.access.grant import Grant
from chalicelib.access.reach import count, reached
from chalicelib.consent import actions as consent
from chalicelib.consent import handing
from chalicelib.consent.changing import Wish
from chalicelib.enrolment import life, support
from chalicelib.enrolment.counts import unreached
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound
from chalicelib.kernel.host import Host
from chalicelib.notices.contact import SORT
from chalicelib.notices.contact_actions import prefer, propose
from chalicelib.notices.contact_row import contact_of
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.world import World
from tests.invited import invite
from tests.people import DOCTOR, ENROLMENT, HOLDER, INSURER, SUPPORT, person

BORN = person().birth_date
WRONG = date(1955, 8, 15)


def helped(world: World) -> World:
    """Let the holder make a code for the help desk."""
    world.reference = handing.ask_for_help(world.host, Wish(HOLDER, world.record)).reference
    return world


@pytest.mark.abuse("A12")
def test_an_agent_sees_a_state_an_id_and_times_and_nothing_else():
    world = World()
    seen = support.look(world.host, SUPPORT, world.reference)
    assert seen == life.state_of(world.host, world.record)
    assert person().family_name not in repr(seen)
    for _ in range(9):
        support.look(world.host, SUPPORT, world.reference)  # looking is no try at the code
    assert life.oppose(world.host, world.reference, world.code)[1]


def test_a_code_sent_again_is_a_new_one_and_the_old_one_is_void():
    world = World()
    old, text = world.reference, world.code
    support.resend(world.host, SUPPORT, old)
    (fresh,) = world.choices().codes
    world.work()
    letter = world.host.mail.sent[-1].get_content()
    assert fresh != old
    assert fresh in letter
    with pytest.raises(NotFound):
        life.oppose(world.host, old, text)
    world.reference = fresh
    assert world.code in letter
    assert life.oppose(world.host, fresh, world.code)[1]


def test_a_request_for_a_code_that_is_repeated_with_its_key_sends_one_and_with_another_key_another():
    world = World()
    world.work()
    before, keys = len(world.host.mail.sent), ("resend-0001", "resend-0001", "resend-0002")
    codes = []
    for key in keys:
        support.resend(world.host, SUPPORT, world.reference, key)
        codes += world.choices().codes
    world.work()
    assert codes[0] == codes[1] != codes[2]
    assert [one.action for one in world.journal()].count("support:resend") == 2
    assert len({mail["Message-ID"] for mail in world.host.mail.sent[before:]}) == 2


def test_a_key_is_each_agents_own():
    world, codes = World(), []
    for agent in (SUPPORT, replace(SUPPORT, id="staff:agent-2")):
        support.resend(world.host, agent, world.reference, "resend-0001")
        codes += world.choices().codes
    assert codes[0] != codes[1]


def test_a_request_for_a_code_that_is_repeated_long_afterwards_leaves_the_newer_code_alone():
    world = World()
    for key in ("resend-0001", "resend-0002"):
        support.resend(world.host, SUPPORT, world.reference, key)
    newer = world.choices().codes
    for _ in range(RECENT + 1):
        support.look(world.host, SUPPORT, world.reference)
    support.resend(world.host, SUPPORT, world.reference, "resend-0001")
    assert world.choices().codes == newer
    assert [one.action for one in world.journal()].count("support:resend") == 2


def test_a_request_for_a_code_that_has_lapsed_is_not_answered_as_if_it_had_been_sent():
    world = World()
    support.resend(world.host, SUPPORT, world.reference, "resend-0001")
    world.clock.advance(timedelta(days=400))
    with pytest.raises(Conflict, match="take another key"):
        support.resend(world.host, SUPPORT, world.reference, "resend-0001")


def test_a_code_that_was_tried_too_often_stays_so_when_its_request_is_repeated():
    world = World()
    support.resend(world.host, SUPPORT, world.reference, "resend-0001")
    (fresh,) = world.choices().codes
    for _ in range(TRIES):
        with pytest.raises(NotFound):
            life.oppose(world.host, fresh, "0000-0000-0000")
    with pytest.raises(Conflict, match="take another key"):
        support.resend(world.host, SUPPORT, world.reference, "resend-0001")
    world.reference = fresh
    with pytest.raises(NotFound):
        life.oppose(world.host, fresh, world.code)


@pytest.mark.abuse("T07")
def test_no_code_is_sent_for_a_record_that_is_somebodys():
    world = World().activate()
    with pytest.raises(Conflict, match="was activated already"):
        support.resend(world.host, SUPPORT, world.reference)


@pytest.mark.abuse("T07")
def test_an_opposition_by_phone_needs_the_code_and_the_date_of_birth():
    world = World()
    for code, birth in (("0000-0000-0000", BORN), (world.code, WRONG)):
        with pytest.raises(NotFound):
            support.oppose(world.host, SUPPORT, world.reference, code, birth)
    assert support.oppose(world.host, SUPPORT, world.reference, world.code, BORN).state == "opposed"
    assert "notify-change" in world.journal()[-1].obligations


@pytest.mark.abuse("T07")
def test_a_closing_by_phone_needs_the_reference_and_the_date_of_birth_and_is_told():
    world = World().activate()
    for reference, birth in ((world.reference, WRONG), ("0" * 20, BORN)):
        with pytest.raises(NotFound):
            support.close(world.host, SUPPORT, reference, birth)
    assert support.close(world.host, SUPPORT, world.reference, BORN).state == "closed"
    assert tuple(world.journal()[-1].obligations) == ("notify-change", "clock")


@pytest.mark.abuse("T07")
def test_the_letter_of_who_never_came_knows_them_also_when_its_code_is_out_of_date():
    world = World()
    world.work()
    world.clock.advance(timedelta(weeks=7))
    world.night()
    world.clock.advance(timedelta(days=400))
    assert world.state == "open"
    assert support.close(world.host, SUPPORT, world.reference, BORN).state == "closed"


@pytest.mark.abuse("T07")
def test_a_letter_that_another_one_came_after_knows_nobody():
    world = World()
    world.work()
    world.clock.advance(timedelta(weeks=7))
    world.night()
    support.resend(world.host, SUPPORT, world.reference)
    with pytest.raises(NotFound):
        support.close(world.host, SUPPORT, world.reference, BORN)


@pytest.mark.abuse("T07")
def test_dates_of_birth_cannot_be_tried_out():
    world = World().activate()
    for _ in range(5):
        with pytest.raises(NotFound):
            support.close(world.host, SUPPORT, world.reference, WRONG)
    with pytest.raises(NotFound):
        support.close(world.host, SUPPORT, world.reference, BORN)
    assert world.state == "open"


@pytest.mark.abuse("T07")
def test_a_new_contact_is_proposed_with_two_factors_and_counts_after_72_hours():
    world, asked = World().activate(), []

    def noted(host: Host, grant: Grant, channel: str, value: str, name: str) -> None:
        asked.append((channel, value, name))
        propose(host, grant, channel, value, name)

    change = ("email", "ailleurs@example.org")
    with pytest.raises(NotFound):
        support.contact(world.host, SUPPORT, world.reference, WRONG, change, noted)
    assert asked == []
    support.contact(world.host, SUPPORT, world.reference, BORN, change, noted)
    entry = world.journal()[-1]
    assert asked == [(*change, entry.detail["name"])]
    assert "notify-change" in entry.obligations
    assert "ailleurs" not in repr(entry)
    grant = gate(world.host, Ask(HOLDER, world.record, "contact:read", rows=(SORT,)))
    (pending,) = contact_of(world.host, grant)[1].pending
    assert (pending.channel, pending.value) == change
    assert pending.counts_from == world.clock.now() + timedelta(hours=72)


@pytest.mark.abuse("T07")
def test_who_wants_to_be_told_of_no_change_is_told_of_a_new_contact_and_of_a_closing_at_once():
    world = World().activate()
    prefer(world.host, HOLDER, world.record, "fr", ("email",), {"changes": "never"})
    world.work()
    before = len(world.host.mail.sent)
    support.contact(world.host, SUPPORT, world.reference, BORN, ("email", "ailleurs@example.org"), propose)
    world.work()
    support.close(world.host, SUPPORT, world.reference, BORN)
    world.work()
    told = world.host.mail.sent[before:]
    assert [mail["To"] for mail in told] == [person().email] * 2
    assert "changement de vos coordonnées" in told[0].get_content()
    assert "est fermé" in told[1].get_content()


@pytest.mark.abuse("A12")
def test_half_an_hour_of_help_opens_with_the_holders_code_and_ends_to_the_second():
    world = helped(World().activate())
    with pytest.raises(NotFound):
        support.session(world.host, SUPPORT, world.reference, "0000-0000-0000")
    with pytest.raises((AccessDenied, NotFound)):
        consent.read(world.host, SUPPORT, world.record)
    ends = support.session(world.host, SUPPORT, world.reference, world.code).until
    assert ends == (world.clock.now() + timedelta(minutes=30)).isoformat()
    consent.allow(world.host, SUPPORT, world.record, DOCTOR.id)
    world.at(ends, -1)
    consent.read(world.host, SUPPORT, world.record)
    world.at(ends)
    with pytest.raises((AccessDenied, NotFound)):
        consent.read(world.host, SUPPORT, world.record)


def test_a_session_asked_for_again_is_the_same_one_and_grows_no_longer():
    world = helped(World().activate())
    text = world.code
    ends = support.session(world.host, SUPPORT, world.reference, text).until
    world.clock.advance(timedelta(minutes=10))
    assert support.session(world.host, SUPPORT, world.reference, text).until == ends
    world.at(ends)
    with pytest.raises(NotFound):
        support.session(world.host, SUPPORT, world.reference, text)


@pytest.mark.abuse("A12")
def test_taking_back_the_code_of_a_session_ends_it_from_the_next_request_on():
    world = helped(World().activate())
    text, wish = world.code, Wish(HOLDER, world.record)
    support.session(world.host, SUPPORT, world.reference, text)
    consent.read(world.host, SUPPORT, world.record)
    (code,) = consent.read(world.host, HOLDER, world.record).choices.codes.values()
    assert (code.purpose, code.subject) == (ASSISTED, SUPPORT.id)
    for _ in range(2):
        handing.take_back(world.host, wish, world.reference)
        with pytest.raises((AccessDenied, NotFound)):
            consent.read(world.host, SUPPORT, world.record)
        with pytest.raises(NotFound):
            support.session(world.host, SUPPORT, world.reference, text)
    assert world.choices().codes == {}


@pytest.mark.abuse("A12")
def test_taking_back_one_of_two_codes_leaves_another_agent_at_work_and_the_same_one_not():
    world = World().activate()
    wish = Wish(HOLDER, world.record)
    made = [handing.ask_for_help(world.host, wish) for _ in range(3)]
    other = replace(SUPPORT, id="staff:2")
    for agent, code in zip((SUPPORT, SUPPORT, other), made, strict=True):
        support.session(world.host, agent, code.reference, code.text)
    handing.take_back(world.host, wish, made[0].reference)
    with pytest.raises((AccessDenied, NotFound)):
        consent.read(world.host, SUPPORT, world.record)
    with pytest.raises(NotFound):
        support.session(world.host, SUPPORT, made[1].reference, made[1].text)
    consent.read(world.host, other, world.record)


def test_a_request_for_a_code_of_help_that_is_repeated_while_the_session_lasts_says_that_it_was_used():
    world = World().activate()
    wish = Wish(HOLDER, world.record)
    made = handing.ask_for_help(world.host, wish, "help-00001")
    support.session(world.host, SUPPORT, made.reference, made.text)
    for _ in range(RECENT + 1):
        support.look(world.host, SUPPORT, made.reference)
    with pytest.raises(Conflict):
        handing.ask_for_help(world.host, wish, "help-00001")


def test_help_is_in_the_history_as_the_agents_doing_by_the_holders_leave():
    world = helped(World().activate())
    support.session(world.host, SUPPORT, world.reference, world.code)
    consent.block(world.host, SUPPORT, world.record, DOCTOR.id)
    done = history(world.host, HOLDER, world.record).entries[0]
    assert (done.action, done.kind, done.actor, done.rule) == ("choices:block", "support", SUPPORT.id, "SUPPORT_HELPS")


@pytest.mark.abuse("A12")
def test_a_session_opens_no_content_and_no_second_agent():
    world = helped(World().activate())
    support.session(world.host, SUPPORT, world.reference, world.code)
    with pytest.raises(AccessDenied):
        listing(world.host, SUPPORT, world.record, Filter())
    with pytest.raises((AccessDenied, NotFound)):
        consent.read(world.host, replace(SUPPORT, id="staff:2"), world.record)
    with pytest.raises(NotFound):  # the code is spent
        support.session(world.host, replace(SUPPORT, id="staff:2"), world.reference, world.code)


@pytest.mark.abuse("A12")
def test_the_code_of_the_letter_opens_no_session():
    world = World()
    with pytest.raises(NotFound):
        support.session(world.host, SUPPORT, world.reference, world.code)


def counted(number: int) -> World:
    world = World()
    for one in range(number):
        who = person(ins=f"1{one:014d}").model_copy(update={"email": "", "territory": "29"})
        invite(world.host, who)
    world.work()
    return world


def test_people_not_reached_are_counted_by_department_from_eleven_on():
    world = counted(11)
    count(world.host)
    assert unreached(world.host, ENROLMENT)[1] == {"29": 11}
    fewer = counted(10)
    count(fewer.host)
    assert unreached(fewer.host, ENROLMENT)[1] == {}


def unreached_too(world: World, place: int) -> None:
    invite(world.host, person(ins=f"1{place:014d}").model_copy(update={"email": "", "territory": "29"}))
    world.work()


def told_after(world: World, nights: int = 1) -> dict[str, int]:
    for _ in range(nights):
        count(world.host)
    return dict(unreached(world.host, ENROLMENT)[1])


def test_a_count_that_was_told_never_moves_by_fewer_people_than_could_be_told():
    world, seen = counted(12), []
    for place in range(12, 36):
        seen.append(told_after(world, nights=2)["29"])
        unreached_too(world, place)
    assert {*seen} == {12, 23, 34}


def test_people_who_were_reached_after_all_leave_the_count_when_that_tells_of_nobody():
    for before, after in ((12, {"29": 12}), (21, {})):
        world = counted(before)
        assert told_after(world) == {"29": before}
        for row in [row for pk, row in world.host.rows.everything().items() if pk[0].startswith("n#")][1:]:
            reached(world.host, row["sk"])
        assert told_after(world) == after


def test_a_count_that_another_night_finished_meanwhile_stands(monkeypatch: pytest.MonkeyPatch):
    world = counted(12)
    told_after(world)
    for more in range(12, 23):
        unreached_too(world, more)
    put = world.host.rows.put

    def overtaken(*row: object) -> None:
        monkeypatch.undo()
        unreached_too(world, 23)
        assert told_after(world) == {"29": 24}
        put(*row)

    monkeypatch.setattr(world.host.rows, "put", overtaken)
    count(world.host)
    assert unreached(world.host, ENROLMENT)[1] == {"29": 24}  # and not 23, which would tell of one person


def test_whoever_opposes_was_reached():
    world = World(person().model_copy(update={"email": "", "territory": "29"}))
    world.work()
    assert count(world.host) == 1
    life.oppose(world.host, world.reference, world.code)
    assert count(world.host) == 0


def test_counts_are_for_those_who_inform_only():
    world = counted(11)
    for who in (HOLDER, DOCTOR, SUPPORT, INSURER):
        with pytest.raises((AccessDenied, NotFound)):
            unreached(world.host, who)
