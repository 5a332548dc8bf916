"""Queue in the table itself, for hosts without a queue service: an idle poll is one query.

A message is one row of partition `q#<name>`, sorted by the time of sending. Receiving it is one conditional update
that sets how long it stays out of sight (`until`) and counts: of two workers one wins. Rows never move except to and
from `<name>-dead`, written there under the same sort key before they are deleted here. So a kill between any two calls
loses nothing, and at worst a message is seen twice.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from chalicelib.kernel.errors import Ambiguous, ConditionFailed
from chalicelib.kernel.ports import Change, Clock, Delivery, Key, Row, Rows, When

_PAGE = 100


class OutboxQueue:
    """A polled queue over the Rows port; `lease` is how long a received message stays out of sight."""

    def __init__(
        self, rows: Rows, clock: Clock, lease: timedelta = timedelta(seconds=60), most_receives: int = 5
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._lease = lease
        self._most_receives = most_receives

    def send(self, name: str, body: str) -> None:
        """Hand over one message."""
        sort = f"{_text(self._clock.now())}#{secrets.token_hex(10)}"
        self._rows.put(_row((_partition(name), sort), body))

    def receive(self, name: str, limit: int = 10) -> list[Delivery]:
        """Take up to `limit` messages out of sight; one received too often goes to `<name>-dead` instead."""
        found: list[Delivery] = []
        for row in self._in_sight(name):
            if _count(row) >= self._most_receives:
                self._bury(name, row)
            else:
                found += self._take(row)
            if len(found) >= limit:
                break
        return found

    def delete(self, name: str, receipt: str) -> None:
        """Forget one message for good, unless it has been received again since."""
        sort, count = receipt.rsplit("|", 1)
        self._drop((_partition(name), sort), int(count))

    def redrive(self, name: str) -> int:
        """Put each dead letter back before it is deleted; return how many."""
        dead = list(self._all(f"{name}-dead"))
        for row in dead:
            self._rows.put(_row((_partition(name), str(row["sk"])), str(row["body"])))
            self._rows.delete(_key(row))
        return len(dead)

    def _in_sight(self, name: str) -> Iterator[Row]:
        now = _text(self._clock.now())
        return (row for row in self._all(name) if str(row["until"]) <= now)

    def _all(self, name: str) -> Iterator[Row]:
        after = ""
        while page := self._rows.query(_partition(name), after=after, limit=_PAGE):
            yield from page
            if len(page) < _PAGE:
                return
            after = str(page[-1]["sk"])

    def _take(self, row: Row) -> list[Delivery]:
        count = _count(row)
        until = _text(self._clock.now() + self._lease)
        try:
            self._rows.update(_key(row), Change(set={"until": until}, add={"count": 1}), When(equals={"count": count}))
        except (ConditionFailed, Ambiguous):
            # Another worker has it, or nobody knows: then it comes back when the lease is over.
            return []
        return [Delivery(str(row["body"]), f"{_key(row)[1]}|{count + 1}", count + 1)]

    def _bury(self, name: str, row: Row) -> None:
        self._rows.put(_row((_partition(f"{name}-dead"), str(row["sk"])), str(row["body"])))
        self._drop(_key(row), _count(row))

    def _drop(self, key: Key, count: int) -> None:
        try:
            self._rows.delete(key, When(equals={"count": count}))
        except (ConditionFailed, Ambiguous):
            # Gone, received again, or unknown: a second delivery is allowed, a lost one is not.
            return


def _partition(name: str) -> str:
    return f"q#{name}"


def _text(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")


def _row(key: Key, body: str) -> Row:
    return {"pk": key[0], "sk": key[1], "body": body, "until": "", "count": 0}


def _key(row: Row) -> Key:
    return str(row["pk"]), str(row["sk"])


def _count(row: Row) -> int:
    return cast(int, row["count"])
