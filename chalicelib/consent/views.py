"""The holder's choices as they are sent and shown: requests strict, answers complete."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from ..access.choices import Choices, Delegation, Limit
from ..access.clocks import instant
from ..access.matrix import CATEGORIES
from ..edge.categories import Category
from ..edge.days import InOrder, WrittenDay
from ..edge.http import STRICT
from ..kernel.errors import Invalid
from ..kernel.ids import ID_PATTERN
from .subjects import KnownSubject

Document = Annotated[str, Field(pattern=ID_PATTERN, description="Id of a document, as lists give it")]
Day = Annotated[date, Field(strict=False, ge=date(1880, 1, 1), le=date(2199, 12, 31)), WrittenDay]
Moment = Annotated[
    AwareDatetime, Field(strict=False, ge=datetime(1880, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
_MANY = 100


class Within(BaseModel):
    """What a permission is limited to: an absent field does not narrow. `ends`: "until my appointment"."""

    model_config = STRICT
    categories: Annotated[list[Category], Field(max_length=len(CATEGORIES))] = []
    documents: Annotated[list[Document], Field(max_length=_MANY)] = []
    since: Day | None = Field(default=None, description="first day of care")
    until: Annotated[Day | None, InOrder] = Field(default=None, description="last day of care")
    ends: Moment | None = Field(default=None, description="from then on nothing is permitted any more")

    def limit_at(self, now: datetime, where: str = "") -> Limit:
        """Return the limit as decisions know it. Raise Invalid for one that would permit nothing any more.

        `where` is its place in the request, which the error names.
        """
        if self.ends and self.ends <= now:
            raise Invalid(fields={f"{where}/ends": "lies in the past"})
        return Limit(
            frozenset(self.categories),
            frozenset(self.documents),
            self.since.isoformat() if self.since else "",
            self.until.isoformat() if self.until else "",
            instant(self.ends.astimezone(UTC)) if self.ends else "",
        )


class Permission(KnownSubject):
    """Who may read, and within what."""

    within: Within = Within()


class LimitView(BaseModel):
    """Within what one of those allowed may read."""

    subject: str
    categories: list[str]
    documents: list[str]
    since: str
    until: str
    ends: str


class Until(BaseModel):
    """Somebody, and until when."""

    subject: str
    ends: str


class Delegate(BaseModel):
    """Somebody who acts for the holder."""

    id: str
    kind: str
    name: str
    ends: str


class CodeView(BaseModel):
    """A code that still works; its text is shown once, when it is made."""

    reference: str
    purpose: str
    ends: str


class Switches(BaseModel):
    """The three emergency switches: what is permitted."""

    regulation: bool
    break_glass: bool
    hidden: bool


class ChoicesView(BaseModel):
    """All that the holder has decided.

    Whom it is about is named `pro:`, `org:` or `prof:` and the id: `allowed`, `blocked`, `express` (occupational
    physicians), `refused` (whose deposits; `cat:` for a category), `team`, `dismissed` (taken out of it), `physician`
    (empty: nobody), `designated` (see hidden documents). `hidden` and `shown` are ids of documents, `discreet` are
    categories whose documents are hidden unless shown. `consents` (of a consultation), `emergencies`, `limits`,
    `proxies`, `carers` and `codes` end by themselves: `ends` is an instant in UTC, empty: never.

    `version` is what the holder's If-Match names; to others it is 0, and any If-Match of theirs is answered 412.
    """

    version: int
    allowed: list[str]
    limits: list[LimitView]
    blocked: list[str]
    express: list[str]
    refused: list[str]
    team: list[str]
    dismissed: list[str]
    physician: str
    designated: list[str]
    consents: list[Until]
    emergencies: list[Until]
    switches: Switches
    hidden: list[str]
    discreet: list[str]
    shown: list[str]
    proxies: list[Delegate]
    carers: list[Delegate]
    codes: list[CodeView]
    told_accesses: bool


EMPTY = {
    "version": 3,
    "allowed": [],
    "limits": [],
    "blocked": [],
    "express": [],
    "refused": [],
    "team": [],
    "dismissed": [],
    "physician": "",
    "designated": [],
    "consents": [],
    "emergencies": [],
    "switches": {"regulation": True, "break_glass": True, "hidden": False},
    "hidden": [],
    "discreet": [],
    "shown": [],
    "proxies": [],
    "carers": [],
    "codes": [],
    "told_accesses": False,
}
"""for examples: nobody decided anything but once"""


def choices_view(choices: Choices, version: int, *, assisted: bool = False) -> ChoicesView:
    """Return the view; an agent who helps (`assisted`) is shown no document, and is led to no code.

    The reference of a code is one of the two factors by which the help desk knows the holder (abuse T07).
    """
    return ChoicesView(
        version=version,
        allowed=sorted(choices.allowed),
        limits=[_limit(name, one, documents=not assisted) for name, one in sorted(choices.limits.items())],
        blocked=sorted(choices.blocked),
        express=sorted(choices.express),
        refused=sorted(choices.refused),
        team=sorted(choices.team),
        dismissed=sorted(choices.dismissed),
        physician=choices.physician,
        designated=sorted(choices.designated),
        consents=[Until(subject=name, ends=ends) for name, ends in sorted(choices.consents.items())],
        emergencies=[Until(subject=name, ends=ends) for name, ends in sorted(choices.emergencies.items())],
        switches=_switches(choices),
        hidden=[] if assisted else sorted(choices.hidden),
        discreet=sorted(choices.discreet),
        shown=[] if assisted else sorted(choices.shown),
        proxies=[_delegate(name, one) for name, one in sorted(choices.proxies.items())],
        carers=[_delegate(name, one) for name, one in sorted(choices.carers.items())],
        codes=[] if assisted else _codes(choices),
        told_accesses="accesses" in choices.told,
    )


def _codes(choices: Choices) -> list[CodeView]:
    return [CodeView(reference=name, purpose=one.purpose, ends=one.ends) for name, one in sorted(choices.codes.items())]


def _limit(name: str, one: Limit, *, documents: bool) -> LimitView:
    shown = sorted(one.documents) if documents else []
    categories = sorted(one.categories)
    return LimitView(
        subject=name, categories=categories, documents=shown, since=one.since, until=one.until, ends=one.ends
    )


def _switches(choices: Choices) -> Switches:
    return Switches(
        regulation="regulation" not in choices.opposed,
        break_glass="break_glass" not in choices.opposed,
        hidden=choices.shows_hidden,
    )


def _delegate(name: str, one: Delegation) -> Delegate:
    return Delegate(id=name, kind=one.kind, name=one.name, ends=one.ends)
