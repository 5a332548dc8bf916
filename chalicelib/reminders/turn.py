"""One record in a group that is looked at, and what a look brings along."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..access.grant import Grant
from ..kernel.errors import AccessDenied
from ..kernel.host import Host
from ..profile.prevention import Health, health_of
from .plan import Plan

Refresh = Callable[[Host, Grant], tuple[Health, Callable[[], None]]]
"""brings what the profile says up to date; gives it, and what is to be done once the reminders follow from it"""


def as_kept(_host: Host, grant: Grant) -> tuple[Health, Callable[[], None]]:
    """Take what the profile says as it was read along."""
    return health_of(grant), _nothing


def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Turn:
    """One record, woken from a place in the index, or from none when it is only to be laid on its hour."""

    record: str
    where: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    listed: bool = False
    reached: bool = False
    after: Callable[[], None] = _nothing

    given: Grant | None = None
    found: Plan | None = None

    @property
    def grant(self) -> Grant:
        """Return what the gate gave."""
        if self.given is None:
            raise AccessDenied
        return self.given

    @property
    def plan(self) -> Plan:
        """Return what was decided."""
        if self.found is None:
            raise AccessDenied
        return self.found
