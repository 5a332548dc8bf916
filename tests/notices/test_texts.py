"""Whatever is told outside is one of a few fixed sentences."""

import re
from string import Formatter

import pytest

from chalicelib.access.matrix import BadPolicy
from chalicelib.notices import texts
from chalicelib.notices.events import events, load_events
from chalicelib.notices.model import Said

HEAD = "event,group,default,paper,source"
LANGUAGES = ("fr", "en")
# Everything that a message may say: a word that is not here says something about care, a person or a place.
ALLOWED = {
    "fr": """a appelle attendre avez ce part pas être
    attend avec avoir bonjour changement ceux code consulté contact coordonnées de demandé depuis des
    des dès dire dites donnez du en encore espace est et été faire fait fermé fermer fermez hier il information
    la le les lire l maintenant moment n ne nouveau nouveauté opposer ou ouvert ouvrir par personne personnel plus pour
    pourquoi pourrez pouvez prenez qui rappel rouvrir réponse s sans santé savoir sera si six semaines sous suit tout
    un une unique urgence référence cela concerne que représentez usage utiliser va vos votre vous voir y à où c
    dans opposition enregistrée aucun rien changez d avis effacement annuler annulez droit changé lequel sur""",
    "en": """a after again an and answer any asked at be been by call calls changed close closed code consulted contact
    delay emergency for give going has have health hello how if in is it know looks may more new news nobody now of
    open opened oppose or person personal please reach read record reminder say see since single six so some something
    still the there time to use waiting was weeks where who whom why will within without you your yesterday change not
    in reference about represent somebody this opposition recorded no nothing mind cancel erase right which""",
}


def _sentences(event: str, language: str) -> list[str]:
    return [
        texts.SUBJECT[language],
        texts.GREETING[language],
        texts.BODY[event][language],
        texts.SHORT[event][language],
        texts.FOR_SOMEBODY[language],
    ]


@pytest.mark.abuse("Q04")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", events())
def test_every_sentence_is_made_of_words_that_tell_nothing(event: str, language: str) -> None:
    allowed = set(ALLOWED[language].split())
    for sentence in _sentences(event, language):
        plain = re.sub(r"{\w+}", "", sentence).lower()
        assert set(re.findall(r"[^\W\d_]+", plain)) - allowed == set(), sentence


@pytest.mark.abuse("Q04")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", events())
def test_nothing_is_filled_in_but_the_portal_and_the_code_of_an_invitation(event: str, language: str) -> None:
    long, short = (
        {name for _, name, _, _ in Formatter().parse(table[event][language]) if name}
        for table in (texts.BODY, texts.SHORT)
    )
    coded = {"code"} if event in texts.CODED else set()
    assert long == coded | {"portal"}
    assert short == coded


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", events())
def test_a_telephone_shows_it_in_one_message(event: str, language: str) -> None:
    assert len(texts.short(Said(event, language, "ABCD-EFGH-JKLM"))) <= 153


def test_every_event_has_its_sentences_and_every_sentence_its_event() -> None:
    assert set(texts.BODY) == set(texts.SHORT) == set(events())
    assert set(events()) >= texts.CODED


def test_the_function_ships_the_table_that_a_lawyer_reads() -> None:
    from pathlib import Path

    shipped = Path(texts.__file__).with_name("notices.csv")
    assert shipped.resolve() == Path(__file__).parents[2] / "policies" / "notices.csv"


@pytest.mark.parametrize(
    "lines",
    [
        ["a,deposits,instant,no,x", "a,deposits,instant,no,x"],
        ["a,deposits,instant,no,x", "b,deposits,daily,no,x"],
        ["a,always,daily,no,x"],
        ["a,always,never,no,x"],
        ["a,sometimes,instant,no,x"],
        ["a,deposits,weekly,no,x"],
        ["a,deposits,instant,perhaps,x"],
        ["a,deposits,instant,no,"],
        ["a,deposits,instant,no"],
        ["a,deposits,instant,no,x,y"],
        ["A,deposits,instant,no,x"],
    ],
    ids=str,
)
def test_a_line_that_is_not_understood_does_not_load(lines: list[str]) -> None:
    with pytest.raises(BadPolicy):
        load_events([HEAD, *lines])
