"""What somebody can do to sealed bytes who may write to the stores: each way as changes with a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from chalicelib.kernel.ports import Key

from .vaults import Change

Named = tuple[str, Change]


@dataclass(frozen=True, slots=True)
class Cell:
    """One attribute of one row; `place` counts within a list of entries."""

    key: Key
    name: str = "body"
    place: int | None = None

    def read(self, rows: dict[Key, Any]) -> bytes:
        """Return the sealed bytes."""
        value = rows[self.key][self.name]
        return bytes(value if self.place is None else value[self.place])

    def write(self, rows: dict[Key, Any], sealed: object) -> None:
        """Put others there; the row itself is a new one."""
        row = dict(rows[self.key])
        if self.place is None:
            row[self.name] = sealed
        else:
            row[self.name] = [*row[self.name][: self.place], sealed, *row[self.name][self.place + 1 :]]
        rows[self.key] = row


def flips(cell: Cell, count: int, chance: Random) -> Iterator[Named]:
    """Flip one bit."""
    for _ in range(count):
        where = chance.random()
        yield "bit-flip", lambda rows, _blobs, at=where: cell.write(rows, flipped(cell.read(rows), at))


def cuts(cell: Cell, count: int, chance: Random) -> Iterator[Named]:
    """Cut the end off, all of it, or add a byte."""
    for _ in range(count):
        where = chance.random()
        yield "truncation", lambda rows, _blobs, at=where: cell.write(rows, shortened(cell.read(rows), at))
    yield "truncation", lambda rows, _blobs: cell.write(rows, b"")
    yield "lengthening", lambda rows, _blobs: cell.write(rows, cell.read(rows) + b"\0")


def swap(cell: Cell, other: Cell) -> Named:
    """Put the bytes of another place here."""
    return "swap", lambda rows, _blobs: cell.write(rows, other.read(rows))


def whole_row(here: Key, there: Key) -> Named:
    """Put another row here, as it is."""
    return "row moved", lambda rows, _blobs: rows.__setitem__(here, {**rows[there], "pk": here[0], "sk": here[1]})


def plain(key: Key, name: str, value: object) -> Named:
    """Change a readable attribute that is bound to the seal."""
    return "attribute", lambda rows, _blobs: rows.__setitem__(key, {**rows[key], name: value})


def without(key: Key, name: str) -> Named:
    """Take an attribute away."""
    kept = {name}
    return "attribute", lambda rows, _blobs: rows.__setitem__(
        key, {attribute: value for attribute, value in rows[key].items() if attribute not in kept}
    )


def flipped(sealed: bytes, where: float) -> bytes:
    """Return the bytes with one bit turned, `where` in 0 … 1."""
    bit = int(where * len(sealed) * 8)
    return sealed[: bit // 8] + bytes([sealed[bit // 8] ^ 1 << bit % 8]) + sealed[bit // 8 + 1 :]


def shortened(sealed: bytes, where: float) -> bytes:
    """Return the first bytes, at least one fewer."""
    return sealed[: int(where * len(sealed))]
