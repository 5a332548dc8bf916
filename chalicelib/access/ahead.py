"""Rows that were read for many records at once, strongly consistent, and are given out once each.

A gate asks for one record after the other. What it is given here was read a moment before; the conditional update that
makes it an access holds it to that. Whoever asks again, because that failed, reads anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..kernel.host import Host
from ..kernel.ports import ALWAYS, Change, Key, Pending, Row, Rows, When

_READ = 100


class Ahead:
    """A table of which some rows are known."""

    def __init__(self, rows: Rows) -> None:
        """Know nothing yet."""
        self._rows = rows
        self._found: dict[Key, Row | None] = {}

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Read these rows, a hundred in one call; return those that are there."""
        wanted = list(dict.fromkeys(keys))
        found: dict[Key, Row] = {}
        for start in range(0, len(wanted), _READ):
            found |= self._rows.get(wanted[start : start + _READ])
        self._found |= {key: found.get(key) for key in wanted}
        return found

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        """Give out what is known, once, or read."""
        if not all(key in self._found for key in keys):
            return self._rows.get(keys)
        known = {key: self._found.pop(key) for key in dict.fromkeys(keys)}
        return {key: row for key, row in known.items() if row is not None}

    def begin_get(self, keys: Sequence[Key]) -> Pending[dict[Key, Row]]:
        """Do what the table does."""
        return self._rows.begin_get(keys)

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        """Do what the table does."""
        return self._rows.query(partition, after=after, upto=upto, limit=limit)

    def begin_query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> Pending[list[Row]]:
        """Do what the table does."""
        return self._rows.begin_query(partition, after=after, upto=upto, limit=limit)

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        """Do what the table does."""
        return self._rows.names(partition, after=after, limit=limit)

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> Pending[list[str]]:
        """Do what the table does."""
        return self._rows.begin_names(partition, after=after, limit=limit)

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Do what the table does."""
        self._rows.put(row, when)

    def begin_put(self, row: Row, when: When = ALWAYS) -> Pending[None]:
        """Do what the table does."""
        return self._rows.begin_put(row, when)

    def put_many(self, rows: Sequence[Row]) -> None:
        """Do what the table does."""
        self._rows.put_many(rows)

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Do what the table does."""
        self._rows.update(key, change, when)

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        """Do what the table does."""
        self._rows.delete(key, when)

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        """Do what the table does."""
        return self._rows.work(shard, upto=upto, limit=limit)


def ahead(host: Host, first: Iterable[Key], then: Callable[[dict[Key, Row]], Iterable[Key]]) -> Host:
    """Return a host on which these rows are known, and those that follow from them."""
    rows = Ahead(host.rows)
    rows.read(then(rows.read(first)))
    return replace(host, rows=rows)
