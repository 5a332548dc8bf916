"""One person as the rules see them on one day: what was done until then, and the days on which they have an age."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from ..kernel.period import Period
from .model import Act, History, Person

_NOTHING: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """`acts` are those of each code, in order, one a day."""

    person: Person
    acts: dict[str, tuple[Act, ...]]

    @classmethod
    def until(cls, person: Person, history: History, day: date) -> Self:
        """Return the life as it is known on this day: an act with a later date has not taken place."""
        found: dict[str, list[Act]] = {}
        for act in history:
            if act.on <= day:
                found.setdefault(act.code, []).append(act)
        return cls(person, {code: _one_a_day(acts) for code, acts in found.items()})

    def aged(self, age: Period | None) -> date:
        """Return the first day of this age, the birth for none."""
        return age.after(self.person.birth) if age else self.person.birth

    def past(self, codes: tuple[str, ...]) -> tuple[Act, ...]:
        """Return the acts of these codes, in order, one a day."""
        if len(codes) == 1:
            return self.acts.get(codes[0], _NOTHING)
        return _one_a_day([act for code in codes for act in self.acts.get(code, _NOTHING)])


def _one_a_day(acts: list[Act]) -> tuple[Act, ...]:
    """Two entries of one day are one act that two people recorded; an abnormal result is the one to keep."""
    if len(acts) <= 1:
        return tuple(acts)
    days: dict[date, Act] = {}
    for act in sorted(acts, key=lambda act: (act.on, act.result != "abnormal", act.result != "normal")):
        days.setdefault(act.on, act)
    return tuple(days.values())
