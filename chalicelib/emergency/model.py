"""What is kept of emergency access beside the record: a professional's own ledger.

It holds no name, no text and nothing about health: keyed hashes and instants.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from ..access.actor import Actor
from ..access.keyring import actor_key, system_key
from ..kernel.errors import Invalid
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row, When
from ..kernel.seal import fingerprint

LEDGER = "1emergencies"
LEAST, WORDS, LETTERS = 20, 3, 8
"""characters, words and different letters below which a text is no reason"""
REMEMBERED = 5
"""reasons among which a new one must not be found"""
FLAGGED, SUSPENDED = 3, 10
"""openings within a day above which a review is asked for, and above which no other is allowed before it"""
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is opened: a fixed code of policies/labels.csv, and the professional's own words."""

    code: str
    text: str

    def check(self) -> None:
        """Raise Invalid when the words are blank, too few, or one letter again and again (abuse A05)."""
        words = self.text.split()
        letters = {letter for letter in self.text.casefold() if letter.isalpha()}
        if len(" ".join(words)) < LEAST or len(words) < WORDS or len(letters) < LETTERS:
            raise Invalid(fields={"/text": f"a reason has {LEAST} characters and {WORDS} words at least"})

    def fingerprint(self, host: Host, actor: Actor) -> str:
        """Return a keyed hash of the words as they are compared: in any case and spacing, without punctuation."""
        plain = unicodedata.normalize("NFKC", self.text.casefold())
        words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
        return fingerprint(system_key(host), "emergency-reason", actor.id, " ".join(words))


@dataclass(frozen=True, slots=True)
class Ledger:
    """A professional's emergencies of the last day, and at least the last five: (instant, reason, operation)."""

    key: Key
    kept: tuple[tuple[str, str, str], ...] = ()
    suspended: bool = False
    version: int = 0

    @classmethod
    def of(cls, key: Key, rows: Mapping[Key, Row]) -> "Ledger":
        """Read the row, or an empty ledger."""
        row = rows.get(key)
        if row is None:
            return cls(key)
        kept = tuple((at, reason, op) for at, reason, op in json.loads(cast(str, row["kept"])))
        return cls(key, kept, bool(row["suspended"]), cast(int, row["version"]))

    def knows(self, op: bytes) -> bool:
        """Tell whether this very request was counted already."""
        return any(known == op.hex() for _, _, known in self.kept)

    def copied(self, reason: str) -> bool:
        """Tell whether the reason is one of the last five."""
        return reason in [known for _, known, _ in self.kept[-REMEMBERED:]]

    def recent(self, now: datetime) -> int:
        """Return how many openings the last 24 hours saw."""
        return sum(at > (now - _DAY).isoformat() for at, _, _ in self.kept)

    def opened(self, now: datetime, reason: str, op: bytes) -> "Ledger":
        """Return the ledger with one opening more, those that no longer matter left out."""
        since, kept = (now - _DAY).isoformat(), (*self.kept, (now.isoformat(), reason, op.hex()))
        counted = tuple(one for place, one in enumerate(kept, 1) if one[0] > since or place > len(kept) - REMEMBERED)
        return replace(self, kept=counted)

    def write(self, host: Host) -> None:
        """Write it unless somebody else did meanwhile. Raise ConditionFailed."""
        pk, sk = self.key
        when = When(equals={"version": self.version}) if self.version else NEW
        kept, version = json.dumps(self.kept, separators=(",", ":")), self.version + 1
        host.rows.put({"pk": pk, "sk": sk, "kept": kept, "suspended": int(self.suspended), "version": version}, when)


def ledger_key(host: Host, actor_id: str) -> Key:
    """Return where a professional's ledger lies."""
    return actor_key(host, actor_id)[0], LEDGER
