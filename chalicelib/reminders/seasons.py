"""The seasons of campaigns: dated lines of policies/prevention/seasons.csv, the later ones assumed until loaded."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

# A line without a last year counts until then: beyond the life of anybody born while these rules are read.
HORIZON = 2200
_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Season:
    """One season of one campaign: start <= day < end."""

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The seasons of one campaign, in order."""

    campaign: str
    seasons: tuple[Season, ...]
    ends: tuple[date, ...]

    def after(self, day: date) -> tuple[Season, ...]:
        """Return the seasons that end after this day."""
        return self.seasons[bisect_right(self.ends, day) :]


class SeasonLine(BaseModel):
    """The same days of the year from one year to another, both included, counted by the year of the first day.

    `official` days were published, `assumed` ones repeat the last that were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    campaign: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    from_year: int = Field(ge=2000, lt=HORIZON)
    until_year: Annotated[int, BeforeValidator(lambda value: value or HORIZON)] = Field(le=HORIZON)
    first_day: str = Field(pattern=_DAY)
    last_day: str = Field(pattern=_DAY)
    status: Literal["official", "assumed"]
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_time(self) -> "SeasonLine":
        if self.until_year < self.from_year:
            raise ValueError("until_year comes before from_year")
        self.season(self.from_year)
        return self

    def season(self, year: int) -> Season:
        """Return the season that begins in this year. Raise ValueError when there is no such day."""
        later = year + (self.last_day < self.first_day)
        start = date.fromisoformat(f"{year}-{self.first_day}")
        end = date.fromisoformat(f"{later}-{self.last_day}") + _ONE_DAY
        return Season(f"{year}" if later == year else f"{year}-{later % 100:02d}", start, end)


def calendars_of(rows: Iterable[Mapping[str, str]]) -> Mapping[str, Calendar]:
    """Return the seasons of each campaign. Raise ValueError on a line not understood or a year said twice."""
    found: dict[str, dict[int, Season]] = {}
    for line in (SeasonLine.model_validate(row) for row in rows):
        years = range(line.from_year, line.until_year + 1)
        if found.get(line.campaign, {}).keys() & set(years):
            raise ValueError(f"{line.campaign}: two lines for one year")
        found.setdefault(line.campaign, {}).update((year, line.season(year)) for year in years)
    return {campaign: _calendar(campaign, years) for campaign, years in found.items()}


def _calendar(campaign: str, years: Mapping[int, Season]) -> Calendar:
    seasons = tuple(years[year] for year in sorted(years))
    return Calendar(campaign, seasons, tuple(season.end for season in seasons))
