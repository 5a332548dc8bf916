"""Every way to tamper with every sealed thing of a vault, each with the attempt that must be refused then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from random import Random

from chalicelib.access.keyring import content_key
from chalicelib.access.refusal import partition_of
from chalicelib.history import actions as history
from chalicelib.kernel.parts import Place, open_part
from chalicelib.reminders.actions import arm, told
from chalicelib.vault import actions, reading
from chalicelib.vault.consult import consult
from chalicelib.vault.model import blob_name, head_sort
from tests import people

from . import tampering
from .foreign import content_ring, sealed_with
from .tampering import Cell, Named, flipped, shortened
from .vaults import DOCUMENTS, QUOTAS, Shelf, Vault, content_of, filing

SEED = 20261122
CONTEXT = tuple(field.name for field in fields(Place))
Attempt = Callable[[], object]
Tried = tuple[Named, Attempt]
"""a change, and what must be refused after it"""


class Cases:
    """Every case of one vault, seeded."""

    def __init__(self, vault: Vault) -> None:
        self.vault, self.host, self.chance = vault, vault.host, Random(SEED)

    def all(self) -> Iterator[tuple[str, Named, Attempt]]:
        for number, shelf in enumerate(self.vault.shelves):
            other = self.vault.shelves[(number + 1 + self.chance.randrange(18)) % 20]
            for name, kind in self.kinds(shelf, other):
                yield from ((name, change, attempt) for change, attempt in kind)
            for one in range(DOCUMENTS):
                for name, kind in self.of_document(number, shelf, other, one):
                    yield from ((name, change, attempt) for change, attempt in kind)

    def kinds(self, shelf: Shelf, other: Shelf) -> Iterator[tuple[str, Iterator[Tried]]]:
        yield "choices", self.single(shelf, other, "8choices#", lambda: self.read(shelf, 0))
        yield "person", self.single(shelf, other, "4person#", lambda: arm(self.host, shelf.record))
        yield "agenda", self.single(shelf, other, "7due", lambda: told(self.host, people.HOLDER, shelf.record))
        yield "journal", self.journal(shelf, other)
        yield "refusals", self.refusals(shelf, other)
        yield "keys", self.keys(shelf, other)

    def of_document(self, number: int, shelf: Shelf, other: Shelf, one: int) -> Iterator[tuple[str, Iterator[Tried]]]:
        yield "documents", self.heads(shelf, other, one)
        yield "claims", self.claims(number, shelf, other, one)
        yield "parts", self.parts(number, shelf, other, one)

    def read(self, shelf: Shelf, one: int) -> object:
        return reading.read(self.host, people.HOLDER, shelf.record, shelf.documents[one])

    def list(self, shelf: Shelf) -> object:
        return reading.listing(self.host, people.HOLDER, shelf.record, reading.Filter())

    def consult(self, shelf: Shelf, one: int) -> object:
        return consult(self.host, people.LAB, shelf.record, shelf.documents[one])

    def damage(self, cell: Cell, flips: int, cuts: int) -> Iterator[Named]:
        yield from tampering.flips(cell, flips, self.chance)
        yield from tampering.cuts(cell, cuts, self.chance)

    def single(self, shelf: Shelf, other: Shelf, prefix: str, attempt: Attempt) -> Iterator[Tried]:
        here, there = self.vault.sorts(shelf, prefix)[-1], self.vault.sorts(other, prefix)[-1]
        cell = Cell(here)
        head = Cell((shelf.pk, head_sort(shelf.documents[0])))
        changes = [*self.damage(cell, 24, 8), tampering.swap(cell, Cell(there)), tampering.whole_row(here, there)]
        changes += [tampering.swap(cell, head), tampering.without(here, "body"), tampering.plain(here, "body", "text")]
        changes += [tampering.swap(cell, Cell(older)) for older in self.vault.sorts(shelf, prefix)[:-1]]
        yield from ((change, attempt) for change in changes)

    def journal(self, shelf: Shelf, other: Shelf) -> Iterator[Tried]:
        def attempt() -> object:
            return history.history(self.host, people.HOLDER, shelf.record)

        theirs = self.vault.sorts(other, "2j#")[-1]
        foreign = (Cell(theirs, "entries", 0), Cell((shelf.pk, head_sort(shelf.documents[0]))))
        flushed = [
            Cell(key, "entries", place)
            for key in self.vault.sorts(shelf, "2j#")
            for place in range(len(self.vault.rows[key]["entries"]))
        ]
        for cell in flushed[-6:]:
            changes = [*self.damage(cell, 3, 1), *(tampering.swap(cell, one) for one in foreign)]
            yield from ((change, attempt) for change in changes)
        facts = self.vault.rows[shelf.pk, "0facts"]
        tail = f"pending_{facts['generation']}"
        for place in range(len(facts[tail])):
            cell = Cell((shelf.pk, "0facts"), tail, place)
            changes = [*self.damage(cell, 3, 1), *(tampering.swap(cell, one) for one in foreign)]
            yield from ((change, attempt) for change in changes)

    def refusals(self, shelf: Shelf, other: Shelf) -> Iterator[Tried]:
        def attempt() -> object:
            return history.history(self.host, people.HOLDER, shelf.record)

        here, there = (self.refusal(one) for one in (shelf, other))
        changes = [
            *self.damage(Cell(here), 12, 4),
            tampering.swap(Cell(here), Cell(there)),
            tampering.whole_row(here, there),
        ]
        yield from ((change, attempt) for change in changes)

    def refusal(self, shelf: Shelf) -> tuple[str, str]:
        space = partition_of(self.host, shelf.record)
        return next(key for key in self.vault.rows if key[0] == space)

    def keys(self, shelf: Shelf, other: Shelf) -> Iterator[Tried]:
        here, there = (shelf.pk, "0key"), (other.pk, "0key")
        for name, twin in (("policy", "content"), ("content", "policy")):
            cell = Cell(here, name)
            foreign = (Cell(there, name), Cell(here, twin))
            changes = [*self.damage(cell, 12, 4), *(tampering.swap(cell, one) for one in foreign)]
            yield from ((change, lambda: self.consult(shelf, 0)) for change in changes)
        yield tampering.whole_row(here, there), lambda: self.read(shelf, 0)

    def heads(self, shelf: Shelf, other: Shelf, one: int) -> Iterator[Tried]:
        here = (shelf.pk, head_sort(shelf.documents[one]))
        next_one = (shelf.pk, head_sort(shelf.documents[(one + 1) % DOCUMENTS]))
        theirs, cell = (other.pk, head_sort(other.documents[one])), Cell(here)
        changes = list(self.damage(cell, 8, 4))
        changes += [change(here, there) for there in (next_one, theirs) for change in (tampering.whole_row, _swapped)]
        changes += [tampering.plain(here, "version", number) for number in (0, 1, 3)]
        changes += [tampering.plain(here, "state", state) for state in ("received", "quarantined", "uploading", "")]
        changes += [tampering.without(here, name) for name in ("body", "version", "state")]
        for change in changes:
            yield change, lambda: self.read(shelf, one)
        for change in changes[::4]:
            yield change, lambda: self.list(shelf)
            yield change, lambda: self.consult(shelf, one)
        yield tampering.whole_row((shelf.pk, theirs[1]), theirs), lambda: self.read_as(shelf, theirs)

    def read_as(self, shelf: Shelf, theirs: tuple[str, str]) -> object:
        return reading.read(self.host, people.HOLDER, shelf.record, theirs[1].partition("#")[2])

    def claims(self, number: int, shelf: Shelf, other: Shelf, one: int) -> Iterator[Tried]:
        ours, theirs = self.vault.sorts(shelf, "5claim#"), self.vault.sorts(other, "5claim#")
        content = content_of(number, one)

        def attempt() -> object:
            return actions.deposit(self.host, filing(shelf.record, content, f"u{one}"), content, QUOTAS)

        def everywhere(change: Callable[[Cell], Named]) -> Named:
            named = [change(Cell(key)) for key in ours]

            def all_of_them(rows, blobs):
                for _, single in named:
                    single(rows, blobs)

            return named[0][0], all_of_them

        yield everywhere(lambda cell: next(tampering.flips(cell, 1, self.chance))), attempt
        yield everywhere(lambda cell: next(tampering.cuts(cell, 1, self.chance))), attempt
        yield everywhere(lambda cell: tampering.swap(cell, Cell(theirs[one]))), attempt
        yield everywhere(lambda cell: tampering.whole_row(cell.key, theirs[one])), attempt

    def parts(self, number: int, shelf: Shelf, other: Shelf, one: int) -> Iterator[Tried]:
        here = self.part(shelf, one)
        places = [
            self.part(shelf, (one + 1) % DOCUMENTS),
            *(self.part(other, each) for each in (one, (one + 3) % DOCUMENTS)),
        ]

        def attempt() -> object:
            return self.consult(shelf, one)

        for place in [self.chance.random() for _ in range(6)]:
            yield _object("bit-flip", here, lambda sealed, at=place: flipped(sealed, at)), attempt
        for place in [self.chance.random() for _ in range(4)]:
            yield _object("truncation", here, lambda sealed, at=place: shortened(sealed, at)), attempt
        yield _object("truncation", here, lambda sealed: sealed[:-1]), attempt
        yield _object("lengthening", here, lambda sealed: sealed + b"\0"), attempt
        for name in places:
            change = ("swap", lambda _rows, blobs, at=name: blobs.__setitem__(here, blobs[at]))
            yield from ((change, each) for each in (attempt, lambda: self.opened(shelf, one)))
        yield ("missing", lambda _rows, blobs: blobs.pop(here)), attempt
        for names in ((), CONTEXT[: one % len(CONTEXT)] + CONTEXT[one % len(CONTEXT) + 1 :]):
            sealed = self.sealed_anew(number, shelf, one, names)
            change = _object("missing context", here, lambda _sealed, anew=sealed: anew)
            yield from ((change, each) for each in (attempt, lambda: self.opened(shelf, one)))

    def sealed_anew(self, number: int, shelf: Shelf, one: int, names: Sequence[str]) -> bytes:
        """Seal the content itself, under the record's own key, with these names of its context alone."""
        whole = Place(shelf.record, shelf.documents[one], 1, 1, 1).context()
        context = {name: whole[name] for name in names}
        return sealed_with(content_ring(self.key(shelf)), context, clear=content_of(number, one))

    def opened(self, shelf: Shelf, one: int) -> bytes:
        """Open what lies where a part belongs, as if no message id of it had been kept beside its metadata (`pin`)."""
        sealed = self.host.blobs.begin_get(self.part(shelf, one)).result()
        return open_part(self.key(shelf), Place(shelf.record, shelf.documents[one], 1, 1, 1), sealed)

    def key(self, shelf: Shelf) -> bytes:
        return content_key(self.host, shelf.record, self.vault.rows[shelf.pk, "0key"])

    def part(self, shelf: Shelf, one: int) -> str:
        row = self.vault.rows[shelf.pk, head_sort(shelf.documents[one])]
        return blob_name(shelf.record, shelf.documents[one], str(row["attempt"]), 1)


def _swapped(here: tuple[str, str], there: tuple[str, str]) -> Named:
    return tampering.swap(Cell(here), Cell(there))


def _object(how: str, name: str, change: Callable[[bytes], bytes]) -> Named:
    def changed(_rows, blobs):
        sealed, time = blobs[name]
        blobs[name] = (change(sealed), time)

    return how, changed
