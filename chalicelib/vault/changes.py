"""Changes to documents already filed: replace, delete, hide, show."""

from contextlib import suppress
from dataclasses import replace as copy

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.facts import partition
from ..access.gate import Ask, Seen, gate
from ..access.grant import Grant
from ..access.vigilance import check as check_identity
from ..kernel.errors import ConditionFailed, Conflict, Stale
from ..kernel.host import Host
from . import confidentiality
from .actions import category_of, hashed, put_part
from .intake import wake
from .model import Document, Draft, Filing, head_sort, version_sort
from .store import document_of, find, granted, head_of, new_document, pin, unchanged, write

_OTHER = "Another replacement is being checked; wait until it is settled."


def replace(host: Host, filing: Filing, document: str, content: bytes, expected: int | None) -> Document:
    """File the next version; the current one stays until intake accepts the new one. Same content, same answer."""
    filing = hashed(filing, content)
    ask = _ask(filing.actor, filing.record, "document:replace", document, expected, filing.request)

    def before(seen: Seen) -> None:
        ask.before(seen)
        check_identity(seen.holder, filing.patient)

    grant = gate(host, copy(ask, before=before, person=True))
    current = granted(grant, head_sort(document))
    if _said(current.draft) == _said(filing.draft):
        return current
    confidentiality.same(filing.draft, current)
    return _next(host, filing, grant, current, content)


def _said(draft: Draft) -> tuple[object, ...]:
    """Return what makes a replacement another one: content, and what is said of it."""
    return draft.sha256, draft.type, draft.title, draft.media, draft.created


def _next(host: Host, filing: Filing, grant: Grant, current: Document, content: bytes) -> Document:
    number = current.version + 1
    sort = version_sort(current.id, number)
    made = new_document(grant, filing.draft, category_of(filing.draft), number, host.clock.now())
    draft = confidentiality.inherited(made, current)
    following = draft.model_copy(update={"pins": (pin(put_part(host, grant, draft, 1, content)),)})
    try:
        filed = write(host, grant, sort, following, "received")
    except ConditionFailed:
        return _beside(host, filing, grant, following, sort)
    _refuse_late(host, grant, filed, sort)
    wake(host, filing.record, filed)
    return filed


def _refuse_late(host: Host, grant: Grant, filed: Document, sort: str) -> None:
    """Take the version back when another one got its number meanwhile: intake would drop an acknowledged document."""
    key = (partition(grant.record), head_sort(filed.id))
    head = host.rows.get([key]).get(key)
    if head is None or document_of(grant.policy_key, grant.record, head).version >= filed.version:
        with suppress(ConditionFailed):
            host.rows.delete((partition(grant.record), sort), unchanged(filed))
        raise Conflict(_OTHER)


def _beside(host: Host, filing: Filing, grant: Grant, following: Document, sort: str) -> Document:
    """Answer when a next version is there already: the same one, one that failed the checks, or another."""
    key = (partition(grant.record), sort)
    row = host.rows.get([key]).get(key)
    if row is None:
        raise Conflict
    other = document_of(grant.policy_key, grant.record, row)
    if other.state == "quarantined":
        return _retry(host, filing, grant, following, other)
    if _said(other.draft) != _said(filing.draft):
        raise Conflict(_OTHER)
    return other


def _retry(host: Host, filing: Filing, grant: Grant, following: Document, failed: Document) -> Document:
    retried = following.model_copy(update={"row_version": failed.row_version, "former": failed.attempts})
    try:
        filed = write(host, grant, version_sort(failed.id, failed.version), retried, "received", unchanged(failed))
    except ConditionFailed:
        raise Conflict(_OTHER) from None  # another retry was faster
    wake(host, filing.record, filed)
    return filed


def delete(host: Host, actor: Actor, record: str, document: str, expected: int | None, request: str = "") -> None:
    """Delete logically: from the next request on the document exists for nobody; its trace stays in the journal."""

    def gone(choices: Choices) -> Choices:
        return copy(choices, gone=choices.gone | {document})

    gate(host, copy(_ask(actor, record, "document:delete", document, expected, request), change=gone))


def hide(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Hide from every professional but the author (R.1111-49), from the next request on."""

    def hidden(choices: Choices) -> Choices:
        return copy(choices, hidden=choices.hidden | {document}, shown=choices.shown - {document})

    gate(host, copy(_ask(actor, record, "document:hide", document, None, request), change=hidden))


def show(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Show again, against its category's being discreet too."""

    def shown(choices: Choices) -> Choices:
        named = {document} if choices.discreet else set()
        return copy(choices, hidden=choices.hidden - {document}, shown=choices.shown | named)

    gate(host, copy(_ask(actor, record, "document:show", document, None, request), change=shown))


def disown(host: Host, actor: Actor, record: str, document: str, request: str = "") -> None:
    """Say that a document is about somebody else: nobody reads it from the next request on, its depositor is told.

    There is no way back: a document that was filed with the wrong person is filed anew (RGPD art. 16).
    """

    def disowned(choices: Choices) -> Choices:
        return copy(choices, disowned=choices.disowned | {document})

    gate(host, copy(_ask(actor, record, "document:disown", document, None, request), change=disowned))


def _ask(actor: Actor, record: str, action: str, document: str, expected: int | None, request: str) -> Ask:
    sort = head_sort(document)

    def before(seen: Seen) -> None:
        found = find(seen, sort)
        if expected is not None and found is not None and found.row_version != expected:
            raise Stale

    return Ask(actor, record, action, (sort,), thing=head_of(document), before=before, request=request)
