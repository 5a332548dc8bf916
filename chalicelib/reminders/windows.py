"""The days on which something should be done."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Window:
    """One reminder (dose, cycle) of a rule is due when start <= day < end."""

    dose: int
    cycle: str
    start: date
    end: date
