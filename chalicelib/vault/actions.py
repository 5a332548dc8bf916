"""What can be done to documents. Each action asks the gate first."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from ..access.actor import Actor, Kind
from ..access.choices import Choices
from ..access.clocks import latest_day
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant, Shelf
from ..access.room import with_room
from ..access.thing import Thing
from ..access.vigilance import check as check_identity
from ..kernel.errors import ConditionFailed, Conflict, Invalid, NotFound, TooLarge, TooMany
from ..kernel.host import Host
from ..kernel.ids import new_document_id
from ..kernel.parts import seal_part
from ..kernel.ports import NEW, Key, Pending
from . import confidentiality
from .claims import Claim, claimed, claims_of, take
from .formats import format_of, type_of
from .intake import wake
from .model import ABANDONED, MASKED, Document, Draft, Filing, blob_name, fresh, head_sort
from .quota import Quotas, count, depositor, quota_keys, within
from .store import as_filed, document_of, filled, granted, head_of, leave, new_document, pin, place, unchanged, write

_DELETED = "This document was filed before and deleted; file another one under another unique id."
_NEVER_ARRIVED = frozenset({"HASH_MISMATCH", "INCOMPLETE", ABANDONED})


def deposit(host: Host, filing: Filing, content: bytes, quotas: Quotas) -> Document:
    """File a document of one part: sealed and durable on return, readable after intake. Same deposit, same answer."""
    return _file(host, hashed(host, filing, content), content, quotas)


def begin(host: Host, filing: Filing, quotas: Quotas) -> Document:
    """File a document whose parts follow."""
    check(host, filing.draft, filing.actor)
    return _file(host, filing, None, quotas)


def _file(host: Host, filing: Filing, content: bytes | None, quotas: Quotas) -> Document:
    claims, new = claims_of(host, filing), new_document_id(host.clock.now())
    thing, change = _born(host, filing, claims, new)
    over: TooMany | None = None

    def before(seen: Seen) -> None:
        nonlocal over
        claimed(seen, claims)  # what disagrees with an earlier request is told to who may file
        confidentiality.suits(host, filing.draft, filing.actor, seen)
        over = too_many(host, quotas, seen, claims)
        check_identity(seen.holder, filing.patient)

    ask = Ask(
        filing.actor,
        filing.record,
        "document:deposit",
        rows=[claim.sort for claim in claims],
        others=quota_keys(host, depositor(filing.actor), filing.record),
        thing=thing,
        before=before,
        change=change,
        person=True,
        request=filing.request,
    )
    grant = gate(host, ask)
    known = _known(host, grant) if grant.about != new else None
    if known and not _never_arrived(known, content):
        return known
    if over:
        raise over
    return _fill(host, filing, grant, claims, content, failed=known)


def _known(host: Host, grant: Grant) -> Document | None:
    """Return what an earlier deposit of the same claims became, under the grant of the one that repeats it.

    Whoever may only deposit is answered too. Raise Conflict when it was deleted since.
    """
    head: Key = (partition(grant.record), head_sort(grant.about))
    row = host.rows.get([head]).get(head)
    if grant.about in grant.choices.gone:
        raise Conflict(_DELETED)
    return as_told(document_of(grant.policy_key, grant.record, row), grant) if row else None


def too_many(host: Host, quotas: Quotas, seen: Seen, claims: Sequence[Claim]) -> TooMany | None:
    """Return what refuses another deposit today, None while there is room. Raise it when nothing was claimed before.

    What was taken once gets its answer; sent anew, it would count again.
    """
    try:
        within(quotas, seen, host.clock.now())
    except TooMany as error:
        if claimed(seen, claims) is None:
            raise
        return error
    return None


def _never_arrived(known: Document, content: bytes | None) -> bool:
    """Tell whether the bytes that were announced are still to come: the same document may be sent once more.

    Other bytes arrived, or none; or they come now in one request, and the upload that was begun is given up.
    """
    if known.state == "uploading":
        return content is not None
    return known.state == "quarantined" and known.reason in _NEVER_ARRIVED


def _born(
    host: Host, filing: Filing, claims: Sequence[Claim], new: str
) -> tuple[Callable[[Seen], Thing], Callable[[Choices], Choices] | None]:
    """Return the thing that is deposited, and what hides a masked one in the write that journals its birth.

    A deposit that comes again keeps its first id and changes nothing: the holder may have shown it meanwhile.
    """
    about, draft = new, filing.draft

    def thing(seen: Seen) -> Thing:
        nonlocal about
        named = None
        with suppress(Conflict, Invalid):  # whoever may not file is refused first
            named = claimed(seen, claims)
        about = named.document if named else new
        made = fresh(draft, about, category_of(draft), host.clock.now())
        return as_filed(host, seen, made) if named else made

    def hidden(choices: Choices) -> Choices:
        if about != new:
            return choices
        return with_room(choices, replace(choices, hidden=choices.hidden | {new}))

    return thing, hidden if MASKED in draft.confidentiality else None


def _fill(
    host: Host,
    filing: Filing,
    grant: Grant,
    claims: Sequence[Claim],
    content: bytes | None,
    failed: Document | None = None,
) -> Document:
    """Write bytes and claims, then the row that makes them a document, in the place of one that failed on its way.

    Another row there: the same deposit, done.
    """
    document, sent = _send(host, filing, grant, content)
    taken = take(host, grant, claims)
    if taken.about != document.id:  # the same deposit, sent twice at once: it is one document, under the other's id
        leave(host, grant, document, sent)
        document, sent = _send(host, filing, taken, content)
    for part in sent:
        part.result()
    if failed:
        document = document.model_copy(update={"row_version": failed.row_version, "former": failed.attempts})
    state, when = "uploading" if content is None else "received", unchanged(failed) if failed else NEW
    try:
        filed = write(host, taken, head_sort(document.id), document, state, when)
    except ConditionFailed:
        known = _known(host, taken)
        if known is None:
            raise NotFound from None  # the record was destroyed meanwhile
        leave(host, taken, document.model_copy(update={"former": ()}))  # whatever failed may have ended well meanwhile
        if _never_arrived(known, content):  # somebody has begun, or given up, an upload of the same meanwhile
            return _fill(host, filing, grant, claims, content, failed=known)
        return known
    if content is None:  # whoever begins and never ends takes room too
        count(host, depositor(filing.actor), filing.record)
    else:
        wake(host, filing.record, filed)
    return filed


def _send(host: Host, filing: Filing, grant: Grant, content: bytes | None) -> tuple[Document, Sequence[Pending[None]]]:
    """Return the document as it will be filed, and its bytes on their way: claims are made meanwhile."""
    document = new_document(grant, filing.draft, category_of(filing.draft), 1, host.clock.now())
    if content is None:
        return document, ()
    sealed, sent = begin_part(host, grant, document, 1, content)
    return filled(document, pins=(pin(sealed),)), (sent,)


def existing(host: Host, actor: Actor, record: str, document: str, request: str = "") -> Document:
    """Return the state of a document to its author or the holder."""
    ask = Ask(actor, record, "document:status", (head_sort(document),), thing=head_of(document), request=request)
    grant = gate(host, ask)
    return as_told(granted(grant, head_sort(document)), grant)


def as_told(found: Document, grant: Grant) -> Document:
    """Return the document in the state that its depositor is told."""
    return found.model_copy(update={"state": "disowned"}) if found.id in grant.choices.disowned else found


def put_part(host: Host, grant: Grant, document: Document, part: int, content: bytes) -> bytes:
    """Seal one part, write it and return the sealed bytes: no clear byte is ever at rest."""
    sealed, sent = begin_part(host, grant, document, part, content)
    sent.result()
    return sealed


def begin_part(
    host: Host, grant: Grant, document: Document, part: int, content: bytes, sealing: str = ""
) -> tuple[bytes, Pending[None]]:
    """Seal one part and start writing it; return the sealed bytes and what to wait for."""
    key = Shelf(host, grant).content_key(document.id)
    sealed = seal_part(key, place(grant.record, document, part), content)
    return sealed, host.blobs.begin_put(blob_name(grant.record, document.id, document.attempt, part, sealing), sealed)


def category_of(draft: Draft) -> str:
    """Return the category of a type of the official table, empty when it has none."""
    known = type_of(draft.type)
    return known.category if known else ""


def hashed(host: Host, filing: Filing, content: bytes) -> Filing:
    """Return the filing with the hash of its content. Raise Invalid or TooLarge when something is not as said."""
    check(host, filing.draft, filing.actor)
    digest = sha256(content).hexdigest()
    if len(content) != filing.draft.size or filing.draft.sha256 not in ("", digest):
        raise Invalid(fields={"/sha256": "size and hash are not those of the content received"})
    return replace(filing, draft=filing.draft.model_copy(update={"sha256": digest}))


def check(host: Host, draft: Draft, actor: Actor) -> None:
    """Raise Invalid or TooLarge unless type, format and size are what the tables allow, and care took place."""
    confidentiality.check(draft, actor)
    if draft.created and draft.created > latest_day(host.clock.now()):
        raise Invalid(fields={"/created": "lies in the future"})
    kind, shape = type_of(draft.type), format_of(draft.media)
    if kind is None:
        raise Invalid(fields={"/type": "is no type: /labels names them"})
    if shape is None:
        raise Invalid(fields={"/media": "is not an accepted format"})
    _check_size(draft.size, shape.limit(person=actor.kind is Kind.CITIZEN))


def _check_size(size: int, limit: int) -> None:
    if limit == 0:
        raise Invalid(fields={"/media": "is not a format that you may file"})
    if size > limit:
        raise TooLarge(f"A document of this format has at most {limit} bytes; /labels says so of each.")
    if size == 0:
        raise Invalid(fields={"/content": "is empty: there is nothing to file"})
