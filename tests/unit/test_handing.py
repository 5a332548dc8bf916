"""Codes handed to a professional, and the emergency card."""

from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest

from chalicelib.access.choices import Limit
from chalicelib.access.journal import open_entry
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding, handing
from chalicelib.consent.card import card
from chalicelib.consent.changing import Wish
from chalicelib.consent.qr import pictures, squares
from chalicelib.emergency import actions as emergency
from chalicelib.emergency.model import Reason
from chalicelib.history.actions import history
from chalicelib.kernel.errors import AccessDenied, Conflict, NotFound
from chalicelib.vault.consult import consult
from tests.cutting import Killed, cut
from tests.people import DOCTOR, HOLDER, LAB, PHYSIO
from tests.unit.delegated import adult, filed


@pytest.fixture
def world():
    host, record = adult()
    return host, record, filed(host, record, LAB).id, Wish(HOLDER, record)


def test_a_code_lets_one_professional_in_once(world):
    host, record, document, wish = world
    code = handing.hand_over(host, wish)
    assert handing.use(host, DOCTOR, code.reference, code.text) == record
    assert consult(host, DOCTOR, record, document).data == b"un texte"
    with pytest.raises(AccessDenied):
        handing.use(host, PHYSIO, code.reference, code.text)


def test_using_a_code_twice_is_using_it_once(world):
    host, record, _, wish = world
    code = handing.hand_over(host, wish)
    assert {handing.use(host, DOCTOR, code.reference, code.text) for _ in range(2)} == {record}


def test_a_used_code_opens_nothing_after_the_holder_withdrew(world):
    host, record, _, wish = world
    code = handing.hand_over(host, wish)
    handing.use(host, DOCTOR, code.reference, code.text)
    consent.withdraw(host, HOLDER, record, DOCTOR.id)
    with pytest.raises(AccessDenied):
        handing.use(host, DOCTOR, code.reference, code.text)


def test_a_code_is_read_in_any_case_and_with_lookalikes(world):
    host, record, _, wish = world
    code = handing.hand_over(host, wish)
    written = code.text.upper().replace("-", " ").replace("0", "O").replace("1", "I")
    assert handing.use(host, DOCTOR, code.reference, written) == record


def test_a_code_gives_no_more_than_its_limit(world):
    host, record, document, wish = world
    code = handing.hand_over(host, wish, Limit(categories=frozenset({"CERT_MED"})))
    handing.use(host, DOCTOR, code.reference, code.text)
    with pytest.raises((AccessDenied, NotFound)):
        consult(host, DOCTOR, record, document)


def test_a_code_narrows_nobody_who_was_allowed_before(world):
    host, record, document, wish = world
    consent.allow(host, HOLDER, record, DOCTOR.id)
    code = handing.hand_over(host, wish, Limit(categories=frozenset({"CERT_MED"})))
    handing.use(host, DOCTOR, code.reference, code.text)
    assert consult(host, DOCTOR, record, document).data == b"un texte"


def test_a_code_ends_after_an_hour_and_when_it_is_taken_back(world):
    host, _, _, wish = world
    late, taken = handing.hand_over(host, wish), handing.hand_over(host, wish)
    handing.take_back(host, wish, taken.reference)
    with pytest.raises(AccessDenied):
        handing.use(host, DOCTOR, taken.reference, taken.text)
    host.clock.advance(timedelta(hours=1))
    with pytest.raises(AccessDenied):
        handing.use(host, DOCTOR, late.reference, late.text)


def test_a_blocked_professional_does_not_come_back_with_a_code(world):
    host, record, _, wish = world
    consent.block(host, HOLDER, record, DOCTOR.id)
    code = handing.hand_over(host, wish)
    with pytest.raises(AccessDenied):
        handing.use(host, DOCTOR, code.reference, code.text)


def test_a_wrong_code_and_one_that_never_was_are_answered_alike(world):
    host, _, _, wish = world
    code = handing.hand_over(host, wish)
    told = []
    for reference in (code.reference, "f" * 20):
        with pytest.raises(AccessDenied) as refused:
            handing.use(host, DOCTOR, reference, "0000-0000-0000")
        told.append((refused.value.reason, refused.value.detail))
    assert told[0] == told[1]


