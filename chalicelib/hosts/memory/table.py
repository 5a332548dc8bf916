"""The rows of the memory host: by partition and by mark, and copied without copying what neither side changes."""

from collections.abc import Iterator, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from chalicelib.kernel.ports import Key, Value

Stored = dict[str, Value]
K = TypeVar("K")
V = TypeVar("V")
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Groups(Generic[K, V]):
    """Dictionaries by name; a copy shares each of them until one side changes it."""

    def __init__(self) -> None:
        self.named: dict[str, dict[K, V]] = {}
        self._own: set[str] = set()

    def copy(self) -> "Groups[K, V]":
        """Return the same groups, as they are now."""
        made: Groups[K, V] = Groups()
        made.named = dict(self.named)
        self._own.clear()
        return made

    def at(self, name: str) -> Mapping[K, V]:
        """Return one of them, to be read."""
        return self.named.get(name, _NOTHING)

    def put(self, name: str, key: K, value: V) -> None:
        """Keep a value."""
        self._mine(name)[key] = value

    def drop(self, name: str, key: K) -> None:
        """Forget a value that is there; of an empty group nothing is left."""
        group = self._mine(name)
        del group[key]
        if not group:
            del self.named[name]
            self._own.discard(name)

    def _mine(self, name: str) -> dict[K, V]:
        if name not in self._own:
            self.named[name] = dict(self.at(name))
            self._own.add(name)
        return self.named[name]


class Table(MutableMapping[Key, Stored]):
    """Rows by key. They are replaced, never changed in place, so that what is known of them here stays true."""

    def __init__(self, rows: Mapping[Key, Stored] = MappingProxyType({})) -> None:
        self._rows: Groups[str, Stored] = Groups()
        self._marks: Groups[Key, str] = Groups()
        self.update(rows)

    def copy(self) -> "Table":
        """Return the same rows, as they are now."""
        made = Table()
        made._rows, made._marks = self._rows.copy(), self._marks.copy()
        return made

    def partition(self, name: str) -> Mapping[str, Stored]:
        """Return the rows of a partition by their sort keys, in no order."""
        return self._rows.at(name)

    def marked(self, shard: str) -> Mapping[Key, str]:
        """Return the keys of rows marked as work of a shard, each with the instant since which it is."""
        return self._marks.at(shard)

    def __getitem__(self, key: Key) -> Stored:
        """Return a row."""
        return self._rows.at(key[0])[key[1]]

    def __setitem__(self, key: Key, row: Stored) -> None:
        """Keep a row."""
        self._unmark(key)
        self._rows.put(*key, row)
        if "work" in row and "since" in row:
            self._marks.put(str(row["work"]), key, str(row["since"]))

    def __delitem__(self, key: Key) -> None:
        """Forget a row."""
        self._unmark(key)
        self._rows.drop(*key)

    def __iter__(self) -> Iterator[Key]:
        """Iterate over the keys."""
        return ((name, sort) for name, group in self._rows.named.items() for sort in group)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return sum(map(len, self._rows.named.values()))

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same."""
        return isinstance(other, Table) and self._rows.named == other._rows.named

    __hash__ = None  # type: ignore[assignment]

    def _unmark(self, key: Key) -> None:
        row = self._rows.at(key[0]).get(key[1], _NOTHING)
        if "work" in row and "since" in row:
            self._marks.drop(str(row["work"]), key)
