"""Changes to what is decided about a document already filed: delete, hide, show, disown."""

from dataclasses import replace as copy

from ..access.actor import Actor
from ..access.choices import Choices
from ..access.gate import Ask, Seen, gate
from ..kernel.errors import Stale
from ..kernel.host import Host
from .model import head_sort
from .store import find, head_of


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
