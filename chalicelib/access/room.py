"""How much may be decided about one record: policies/ceilings.csv, and what no ceiling refuses."""

from ..kernel.errors import Conflict
from .choices import FULL, Choices
from .mandates import ceilings


def with_room(before: Choices, after: Choices) -> Choices:
    """Return the next choices. Raise Conflict when they grew past a ceiling.

    Taking back is always possible, out of the team as well, and so is shutting out, as long as a row of the table holds
    it: nobody else may fill the choices so that the holder cannot shut them out.
    """
    ceiling = ceilings()
    grew = _size(after) > _size(before) and not _shuts_out(before, after)
    if grew and (
        _subjects(after) > ceiling["subjects_per_record"]
        or len(after.limits) > ceiling["limits_per_record"]
        or _size(after) > ceiling["choices_bytes"]
    ):
        raise Conflict(FULL)
    return after


def _shuts_out(before: Choices, after: Choices) -> bool:
    """Tell whether fewer may read, file or break the glass from now on."""
    closed = ("blocked", "dismissed", "refused", "discreet", "opposed")
    return after.team < before.team or any(getattr(after, one) > getattr(before, one) for one in closed)


def _subjects(choices: Choices) -> int:
    named = (choices.allowed, choices.blocked, choices.team, choices.express, choices.refused, choices.designated)
    return sum(map(len, named))


def _size(choices: Choices) -> int:
    return len(choices.dump())
