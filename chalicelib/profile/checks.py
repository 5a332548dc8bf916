"""What may be written, beside what the gate decides: who writes a section, and dates in the person's life."""

from dataclasses import replace
from datetime import date, timedelta

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.clocks import comes_of_age, instant, latest_day
from ..access.delegation import CARER, role_of
from ..access.gate import Seen
from ..kernel.errors import Invalid
from ..kernel.host import Host
from .acts import Vaccination
from .content import Content
from .measure import Measure
from .model import Draft, Entry
from .words import SECTIONS

_CLOCK_SKEW = timedelta(minutes=5)


def suits(host: Host, actor: Actor, draft: Draft, seen: Seen, where: str = "/entry") -> None:
    """Raise Invalid unless this caller may have this stand in this section of this person's profile.

    `where` is its place in the request, which the error names.
    """
    section = SECTIONS[draft.content.section]
    if _role(host, actor, seen) not in section.writers:
        raise Invalid(fields={f"{where}/section": "is not for you to write"})
    adult = instant(host.clock.now()) >= comes_of_age(seen.holder.birth_date)
    if section.adults and not adult:
        raise Invalid(fields={f"{where}/section": "is for adults"})
    if draft.secret:
        _may_be_secret(actor, seen, adult=adult, possible=section.secret)
    _countable(draft.content, where)
    _in_life(host, draft.content, seen.holder.birth_date, where)


def follows(draft: Draft, current: Entry) -> None:
    """Raise Invalid unless this can be the next version: same section, same measure, secret only if it was."""
    if draft.content.section != current.section:
        raise Invalid(fields={"/entry/section": "cannot change"})
    if draft.secret and not current.secret:
        raise Invalid(fields={"/secret": "is decided when the entry is made; what was shown cannot be kept back"})
    now, before = draft.content, current.content
    if isinstance(now, Measure) and isinstance(before, Measure) and (now.kind, now.at) != (before.kind, before.at):
        raise Invalid(fields={"/entry/at": "kind and instant of a measure cannot change"})


def kept_back(draft: Draft, current: Entry, actor: Actor, choices: Choices) -> Draft:
    """Return the draft, kept from representatives as the entry is: only the minor shows it, in words (R.1111-50)."""
    kept = current.secret and (draft.unsaid or actor.id != choices.holder)
    return replace(draft, secret=True) if kept else draft


def _role(host: Host, actor: Actor, seen: Seen) -> str:
    if actor.kind is Kind.PROFESSIONAL:
        return "professional"
    return role_of(seen.choices, actor.id, host.clock.now()) or CARER


def _may_be_secret(actor: Actor, seen: Seen, *, adult: bool, possible: bool) -> None:
    if actor.kind is Kind.CITIZEN and actor.id != seen.choices.holder:
        raise Invalid(fields={"/secret": "only a professional or the holder keeps an entry from representatives"})
    if adult or not possible:
        raise Invalid(fields={"/secret": "only a minor keeps an entry from representatives, and not in every section"})


def _countable(content: Content, where: str) -> None:
    """Raise Invalid for a dose that would be kept and never count: no table says of which vaccine a CIP code is."""
    if isinstance(content, Vaccination) and content.product and content.product.system == "CIP" and not content.act:
        raise Invalid(fields={f"{where}/act": "is needed: a CIP code alone does not say which vaccine it was"})


def _in_life(host: Host, content: Content, birth: date, where: str) -> None:
    now = host.clock.now()
    # in Greenwich a child may be weighed on the eve of its birth
    days = {"at": latest_day(content.at)} if isinstance(content, Measure) else content.days()
    for name, day in days.items():
        if day and day < birth:
            raise Invalid(fields={f"{where}/{name}": "lies before birth"})
        if day and day > latest_day(now + _CLOCK_SKEW):
            raise Invalid(fields={f"{where}/{name}": "lies in the future"})
    if isinstance(content, Measure) and content.at > now + _CLOCK_SKEW:
        raise Invalid(fields={f"{where}/at": "lies in the future"})
