"""What a record keeps about its reminders: the day its index row lies on, and what was sent."""

import json
from dataclasses import dataclass

from ..access.grant import Grant, Shelf, open_row
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, When
from .index import DUE

STATE = "7due"


@dataclass(frozen=True, slots=True)
class Agenda:
    """`sent` holds (rule, dose, cycle, day); version 0 is a record that was never looked at."""

    version: int = 0
    day: str = ""
    sent: tuple[tuple[str, int, str, str], ...] = ()

    @property
    def named(self) -> frozenset[tuple[str, int, str]]:
        """Return the names of the reminders that went out: (rule, dose, cycle)."""
        return frozenset((rule, dose, cycle) for rule, dose, cycle, _ in self.sent)


def agenda_of(grant: Grant) -> Agenda:
    """Open the row read along with the grant."""
    row = grant.rows.get(STATE)
    if row is None:
        return Agenda()
    kept = json.loads(open_row(grant.policy_key, grant.record, row))
    return Agenda(
        int(str(row["version"])), kept["day"], tuple((rule, dose, cycle, on) for rule, dose, cycle, on in kept["sent"])
    )


def lying(grant: Grant) -> list[Key]:
    """Return where the record lies in the index: what goes when the record is destroyed."""
    day = agenda_of(grant).day
    return [DUE.key(day, grant.record)] if day else []


def keep(host: Host, grant: Grant, agenda: Agenda) -> None:
    """Write the next version. Raise ConditionFailed when another worker was faster."""
    shelf = Shelf(host, grant)
    clear = json.dumps({"day": agenda.day, "sent": agenda.sent}).encode()
    as_read = NEW if agenda.version == 0 else When(equals={"version": agenda.version})
    shelf.put(shelf.row(STATE, clear, version=agenda.version + 1), as_read)
