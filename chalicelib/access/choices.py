"""What the holder has decided: one immutable sealed row per version, never changed in place."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter

from ..kernel.errors import Broken, Conflict
from ..kernel.host import Host
from ..kernel.ports import Row, Value
from ..kernel.seal import seal, unseal
from .clocks import over
from .facts import Facts, partition
from .keyring import SORT as BEGINNING

PREFIX = "8choices#"
NO_HOLDER = ""
ASSISTED = "assisted"
"""what a code is for while the help lasts that an agent was let in with: the one purpose that decisions read"""
_KEPT = 4096
LARGEST, RESERVE, ROW = 400_000, 404_000, 408_000
"""bytes of a version of the choices, of one whose change must not be refused, and of one by who decides: nobody else
takes the last word. The rest of a row is for its names."""
FULL = "There is no room for more decisions; withdraw some first."


def lasts(ends: str, at: str) -> bool:
    """Tell whether what ends at that instant (empty: never) still counts at this one."""
    return not ends or at < ends


@dataclass(frozen=True, slots=True)
class Limit:
    """Within what a permission holds; an empty field does not narrow. `since` and `until` are days of care.

    `ends` is the instant from which it no longer counts ("until my appointment").
    """

    categories: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody acts for the holder until `ends` (empty: until revoked). `kind` is a word of policies/mandates.csv.

    `email` is where a representative is told of a minor's reminders.
    """

    kind: str
    name: str = ""
    ends: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code that still works: what it is for, for whom, until when. Its text is derived, never kept.

    `delegation` is what an invitation gives, `limit` narrows what an access code gives. `maker` is the actor id of who
    made what is handed over; empty, it is the holder's.
    """

    purpose: str
    ends: str
    subject: str = ""
    delegation: Delegation | None = None
    limit: Limit | None = None
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Access of heirs or of a court's expert, which two different agents must agree on (CSP L.1110-4 V, L.1111-18)."""

    subject: str
    ground: str
    proposed_by: str
    confirmed_by: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything beside facts that can turn a decision.

    `holder` is the actor id of the person. Subjects in `allowed`, `blocked`, `team` and `refused` are actor ids
    (`pro:…`), organisations (`org:…`), professions (`prof:…`) or, in `refused`, categories (`cat:…`); `limits` narrows
    a subject of `allowed`, `dismissed` holds whom the holder took out of the team. `hidden`, `shown` (against
    `discreet` categories), `revealed` (to representatives), `announced` (to the holder), `disowned` and `gone` hold
    document ids; `floors` gives the lowest version of a document that may still be served (a restored older row is
    refused: abuse C03). `proxies` and `carers` are named by actor id, `express` holds the occupational physicians with
    separate consent, `designated` who sees hidden documents. `consents` and `emergencies` give instants at which they
    end. `letters` says who brought the code of which letter of information, `represented` who acted for the holder
    before. `opposed` names the emergency switches that are off (`regulation`, `break_glass`); `shows_hidden` is the
    third. `told` holds `accesses` when the holder wants to be told of every access.
    """

    holder: str = NO_HOLDER
    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    floors: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    team: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    physician: str = ""
    express: frozenset[str] = frozenset()
    consents: Mapping[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    discreet: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    announced: frozenset[str] = frozenset()
    disowned: frozenset[str] = frozenset()
    proxies: Mapping[str, Delegation] = field(default_factory=dict)
    carers: Mapping[str, Delegation] = field(default_factory=dict)
    designated: frozenset[str] = frozenset()
    opposed: frozenset[str] = frozenset()
    shows_hidden: bool = False
    emergencies: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Code] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    represented: frozenset[str] = frozenset()
    disclosures: Mapping[str, Disclosure] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    def decided_by(self, who: str, at: str) -> bool:
        """Tell whether this person decides at this instant: the holder, or a representative whose mandate lasts."""
        own = self.proxies.get(who)
        return who != NO_HOLDER and (who == self.holder or (own is not None and lasts(own.ends, at)))

    def stands(self, maker: str, at: str) -> bool:
        """Tell whether what this person handed out counts at this instant; empty, it is the holder's."""
        return not maker or self.decided_by(maker, at)

    def hides(self, document: str, category: str) -> bool:
        """Tell whether the holder hid this document, or is discreet about its category and did not show it."""
        return document in self.hidden or (category in self.discreet and document not in self.shown)

    def withholds(self, document: str, since: str, at: str) -> bool:
        """Tell whether the holder does not see at this instant what was withheld since its deposit (empty: never)."""
        return bool(since) and document not in self.announced and at < over("announcement_seen", since)

    def dump(self) -> bytes:
        """Return canonical JSON; what was never decided is left out."""
        decided = {one.name: value for one in fields(self) if (value := getattr(self, one.name))}
        return json.dumps(decided, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def _plain(value: Any) -> Any:
    """Return what JSON has no word for: a set in order, a decision of several fields by their names."""
    return sorted(value) if isinstance(value, frozenset) else asdict(value)


_parsed: dict[bytes, "Choices"] = {}
# By digest of the sealed row: immutable, and reached only through facts read strongly and a key row still there.

_READER: TypeAdapter[Choices] = TypeAdapter(Choices)


def load_choices(clear: bytes) -> Choices:
    """Read what `dump` wrote."""
    return _READER.validate_json(clear)


def seal_choices(policy_key: bytes, record: str, sort: str, choices: Choices) -> tuple[bytes, bytes]:
    """Return what the row at this place says, and the digest that facts keep of it."""
    body = seal(policy_key, "choices", choices.dump(), record, sort)
    return body, hashlib.sha256(body).digest()


def choices_row(
    policy_key: bytes, record: str, version: int, choices: Choices, *, reserve: bool = False, decides: bool = False
) -> tuple[dict[str, str | bytes], bytes]:
    """Return the immutable row of this version, under a name of its own, and the digest that facts keep of it.

    Raise Conflict when a row does not hold it, with what is kept free for a `reserve` and for who `decides`, before
    anything is written.
    """
    most = ROW if decides else RESERVE if reserve else LARGEST
    sort = f"{PREFIX}{version:010d}#{secrets.token_hex(8)}"
    body, digest = seal_choices(policy_key, record, sort, choices)
    if len(body) > most:
        raise Conflict(FULL)
    return {"pk": partition(record), "sk": sort, "body": body}, digest


def read_choices(host: Host, policy_key: bytes, facts: Facts, key_row: Row) -> Choices:
    """Return the version that facts name; an older row put back in its place does not fit the digest (abuse C03).

    What a record began with may stand in the row of its keys, which was read with facts.
    """
    known = _parsed.get(facts.choices_hash)
    if known is None:
        body = key_row.get("choices") if facts.choices == BEGINNING else _body(host, facts)
        if not isinstance(body, bytes) or hashlib.sha256(body).digest() != facts.choices_hash:
            raise Broken
        known = load_choices(unseal(policy_key, "choices", body, facts.record, facts.choices))
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        _parsed[facts.choices_hash] = known
    return known


def _body(host: Host, facts: Facts) -> Value:
    key = (partition(facts.record), facts.choices)
    return host.rows.get([key]).get(key, {}).get("body", b"")
