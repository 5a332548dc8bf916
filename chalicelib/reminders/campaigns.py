"""Schedules that follow something else than age: the season of a campaign, a pregnancy."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .conditions import Condition, ends, together
from .life import Life
from .model import Act, Pregnancy
from .schedules import Schedule, Window, since, took_place
from .spans import ALWAYS, LAST, Spans, both, either, from_until
from .words import Campaign, Length, Strict


class Since(Strict):
    """So long after the last dose; `when` restricts it to some people, on some days."""

    after: Length
    when: tuple[Condition, ...] = ()


class Seasonal(Schedule):
    """Once each season; with `once`, one dose is enough for ever, from the age `count_from`."""

    kind: Literal["seasonal"]
    campaign: Campaign
    intervals: tuple[Since, ...] = ()
    once: bool = False
    count_from: Length | None = None

    def allowed(self, life: Life, past: tuple[Act, ...]) -> Spans:
        """Return the days on which one of the intervals after the last dose is over."""
        if not past or not self.intervals:
            return ALWAYS
        last = past[-1].on
        return either(both(together(one.when, life), from_until(one.after.after(last), LAST)) for one in self.intervals)

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the seasons without a dose."""
        if self.once and since(past, life.aged(self.count_from)):
            return
        for season in self.campaign.after(day):
            if not took_place(past, season.start, season.end):
                yield Window(1, season.name, season.start, season.end)


class InPregnancy(Schedule):
    """Once in each pregnancy, from a week (SA) or a month on, until a week is over, the birth, or some time after it.

    A pregnancy that ends before `birth_from_week` ends without a birth.
    """

    kind: Literal["pregnancy"]
    from_week: Annotated[int, Field(ge=1, le=42)] | None = None
    from_age: Length | None = None
    through_week: Annotated[int, Field(ge=1, le=42)] | None = None
    after_birth: Length | None = None
    birth_from_week: Annotated[int, Field(ge=1, le=42)] | None = None
    campaign: Campaign | None = None

    @model_validator(mode="after")
    def _begins_once(self) -> Self:
        if (self.from_week is None) == (self.from_age is None):
            raise ValueError("it begins with a week or with a month")
        if (self.after_birth is None) != (self.birth_from_week is None):
            raise ValueError("after_birth needs birth_from_week")
        return self

    def windows(self, life: Life, past: tuple[Act, ...], day: date) -> Iterator[Window]:
        """Return the time of each pregnancy without an act, those days of it that lie in a season if one is named."""
        for one in sorted(life.person.pregnancies, key=lambda one: one.began):
            start, end = self._start(one), self._end(one)
            if day < end and start < min(end, ends(one)) and not took_place(past, one.began, end):
                yield from self._in_season(one, start, end)

    def _in_season(self, one: Pregnancy, start: date, end: date) -> Iterator[Window]:
        cycle = one.began.isoformat()
        if self.campaign is None:
            yield Window(1, cycle, start, end)
            return
        for season in self.campaign.after(start):
            if season.start >= end:
                return
            yield Window(1, cycle, max(start, season.start), min(end, season.end))

    def _start(self, one: Pregnancy) -> date:
        return one.began + timedelta(weeks=self.from_week) if self.from_week else _later(one.began, self.from_age)

    def _end(self, one: Pregnancy) -> date:
        end = ends(one)
        if self.through_week:
            end = min(end, one.began + timedelta(weeks=self.through_week + 1))
        if self.birth_from_week and end >= one.began + timedelta(weeks=self.birth_from_week):
            end = _later(end, self.after_birth)
        return end


def _later(day: date, length: Length | None) -> date:
    return length.after(day) if length else day
