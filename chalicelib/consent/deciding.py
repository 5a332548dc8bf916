"""What the holder decides beside allowing and blocking: each one counts from the next request on."""

from dataclasses import replace

from ..access.choices import Choices
from ..access.matrix import CATEGORIES
from ..kernel.errors import Invalid
from ..kernel.host import Host
from .changing import Wish, change, flipped
from .model import PREFIXES, REFUSAL, grounds, grounds_of

_CATEGORY = PREFIXES["category"]

REGULATION, BREAK_GLASS, SHOWS_HIDDEN = "regulation", "break_glass", "hidden"


def express(host: Host, wish: Wish, professional: str, *, given: bool) -> None:
    """Give or take back the separate, express consent for one occupational physician (CSP L.1111-17 IV)."""

    def consented(choices: Choices) -> Choices:
        return replace(choices, express=flipped(choices.express, professional, on=given))

    change(host, wish, "choices:express", consented, subject=professional, given=given)


def refuse(host: Host, wish: Wish, subject: str, ground: str) -> None:
    """Refuse deposits of a professional, an organisation or a category, for a legitimate reason (CSP R.1111-47)."""

    def refused(choices: Choices) -> Choices:
        known = grounds().get(ground)
        if known is None or known.use != REFUSAL:
            raise Invalid(fields={"/reason": f"must be one of {', '.join(grounds_of(REFUSAL))}"})
        if subject.startswith(_CATEGORY) and subject.removeprefix(_CATEGORY) not in CATEGORIES:
            raise Invalid(fields={"/id": "is no category of the access matrix"})
        return replace(choices, refused=choices.refused | {subject})

    change(host, wish, "choices:refuse", refused, subject=subject, ground=ground)


def accept(host: Host, wish: Wish, subject: str) -> None:
    """Accept deposits again."""

    def accepted(choices: Choices) -> Choices:
        return replace(choices, refused=choices.refused - {subject})

    change(host, wish, "choices:accept", accepted, subject=subject)


def switch(host: Host, wish: Wish, name: str, *, on: bool) -> None:
    """Set one of the three emergency switches; the other two stay as they are (CSP L.1111-17 I)."""

    def switched(choices: Choices) -> Choices:
        if name == SHOWS_HIDDEN:
            return replace(choices, shows_hidden=on)
        return replace(choices, opposed=flipped(choices.opposed, name, on=not on))

    change(host, wish, "choices:switch", switched, switch=name, on=on)


def physician(host: Host, wish: Wish, professional: str) -> None:
    """Name the treating physician, or nobody with an empty name (CSP L.1111-16)."""

    def named(choices: Choices) -> Choices:
        return replace(choices, physician=professional)

    change(host, wish, "choices:physician", named, subject=professional)


def designate(host: Host, wish: Wish, professional: str, *, sees: bool) -> None:
    """Let a professional see hidden documents, or no longer."""

    def designated(choices: Choices) -> Choices:
        return replace(choices, designated=flipped(choices.designated, professional, on=sees))

    change(host, wish, "choices:designate", designated, subject=professional, sees=sees)


def team(host: Host, wish: Wish, subject: str, *, member: bool) -> None:
    """Put a professional or an organisation into the care team, or take it out (CSP L.1110-12).

    Whom the holder took out no colleague declares again, and no house brings in.
    """

    def teamed(choices: Choices) -> Choices:
        dismissed = flipped(choices.dismissed, subject, on=not member)
        return replace(choices, team=flipped(choices.team, subject, on=member), dismissed=dismissed)

    change(host, wish, "choices:team", teamed, subject=subject, member=member)


def discreet(host: Host, wish: Wish, category: str, *, on: bool) -> None:
    """Hide every document of a category unless it is shown one by one, or hide it no longer."""

    def set_(choices: Choices) -> Choices:
        return replace(choices, discreet=flipped(choices.discreet, category, on=on))

    change(host, wish, "choices:discreet", set_, on=on)


def told(host: Host, wish: Wish, *, accesses: bool) -> None:
    """Tell the holder of every access, or only of what the law says."""

    def set_(choices: Choices) -> Choices:
        return replace(choices, told=flipped(choices.told, "accesses", on=accesses))

    change(host, wish, "choices:told", set_, accesses=accesses)
