"""Calendar periods as the law writes them: two months, 74 years, six weeks (ISO 8601 `P2M`, `P74Y`, `P6W`)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_FORM = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?", re.ASCII)
_IN_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class Period:
    """So many months, then so many days. `after` a day without its match in the month reached is the month's last day.

    That is the French rule for periods (CPC art. 641: "à défaut d'un quantième identique, le délai expire le
    dernier jour du mois"): 31 August and six months is 28 or 29 February; born on 29 February, one is a year
    older on 28 February of a common year.
    """

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `P1Y6M`, `P6W` or `P42D`. Raise ValueError on anything else and on a period of no length."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError("a period is written like P2M, P74Y, P6W or P42D")
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        period = cls(years * 12 + months, weeks * 7 + days)
        if period == cls(0, 0):
            raise ValueError("a period has a length")
        return period

    def after(self, day: date, times: int = 1) -> date:
        """Return the day that lies `times` such periods later, counted in one step so that nothing drifts."""
        months, of_month = day.year * 12 + day.month - 1 + self.months * times, day.day
        year, month = months // 12, months % 12 + 1
        if of_month > _IN_EVERY_MONTH:  # every month has 28 days: only the three last need a look at the calendar
            of_month = min(of_month, monthrange(year, month)[1])
        reached = date(year, month, of_month)
        return reached + timedelta(self.days * times) if self.days else reached
