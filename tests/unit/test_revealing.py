"""A minor's secret document: made visible to the representatives once, and never secret again."""

from dataclasses import replace

import pytest

from chalicelib.access.choices import Choices, Delegation
from chalicelib.access.decide import decide
from chalicelib.access.facts import Facts
from chalicelib.access.thing import Thing
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding, revealing
from chalicelib.consent.changing import Wish
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.vault import changes
from tests.people import HOLDER, LAB, STRANGER
from tests.unit.delegated import MOTHER, adult, filed


def sees(choices, document, now):
    """Tell whether a parent reads a document that was filed as secret."""
    thing = Thing("document", document, "BIOLOGIE", LAB.id, LAB.organisation, "available", secret=True)
    choices = replace(choices, proxies={MOTHER.id: Delegation("parent")})
    return decide(Facts("r", "open"), choices, MOTHER, "document:consult", thing, now).allowed


@pytest.mark.abuse("A22")
def test_what_was_revealed_is_seen_and_no_decision_makes_it_secret_again():
    host, record = adult()
    document, wish, now = filed(host, record, LAB).id, Wish(HOLDER, record), host.clock.now()

    def choices() -> Choices:
        return consent.read(host, HOLDER, record).choices

    assert not sees(choices(), document, now)
    revealing.reveal(host, wish, document, secret=False)
    revealing.reveal(host, wish, document, secret=False)
    assert sees(choices(), document, now)
    with pytest.raises(Conflict):
        revealing.reveal(host, wish, document, secret=True)
    changes.hide(host, HOLDER, record, document)
    deciding.discreet(host, wish, "BIOLOGIE", on=True)
    changes.show(host, HOLDER, record, document)
    assert sees(choices(), document, now)


def test_nobody_but_the_holder_reveals():
    host, record = adult()
    document = filed(host, record, LAB).id
    with pytest.raises(NotFound):
        revealing.reveal(host, Wish(STRANGER, record), document, secret=False)
    with pytest.raises(NotFound):
        revealing.reveal(host, Wish(HOLDER, record), "a" * 26, secret=False)