def test_so_many_codes_work_at_a_time_and_ended_ones_make_room(world):
    host, record, _, wish = world
    for _ in range(20):
        handing.hand_over(host, wish)
    with pytest.raises(Conflict):
        handing.hand_over(host, wish)
    host.clock.advance(timedelta(hours=2))
    handing.hand_over(host, wish)
    assert len(consent.read(host, HOLDER, record).choices.codes) == 1


def test_the_journal_holds_no_text_of_a_code(world):
    host, record, _, wish = world
    code = handing.hand_over(host, wish)
    handing.use(host, DOCTOR, code.reference, code.text)
    grant = consent.read(host, HOLDER, record)
    text = "".join(str(open_entry(grant.policy_key, record, one)) for one in grant.facts.entries)
    assert code.text not in text
    assert code.token not in text


def test_the_qr_code_holds_the_token_alone(world):
    host, _, _, wish = world
    code = handing.hand_over(host, wish)
    assert code.token.isupper()
    assert "/" not in code.token
    png, svg = pictures(code.token)
    assert png.startswith(b"\x89PNG")
    assert "<svg" in svg
    assert squares(code.token) == squares(code.token)
    assert squares(code.token) != squares(code.token[::-1])


def test_a_card_is_one_page_of_its_holder_and_a_new_one_voids_the_old(world):
    host, record, _, wish = world
    first, person = handing.print_card(host, wish)
    second, _ = handing.print_card(host, wish)
    assert len(pikepdf.open(BytesIO(card(person, second))).pages) == 1
    assert set(consent.read(host, HOLDER, record).choices.codes) == {second.reference}
    assert first.reference != second.reference


def opens(host, issued, number=0, who=DOCTOR, text=""):
    """Use the card as an emergency department does, saying why each time."""
    reason = Reason("UNCONSCIOUS", f"Trouvé inconscient dans la rue, aucun proche sur place, cas {number}")
    try:
        emergency.open_by_card(host, who, (issued.reference, text or issued.text), reason)
    except AccessDenied:
        return False
    return True


def test_a_card_opens_as_often_as_needed_for_years_until_it_is_revoked(world):
    host, _, _, wish = world
    issued, _ = handing.print_card(host, wish)
    host.clock.advance(timedelta(days=3000))
    for number in range(12):
        assert opens(host, issued, number)
        host.clock.advance(timedelta(days=1))
    handing.revoke_card(host, wish)
    assert not opens(host, issued, 12)


@pytest.mark.abuse("A06")
def test_a_card_opens_the_record_to_who_uses_it_and_only_within_the_switches(world):
    host, record, document, wish = world
    issued, _ = handing.print_card(host, wish)
    assert not opens(host, issued, text="0000-0000-0000")
    with pytest.raises((AccessDenied, NotFound)):
        consult(host, PHYSIO, record, document)
    assert opens(host, issued, 1, PHYSIO)
    entry = next(one for one in history(host, HOLDER, record).entries if one.effect == "allow")
    assert (entry.action, entry.actor, entry.obligations) == ("emergency:open", PHYSIO.id, ["notify-emergency"])
    deciding.switch(host, wish, "break_glass", on=False)
    assert not opens(host, issued, 2)


def test_whoever_is_killed_making_a_card_has_one_that_opens_after_asking_again(world):
    host, record, _, wish = world
    for number in range(40):
        host.clock.advance(timedelta(days=1))
        lost, calls = handing.print_card(host, wish, f"lost-{number}")[0], []
        with suppress(Killed):
            handing.print_card(cut(host, calls, (number, "after")), wish, f"kept-{number}")
        first, again = (handing.print_card(host, wish, f"kept-{number}")[0] for _ in range(2))
        assert (first.reference, first.text) == (again.reference, again.text)
        with pytest.raises(Conflict):
            handing.print_card(host, wish, f"lost-{number}")
        assert list(consent.read(host, HOLDER, record).choices.codes) == [first.reference]
        assert (opens(host, lost, number), opens(host, first, number)) == (False, True)
        if len(calls) <= number:
            break
    assert number > 3


def test_no_card_is_made_while_emergencies_are_switched_off(world):
    host, _, _, wish = world
    deciding.switch(host, wish, "break_glass", on=False)
    with pytest.raises(Conflict):
        handing.print_card(host, wish)


def test_a_card_is_no_access_code(world):
    host, _, _, wish = world
    issued, _ = handing.print_card(host, wish)
    with pytest.raises(AccessDenied):
        handing.use(host, DOCTOR, issued.reference, issued.text)
