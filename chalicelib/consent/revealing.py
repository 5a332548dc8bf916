"""A minor makes a secret document visible to the representatives: once, and for good (CSP R.1111-50)."""

from dataclasses import replace

from ..access.choices import Choices
from ..access.gate import Ask, Seen, gate
from ..kernel.errors import Conflict
from ..kernel.host import Host
from ..vault.model import head_sort
from ..vault.store import find, head_of
from .changing import Wish
from .model import with_room

_FOR_GOOD = "What representatives may see stays visible; only the professional who files a document makes it secret."


def reveal(host: Host, wish: Wish, document: str, *, secret: bool) -> None:
    """Let the representatives see the document. Raise Conflict for the way back: there is none."""
    sort = head_sort(document)

    def before(seen: Seen) -> None:
        find(seen, sort)
        if secret:
            raise Conflict(_FOR_GOOD)

    def revealed(choices: Choices) -> Choices:
        return with_room(choices, replace(choices, revealed=choices.revealed | {document}))

    ask = Ask(wish.actor, wish.record, "document:reveal", (sort,), thing=head_of(document), before=before)
    gate(host, replace(ask, change=revealed, request=wish.request))
