"""What the profile and the agenda say to reminders: one sealed row each, read along with the gate."""

from collections.abc import Iterator
from datetime import date

from ..access.grant import Opened
from ..agenda.telling import Telling, tellings
from ..profile.prevention import Health
from .model import Act, History, Person, Pregnancy


def planned(found: Opened) -> Iterator[Telling]:
    """Yield what the holder wants to be told of what the agenda holds, under names that tell nothing.

    What a minor keeps secret is left out: representatives may read the mail.
    """
    return (one for one in tellings(found) if not one.secret)


def history(known: Health) -> History:
    """Return the acts as the engine wants them."""
    return tuple(Act(code, on, result) for code, on, result in known.acts)


def person(birth: date, sex: str, territory: str, known: Health) -> Person:
    """Return the person as the engine wants them."""
    pregnancies = tuple(Pregnancy(began, ended) for began, ended in known.pregnancies)
    return Person(birth, sex, territory, known.risks, pregnancies, known.opted_out)
