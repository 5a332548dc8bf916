"""What is told of coverage: by month, rule, age and department, and never so that it could be somebody.

A number is told from eleven on, moves by eleven at least, and never lies so near to the one beside it that the
difference would be fewer people than that: what two answers or two columns give away is a number that could be told
itself. Sums are made of what is told, so that nothing is left when the cells are taken away.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from io import StringIO
from typing import cast

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.decide import decide
from ..access.facts import facts_of
from ..access.keyring import system_key
from ..access.reach import FEWEST, moved
from ..access.refusal import refuse
from ..access.thing import RECORD
from ..access.work import work_off
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row, When
from ..kernel.seal import seal, unseal
from .campaign import Progress, progress
from .counting import DONE, DUE, OPEN, SENT, sums
from .plan import WITHIN

ACTION = "coverage:read"
COLUMNS = ("month", "rule", "age", "department", "due", "sent", f"done_within_{WITHIN.days}_days")
_MONTH = 7
_SHOWN = "s#coverage-shown"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One cell: what was last told of it, 0 when nothing was. What lies too near to `sent` by now is not shown."""

    age: str
    department: str
    sent: int = 0
    due: int = 0
    done: int = 0

    @property
    def columns(self) -> tuple[int | None, int | None, int | None]:
        """Return what is shown of (due, sent, done)."""
        due = self.due if self.due == self.sent or self.due - self.sent >= FEWEST else None
        done = self.done if self.done and self.sent - self.done >= FEWEST else None
        return due, self.sent, done


def told(before: Line, due: int, sent: int, done: int) -> Line:
    """Return what is told of a cell after this count, given what was told before."""
    after = replace(before, sent=moved(before.sent, sent))
    if due == after.sent or due - after.sent >= FEWEST:
        after = replace(after, due=moved(before.due, due))
    if after.sent - done >= FEWEST:
        after = replace(after, done=moved(before.done, done))
    return after


def publish(host: Host) -> int:
    """Make what is told follow what was counted, for every month that may still change; return how many lines."""
    return work_off(_months(host.clock.now().date()), lambda month: _publish(host, month))


def table(host: Host, actor: Actor, month: str, request: str = "") -> str:
    """Return a month as CSV. Raise AccessDenied; a refusal is written down."""
    _require(host, actor, request)
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for rule, line in _lines(host, month):
        shown = ("" if one is None else one for one in line.columns)
        lines.writerow((month, rule, line.age, line.department, *shown))
    return out.getvalue()


def ages(host: Host, actor: Actor, month: str, rule: str, request: str = "") -> Mapping[str, tuple[int, int, int]]:
    """Return (due, sent, done) of one rule by age: the sums of what is told. Raise AccessDenied."""
    _require(host, actor, request)
    found: dict[str, tuple[int, int, int]] = {}
    for _, line in _lines(host, month, rule):
        due, sent, done = (one or 0 for one in line.columns)
        before = found.get(line.age, (0, 0, 0))
        found[line.age] = before[0] + due, before[1] + sent, before[2] + done
    return found


def campaign_of(host: Host, actor: Actor, request: str = "") -> Progress | None:
    """Return how far the last campaign is. Raise AccessDenied."""
    _require(host, actor, request)
    return progress(host)


def _require(host: Host, actor: Actor, request: str) -> None:
    """Ask the access rules; statistics have no record, so the decision is the one about none."""
    nowhere = facts_of("coverage", None)
    decision = decide(nowhere, Choices(), actor, ACTION, RECORD, host.clock.now())
    if not decision.allowed:
        refuse(host, nowhere, Choices(), actor, ACTION, RECORD, decision, request)


def _months(today: date) -> list[str]:
    first = today - WITHIN - OPEN - timedelta(days=31)
    return sorted({(first + timedelta(days=day)).isoformat()[:_MONTH] for day in range((today - first).days + 1)})


def _publish(host: Host, month: str) -> int:
    last = date.fromisoformat(f"{month}-01") + timedelta(days=31) + WITHIN + OPEN
    counted = sums(host, f"{month}-01", last.isoformat())
    cells: dict[str, dict[tuple[str, str], Counter[str]]] = {}
    for (of, rule, age, where, kind), number in counted.items():
        if of == month:
            cells.setdefault(rule, {}).setdefault((age, where), Counter())[kind] += number
    return sum(_rewrite(host, _key(month, rule), found) for rule, found in cells.items())


def _rewrite(host: Host, key: Key, found: Mapping[tuple[str, str], Counter[str]]) -> int:
    row = host.rows.get([key]).get(key)
    before = {(one.age, one.department): one for one in (_opened(host, row) if row else ())}
    after = [
        told(before.get(cell, Line(*cell)), counts[DUE], counts[SENT], counts[DONE])
        for cell, counts in sorted(found.items())
    ]
    shown = [astuple(one) for one in after if one.sent]
    body = seal(system_key(host), "coverage-shown", json.dumps(shown).encode(), *key)
    with suppress(ConditionFailed):  # another night has told: what this one would tell follows from what was before
        as_read = When(equals={"body": row["body"]}) if row else NEW
        if shown:
            host.rows.put({"pk": key[0], "sk": key[1], "body": body}, as_read)
    return len(shown)


def _lines(host: Host, month: str, rule: str = "") -> Iterator[tuple[str, Line]]:
    after = f"{month}#"
    while rows := host.rows.query(_SHOWN, after=after, upto=f"{month}#~", limit=_PAGE):
        for row in rows:
            after = cast(str, row["sk"])
            if rule in ("", after[_MONTH + 1 :]):
                yield from ((after[_MONTH + 1 :], line) for line in _opened(host, row))


def _opened(host: Host, row: Row) -> Iterable[Line]:
    pk, sk = cast(str, row["pk"]), cast(str, row["sk"])
    clear = unseal(system_key(host), "coverage-shown", cast(bytes, row["body"]), pk, sk)
    return [Line(*one) for one in json.loads(clear)]


def _key(month: str, rule: str) -> Key:
    return _SHOWN, f"{month}#{rule}"
