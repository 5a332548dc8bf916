"""What a record keeps about its reminders: the day its index row lies on, and what was sent."""

import json
from dataclasses import dataclass
from datetime import date

from ..access.grant import Grant, Shelf, open_row
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, When
from .index import DUE
from .model import History, Sent

STATE = "7due"


@dataclass(frozen=True, slots=True)
class Agenda:
    """`sent` holds (rule, dose, day); version 0 is a record that was never looked at."""

    version: int = 0
    day: str = ""
    sent: tuple[tuple[str, int, str], ...] = ()

    @property
    def history(self) -> History:
        """Return what the rules look at."""
        return tuple(Sent(rule, dose, date.fromisoformat(on)) for rule, dose, on in self.sent)


def agenda_of(grant: Grant) -> Agenda:
    """Open the row read along with the grant."""
    row = grant.rows.get(STATE)
    if row is None:
        return Agenda()
    kept = json.loads(open_row(grant.policy_key, grant.record, row))
    return Agenda(int(str(row["version"])), kept["day"], tuple((rule, dose, on) for rule, dose, on in kept["sent"]))


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
