"""Notices on paper: each letter in one batch, and nobody's name beside it."""

from datetime import timedelta

import pikepdf
import pytest

from chalicelib.access.facts import facts_key, facts_of
from chalicelib.history.actions import history
from chalicelib.kernel.errors import CarnetError, NotFound
from chalicelib.notices import batches
from chalicelib.notices.paper import Words, letter
from tests.people import DOCTOR, ENROLMENT, HOLDER, INSURER, STRANGER, SUPPORT

from .world import HOUSE, World


def on_paper(*names: str) -> World:
    world = World()
    world.reach(email="", address=HOUSE)
    world.work()
    world.mail.sent.clear()
    for name in names:
        world.tell("emergency", name)
    return world


def batch(world: World) -> str:
    return world.clock.now().date().isoformat()


def members(world: World, name: str) -> list[list[str]]:
    return [line.split(",") for line in batches.manifest(world.host, ENROLMENT, name).splitlines()[1:]]


def test_a_letter_waits_for_the_night_and_its_manifest_names_nobody() -> None:
    world = on_paper("one")
    world.night()
    ((reference, pages, department),) = members(world, batch(world))
    assert (pages, department) == ("1", "29")
    page = batches.page(world.host, ENROLMENT, batch(world), reference)
    assert len(pikepdf.open(_file(page)).pages) == 1


def _file(page: bytes) -> object:
    from io import BytesIO

    return BytesIO(page)


def test_a_notice_of_every_day_never_becomes_a_letter() -> None:
    world = on_paper()
    world.tell("new-document")
    world.night()
    assert members(world, batch(world)) == []


def test_each_letter_is_in_one_batch_also_when_its_notice_comes_again() -> None:
    world = on_paper("one")
    world.night()
    first = batch(world)
    world.tell("emergency", "one")
    world.tell("emergency", "two")
    world.night()
    assert len(members(world, first)) == 1
    assert len(members(world, batch(world))) == 1
    assert not {m[0] for m in members(world, first)} & {m[0] for m in members(world, batch(world))}


def test_a_second_run_of_the_same_night_makes_no_second_batch_and_loses_nothing() -> None:
    world = on_paper("one")
    world.night()
    first = batch(world)
    world.tell("emergency", "two")
    assert batches.night(world.host) == 0
    world.night()
    assert [len(members(world, name)) for name in (first, batch(world))] == [1, 1]


def test_a_batch_that_is_not_finished_is_not_there() -> None:
    world = on_paper("one")
    for name in (batch(world), "0current", "2020-01-01"):
        with pytest.raises(NotFound):
            batches.manifest(world.host, ENROLMENT, name)


def test_who_fetched_a_letter_stands_in_the_journal() -> None:
    world = on_paper("one")
    world.night()
    reference = members(world, batch(world))[0][0]
    batches.page(world.host, ENROLMENT, batch(world), reference)
    entries = history(world.host, HOLDER, world.record).entries
    (fetched,) = [entry for entry in entries if entry.action == "letters:batch"]
    assert fetched.detail == {"for": ENROLMENT.id}


@pytest.mark.parametrize("who", [HOLDER, STRANGER, DOCTOR, SUPPORT, INSURER])
def test_only_the_operator_obtains_letters(who: object) -> None:
    world = on_paper("one")
    world.night()
    reference = members(world, batch(world))[0][0]
    with pytest.raises(CarnetError):
        batches.manifest(world.host, who, batch(world))  # type: ignore[arg-type]
    with pytest.raises(CarnetError):
        batches.page(world.host, who, batch(world), reference)  # type: ignore[arg-type]


def test_a_letter_is_not_found_in_another_batch() -> None:
    world = on_paper("one")
    world.night()
    reference = members(world, batch(world))[0][0]
    world.clock.advance(timedelta(days=1))
    batches.night(world.host)
    with pytest.raises(NotFound):
        batches.page(world.host, ENROLMENT, batch(world), reference)


def test_the_letter_of_a_record_whose_keys_are_gone_opens_nowhere() -> None:
    world = on_paper("one")
    world.night()
    reference = members(world, batch(world))[0][0]
    pk, _ = facts_key(world.record)
    world.host.rows.delete((pk, "0key"))
    with pytest.raises(NotFound):
        batches.page(world.host, ENROLMENT, batch(world), reference)
    assert facts_of(world.record, world.host.rows.get([facts_key(world.record)])[facts_key(world.record)])


WORDS = Words(
    sender="Mon espace de santé",
    to=("Œdipe-Noël ŁUKASZ", "4 RUE DE L’ÉGLISE", "29200 BREST"),
    subject="Votre espace de santé",
    paragraphs=("Bonjour,", "Ceci dépend de vous : être prévenu très tôt, où que vous soyez, ça aide à décider. 😀"),
    link="https://carnet.example",
    reference="0" * 32,
)


def test_the_same_words_give_the_same_page_with_every_accent() -> None:
    page = letter(WORDS)
    assert page == letter(WORDS)
    assert len(page) < 100_000
    with pikepdf.open(_file(page)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        maps = b"".join(font.ToUnicode.read_bytes() for _, font in fonts.items() if "/ToUnicode" in font)
    for sign in "éèàçêùŒŁ’É":
        assert f"{ord(sign):04X}".encode() in maps.upper(), sign
