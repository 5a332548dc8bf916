"""The key-value table in memory: the exact meaning of the port, and nothing more."""

import threading
from collections.abc import Sequence

from chalicelib.hosts.memory.pending import Later
from chalicelib.hosts.memory.table import Stored, Table
from chalicelib.kernel.errors import ConditionFailed
from chalicelib.kernel.ports import ALWAYS, Change, Key, Row, Value, When

_BATCH = 100


class MemoryRows:
    """Rows in a dictionary; every call is atomic, every answer is a copy."""

    def __init__(self) -> None:
        self._rows = Table()
        self._lock = threading.Lock()

    def begin_get(self, keys: Sequence[Key]) -> Later[dict[Key, Row]]:
        """Read when the result is asked for, so that a test can put other calls in between."""
        wanted = list(keys)
        return Later(lambda: self.get(wanted))

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        """Read up to 100 rows; absent ones are left out."""
        if len(set(keys)) > _BATCH:
            raise ValueError("at most 100 rows in one call")
        with self._lock:
            return {key: _copy(self._rows[key]) for key in keys if key in self._rows}

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        """Read rows with after < sort (<= upto, when given) in ascending order, at most `limit`."""
        with self._lock:
            rows = self._rows.partition(partition)
            if not rows:
                return []
            sorts = sorted(sort for sort in rows if after < sort and (not upto or sort <= upto))
            return [_copy(rows[sort]) for sort in sorts[:limit]]

    def names(self, partition: str, *, after: str = "", limit: int = 100) -> list[str]:
        """Read the sorts of a partition behind one, in ascending order, at most `limit`."""
        return [str(row["sk"]) for row in self.query(partition, after=after, limit=limit)]

    def begin_names(self, partition: str, *, after: str = "", limit: int = 100) -> Later[list[str]]:
        """Read when the result is asked for."""
        return Later(lambda: self.names(partition, after=after, limit=limit))

    def begin_query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> Later[list[Row]]:
        """Read when the result is asked for."""
        return Later(lambda: self.query(partition, after=after, upto=upto, limit=limit))

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Write the whole row. Raise ConditionFailed."""
        key = (str(row["pk"]), str(row["sk"]))
        _refuse_strange(key, row)
        with self._lock:
            self._require(key, when)
            self._rows[key] = _copy(row)

    def begin_put(self, row: Row, when: When = ALWAYS) -> Later[None]:
        """Write when the result is asked for."""
        return Later(lambda: self.put(row, when))

    def put_many(self, rows: Sequence[Row]) -> None:
        """Write whole rows, one after the other."""
        if len({(row["pk"], row["sk"]) for row in rows}) != len(rows):
            raise ValueError("one row is written twice in one call")
        for row in rows:
            self.put(row)

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Change one row, creating it when the condition allows. Raise ConditionFailed."""
        _refuse_overlap(change)
        with self._lock:
            self._require(key, when)
            row = _changed(self._rows.get(key, {"pk": key[0], "sk": key[1]}), change)
            _refuse_strange(key, row)
            self._rows[key] = row

    def delete(self, key: Key, when: When = ALWAYS) -> None:
        """Delete the row; an absent one is no error. Raise ConditionFailed."""
        with self._lock:
            self._require(key, when)
            self._rows.pop(key, None)

    def work(self, shard: str, *, upto: str, limit: int = 100) -> list[Key]:
        """Return keys of rows with `work` = shard and `since` <= upto, oldest first."""
        with self._lock:
            found = [(since, key) for key, since in self._rows.marked(shard).items() if since <= upto]
        return [key for _, key in sorted(found)[:limit]]

    def everything(self) -> dict[Key, Row]:
        """Return a copy of the whole table, for tests that look for what must not be there."""
        with self._lock:
            return {key: _copy(row) for key, row in self._rows.items()}

    def _require(self, key: Key, when: When) -> None:
        if not _holds(self._rows.get(key, {}), when):
            raise ConditionFailed


def _copy(row: Row) -> Stored:
    return {name: list(value) if isinstance(value, list) else value for name, value in row.items()}


def _length(value: Value) -> int:
    if isinstance(value, int):
        raise TypeError("a number has no length")
    return len(value)


def _number(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError("not a number")
    return value


def _holds(row: Stored, when: When) -> bool:
    return (
        all(name in row and row[name] == value for name, value in when.equals.items())
        and all(name not in row for name in when.absent)
        and all(name in row for name in when.present)
        and all(_length(row.get(name, [])) < bound for name, bound in when.shorter.items())
        and all(_number(row.get(name, 0)) < bound for name, bound in when.below.items())
    )


def _changed(old: Stored, change: Change) -> Stored:
    row = {**_copy(old), **_copy(change.set)}
    for name, value in change.default.items():
        row.setdefault(name, value)
    for name, element in change.append.items():
        row[name] = [*_elements(row.get(name, [])), element]
    for name, number in change.add.items():
        row[name] = _number(row.get(name, 0)) + number
    return {name: value for name, value in _copy(row).items() if name not in change.remove}


def _elements(value: Value) -> list[bytes]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _refuse_overlap(change: Change) -> None:
    names = [*change.set, *change.default, *change.append, *change.add, *change.remove]
    if len(names) != len(set(names)):
        raise ValueError("one attribute is changed twice in one call")
    if {"pk", "sk"} & set(names):
        raise ValueError("the key of a row cannot be changed")


def _refuse_strange(key: Key, row: Row) -> None:
    """Refuse what a real engine refuses, so that the memory host is not the only place where it works."""
    if not all(key) or not all(row.get(name, "-") for name in ("work", "since")):
        raise ValueError("keys and index attributes must not be empty")
    for name, value in row.items():
        whole = isinstance(value, list) and all(isinstance(element, bytes) for element in value)
        if not (whole or isinstance(value, str | bytes) or type(value) is int):
            raise TypeError(f"attribute {name} is neither text, a whole number, bytes nor a list of bytes")
