"""A child, who represents it, and the day on which it comes of age."""

from datetime import date, timedelta

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.person import Representative
from tests.enrolment.world import World
from tests.people import person

PARENT = Actor(Kind.CITIZEN, "citizen:parent", "Dominique EXEMPLE")
MOTHER = Representative(
    ins="255081416802538",
    oid="1.2.250.1.213.1.4.8",
    family_name="EXEMPLE",
    given_names=("Dominique",),
    kind="parent",
    email="parent@example.org",
)


def nearly_eighteen() -> World:
    """Return a child who was informed two weeks before the birthday, and whose parent has the letter."""
    world = World(person(birth=date(2008, 11, 16)).model_copy(update={"representatives": (MOTHER,)}))
    world.work()
    return world


def grown(world: World) -> World:
    """Let the birthday pass."""
    world.clock.advance(timedelta(days=15))
    world.night()
    return world


def recipients(world: World) -> list[str]:
    return [str(mail["To"]) for mail in world.host.mail.sent]


def eighteen_before_the_letter() -> World:
    """Return whose line was read on the eve of the birthday, and whose letter is sent after it."""
    world = World(person(birth=date(2008, 11, 3)).model_copy(update={"representatives": (MOTHER,)}))
    world.clock.advance(timedelta(days=2))
    return world
