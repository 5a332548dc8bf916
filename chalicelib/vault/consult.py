"""Consulting content: ciphertext is fetched while the journal is written, the key is released only after."""

from collections.abc import Callable
from dataclasses import dataclass

from ..access.actor import Actor
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Shelf
from ..access.keyring import lost
from ..access.ticket import issue
from ..kernel.errors import CarnetError, NotFound
from ..kernel.host import Host
from ..kernel.ports import Pending
from .model import PART_BYTES, Document, head_sort
from .store import fetch, find, granted, head_of, not_put_back, open_parts, parts_of

Span = Callable[[Document], tuple[int, int]]
"""the version found -> (start, stop), stop excluded; may raise when the range asked for lies outside."""


def whole(document: Document) -> tuple[int, int]:
    """Return the span of everything."""
    return 0, document.draft.size


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes start … stop (excluded) of a document; `read_id` spares further ranges of this read a journal entry."""

    document: Document
    start: int
    stop: int
    data: bytes
    read_id: str


def consult(
    host: Host, actor: Actor, record: str, document: str, span: Span = whole, ticket: str = "", request: str = ""
) -> Content:
    """Return content, whole or a span that touches only the parts it needs."""
    sort, started = head_sort(document), list[Pending[bytes]]()
    check = not_put_back(sort)

    def start(seen: Seen) -> None:
        check(seen)
        found = find(seen, sort)
        if found is not None:
            started[:] = fetch(host, record, found, _touched(span, found))

    ask = Ask(
        actor,
        record,
        "document:consult",
        (sort,),
        thing=head_of(document),
        before=start,
        ticket=ticket,
        request=request,
    )
    return _open(host, gate(host, ask), sort, span, started)


def _touched(span: Span, found: Document) -> range:
    """Return the parts to fetch: none for what lies outside, which is told after the entry, since it tells the size."""
    try:
        return parts_of(*span(found))
    except CarnetError:
        return range(0)


def _open(host: Host, grant: Grant, sort: str, span: Span, started: list[Pending[bytes]]) -> Content:
    document = granted(grant, sort)
    first, stop = span(document)
    numbers, key = parts_of(first, stop), Shelf(host, grant).content_key(document.id)
    clear = b"".join(open_parts(grant, key, document, numbers, _fetched(host, grant.record, started)))
    skipped = (numbers[0] - 1) * PART_BYTES
    data = clear if len(clear) == stop - first else clear[first - skipped : stop - skipped]
    return Content(document, first, stop, data, issue(grant, host.clock.now()))


def _fetched(host: Host, record: str, started: list[Pending[bytes]]) -> list[bytes]:
    """Return the sealed parts. Raise Broken when the store has lost one: the document is there.

    Raise NotFound when the record was destroyed meanwhile.
    """
    try:
        return [part.result() for part in started]
    except NotFound:
        raise lost(host, record) from None
