"""The next version of a document: filed beside the current one, which stays until intake accepts it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as copy

from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..access.vigilance import check as check_identity
from ..kernel.errors import ConditionFailed, Conflict, Stale, TooMany
from ..kernel.host import Host
from ..kernel.ports import NEW
from . import confidentiality
from .actions import category_of, hashed, put_part, too_many
from .claims import Claim, claimed, claims_of, take
from .intake import wake
from .model import Document, Draft, Filing, fresh, head_sort, version_sort
from .quota import Quotas, depositor, quota_keys
from .store import document_of, find, granted, head_of, leave, new_document, pin, unchanged, write

_OTHER = "Another replacement is being checked; wait until it is settled."
_REPLACED = "This unique id names a version of this document that was filed before; a new version has one of its own."
_ELSEWHERE = "This unique id is taken by another document."


@dataclass(frozen=True, slots=True)
class _Next:
    """A version that is to come: what is filed, with which claims, as the next version of which document."""

    host: Host
    filing: Filing
    claims: Sequence[Claim]
    document: str

    def is_said(self, found: Document) -> bool:
        """Tell whether this version is the one that is filed: the same content, the same said of it."""
        return _said(found.draft) == _said(self.filing.draft)


def _said(draft: Draft) -> tuple[object, ...]:
    """Return what makes a replacement another one: content, and what is said of it."""
    return draft.sha256, draft.type, draft.title, draft.media, draft.created


def replace(
    host: Host, filing: Filing, document: str, content: bytes, expected: int | None, quotas: Quotas
) -> Document:
    """File the next version; the current one stays until intake accepts the new one. Same content, same answer.

    Raise Conflict while another one is checked, and for a unique id that names something else or a version that was
    replaced since: a late copy of its request must not bring it back. Raise Stale, TooMany.
    """
    filing = hashed(host, filing, content)
    following = _Next(host, filing, claims_of(host, filing), document)
    over: TooMany | None = None

    def before(seen: Seen) -> None:
        nonlocal over
        check_identity(seen.holder, filing.patient)
        current = find(seen, head_sort(document))
        if current is None or following.is_said(current):
            return
        if expected is not None and current.row_version != expected:
            raise Stale
        _check_claims(following, seen, current)
        over = too_many(host, quotas, seen, following.claims)

    ask = Ask(
        filing.actor,
        filing.record,
        "document:replace",
        (head_sort(document), *(claim.sort for claim in following.claims)),
        others=quota_keys(host, depositor(filing.actor), filing.record),
        thing=head_of(document),
        before=before,
        person=True,
        request=filing.request,
    )
    return _filed(following, gate(host, ask), content, over)


def _check_claims(following: _Next, seen: Seen, current: Document) -> None:
    named = claimed(seen, following.claims)
    if named and named.document != following.document:
        raise Conflict(_ELSEWHERE)
    if named and named.version <= current.version and _stood(following, seen, named.version, current):
        raise Conflict(_REPLACED)


def _stood(following: _Next, seen: Seen, first: int, current: Document) -> bool:
    """Tell whether this version or a later one came under the unique id: another one may have got its number first."""
    space, last = partition(seen.record), version_sort(current.id, current.version)
    found, after = [current], version_sort(current.id, first - 1)
    while rows := following.host.rows.query(space, after=after, upto=last):
        found += [document_of(seen.policy_key, seen.record, row) for row in rows]
        after = str(rows[-1]["sk"])
    return any(one.draft.unique_id == following.filing.draft.unique_id for one in found)


def _filed(following: _Next, grant: Grant, content: bytes, over: TooMany | None) -> Document:
    """Answer what is there already, or file it."""
    current = granted(grant, head_sort(following.document))
    beside = _beside(following, grant, current)
    if beside and beside.state == "received":
        return _same(following, beside)
    if following.is_said(current):
        return current
    confidentiality.same(following.filing.draft, current)
    if over:
        raise over
    _feeds(following, current)
    return _write(following, grant, current, content, beside)


def _beside(following: _Next, grant: Grant, current: Document) -> Document | None:
    """Return the version after the current one: it is being checked, or failed."""
    key = (partition(grant.record), version_sort(current.id, current.version + 1))
    row = following.host.rows.get([key]).get(key)
    return document_of(grant.policy_key, grant.record, row) if row else None


def _same(following: _Next, other: Document | None) -> Document:
    """Return the version that is being checked when it is the one that is filed. Raise Conflict."""
    if other is None or not following.is_said(other):
        raise Conflict(_OTHER)
    return other


def _feeds(following: _Next, current: Document) -> None:
    """Ask the gate as for a deposit when the version comes under another category: it may be refused (R.1111-47)."""
    host, filing, category = following.host, following.filing, category_of(following.filing.draft)
    if category != current.category:
        made = fresh(filing.draft, current.id, category, host.clock.now())
        thing = copy(made, secret=current.secret, withheld=current.withheld)
        gate(host, Ask(filing.actor, filing.record, "document:deposit", thing=lambda _: thing, request=filing.request))


def _write(following: _Next, grant: Grant, current: Document, content: bytes, failed: Document | None) -> Document:
    """Make the claims, seal the bytes, write the row that makes them a version, in the place of one that failed."""
    host, draft, number = following.host, following.filing.draft, current.version + 1
    if take(host, grant, following.claims, number).about != current.id:
        raise Conflict(_ELSEWHERE)
    made = new_document(grant, draft, category_of(draft), number, host.clock.now())
    made = confidentiality.inherited(made, current)
    made = made.model_copy(update={"pins": (pin(put_part(host, grant, made, 1, content)),)})
    if failed:
        made = made.model_copy(update={"row_version": failed.row_version, "former": failed.attempts})
    sort = version_sort(current.id, number)
    try:
        filed = write(host, grant, sort, made, "received", unchanged(failed) if failed else NEW)
    except ConditionFailed:  # another one was faster; it may be accepted already
        if _head(host, grant, made):
            leave(host, grant, made)
        return _same(following, _beside(following, grant, current))
    _refuse_late(host, grant, filed, sort)
    wake(host, grant.record, filed)
    return filed


def _refuse_late(host: Host, grant: Grant, filed: Document, sort: str) -> None:
    """Take the version back when another one got its number meanwhile: intake would drop an acknowledged document."""
    current = _head(host, grant, filed)
    if current and current.attempt == filed.attempt:
        return  # intake was called before, for another try, and has accepted this one already
    if current is None or current.version >= filed.version:
        with suppress(ConditionFailed):
            host.rows.delete((partition(grant.record), sort), unchanged(filed))
        if current:
            leave(host, grant, filed)
        raise Conflict(_OTHER)


def _head(host: Host, grant: Grant, document: Document) -> Document | None:
    """Return the current version as it is now; None when the record was destroyed meanwhile."""
    key = (partition(grant.record), head_sort(document.id))
    head = host.rows.get([key]).get(key)
    return document_of(grant.policy_key, grant.record, head) if head else None
