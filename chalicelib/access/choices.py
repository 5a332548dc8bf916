"""What the holder has decided: one immutable sealed row per version, never changed in place."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from ..kernel.errors import Broken
from ..kernel.host import Host
from ..kernel.seal import seal, unseal
from .facts import Facts, partition

PREFIX = "8choices#"
NO_HOLDER = ""
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything beside facts that can turn a decision.

    `holder` is the actor id of the person; subjects in `allowed` and `blocked` are actor ids (`pro:…`) or
    organisations (`org:…`); `hidden` and `gone` hold document ids; `floors` gives the lowest version of a
    document that may still be served (a restored older row is refused: abuse C03).
    """

    holder: str = NO_HOLDER
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    floors: dict[str, int] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Return canonical JSON."""
        plain = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(self).items()}
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


_parsed: dict[bytes, "Choices"] = {}
# By digest of the sealed row: immutable, and reached only through facts read strongly and a key row still there.


def load_choices(clear: bytes) -> Choices:
    """Read what `dump` wrote."""
    plain: dict[str, Any] = json.loads(clear)
    sets = {name: frozenset(value) for name, value in plain.items() if isinstance(value, list)}
    return Choices(**{**plain, **sets})


def choices_row(policy_key: bytes, record: str, version: int, choices: Choices) -> tuple[dict[str, str | bytes], bytes]:
    """Return the immutable row of this version, under a name of its own, and the digest that facts keep of it."""
    sort = f"{PREFIX}{version:010d}#{secrets.token_hex(8)}"
    body = seal(policy_key, "choices", choices.dump(), record, sort)
    return {"pk": partition(record), "sk": sort, "body": body}, hashlib.sha256(body).digest()


def read_choices(host: Host, policy_key: bytes, facts: Facts) -> Choices:
    """Return the version that facts name; an older row put back in its place does not fit the digest (abuse C03)."""
    known = _parsed.get(facts.choices_hash)
    if known is None:
        row = host.rows.get([(partition(facts.record), facts.choices)]).get((partition(facts.record), facts.choices))
        body = row.get("body") if row else b""
        if not isinstance(body, bytes) or hashlib.sha256(body).digest() != facts.choices_hash:
            raise Broken
        known = load_choices(unseal(policy_key, "choices", body, facts.record, facts.choices))
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        _parsed[facts.choices_hash] = known
    return known
