"""Engines with one planted fault each: what they do wrong must be found."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.hosts.memory.rows import MemoryRows
from chalicelib.kernel.ports import ALWAYS, Change, Key, Row, When


class EventualRows(MemoryRows):
    """Reads show each row as it was one write ago."""

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[Key, dict[str, object]] = {}

    def get(self, keys: Sequence[Key]) -> dict[Key, Row]:
        """Read what lay there before the last write."""
        found = super().get(keys)
        return {key: self._before.get(key, row) for key, row in found.items()}  # type: ignore[misc]

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Remember what lay there."""
        before = self._rows.get(key)
        super().update(key, change, when)
        if before is not None:
            self._before[key] = before  # type: ignore[assignment]


class Unfenced(MemoryRows):
    """The entry is appended whatever the holder has decided since the read."""

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Forget the condition on the policy version."""
        equals = {name: value for name, value in when.equals.items() if name != "policy_version"}
        super().update(key, change, replace(when, equals=equals))


class Ungenerous(MemoryRows):
    """The entry is appended whatever a flush has frozen since the read."""

    def update(self, key: Key, change: Change, when: When = ALWAYS) -> None:
        """Forget the condition on the generation."""
        equals = {name: value for name, value in when.equals.items() if name != "generation"}
        super().update(key, change, replace(when, equals=equals))


class Overwriting(MemoryRows):
    """A row that must be new replaces the one that is there."""

    def put(self, row: Row, when: When = ALWAYS) -> None:
        """Forget the condition."""
        super().put(row)
