"""A record whose holder has decided a great deal: 2,000 documents hidden, 500 people blocked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.access.choices import Choices
from chalicelib.access.facts import facts_key
from chalicelib.access.gate import Ask, gate
from chalicelib.kernel.host import Host
from tests.people import HOLDER

MASKS, BLOCKS = 2000, 500


def load(host: Host, record: str) -> None:
    """Decide all of it, past the routes: one by one it would be the same choices."""

    def much(choices: Choices) -> Choices:
        hidden = frozenset(f"{number:026d}" for number in range(MASKS))
        blocked = frozenset(f"pro:8{number:011d}" for number in range(BLOCKS))
        return replace(choices, hidden=choices.hidden | hidden, blocked=choices.blocked | blocked)

    gate(host, Ask(HOLDER, record, "choices:block", change=much))


def facts_size(host: Host, record: str) -> int:
    """Return the bytes of the facts row beside the entries that wait."""
    row = host.rows.get([facts_key(record)])[facts_key(record)]
    plain = {name: value for name, value in row.items() if not name.startswith("pending_")}
    return sum(len(name) + len(value if isinstance(value, bytes) else str(value)) for name, value in plain.items())


@dataclass(slots=True)
class Counting:
    """Rows that count their calls by name."""

    inner: Any
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self.inner, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.calls.append(name)
            return found(*given, **named)

        return counted


def counted(host: Host) -> tuple[Host, list[str]]:
    """Return the same host with rows that count."""
    rows = Counting(host.rows)
    return replace(host, rows=rows), rows.calls
