"""Keys of the deployment and of each record: random, wrapped by the host's root, one row for a record."""

import contextlib
import os
from collections.abc import Mapping
from typing import cast

from ..kernel.errors import Broken, ConditionFailed, NotFound, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Key, Row
from ..kernel.seal import fingerprint
from .facts import partition

SORT = "0key"
KEY_BYTES = 32
_SYSTEM_ROW: Key = ("s#system", "index")


def key_row_key(record: str) -> Key:
    """Return where the wrapped keys of this record lie. Deleting that row makes the record unreadable at once."""
    return partition(record), SORT


def lost(host: Host, record: str) -> Broken | NotFound:
    """Return what it is that something of a record is missing: a destruction takes the keys away before all else."""
    return Broken() if host.rows.get([key_row_key(record)]) else NotFound()


def new_keys(host: Host, record: str) -> tuple[Row, bytes]:
    """Make the two keys of a record; return their row, and the policy key."""
    pk, sk = key_row_key(record)
    keys = {use: os.urandom(KEY_BYTES) for use in ("policy", "content")}
    wrapped = {use: host.keys.wrap(key, _context(record, use)) for use, key in keys.items()}
    return {"pk": pk, "sk": sk, **wrapped}, keys["policy"]


def policy_key(host: Host, record: str, row: Row) -> bytes:
    """Unwrap the key of facts, choices and row metadata."""
    return host.keys.unwrap(cast(bytes, row["policy"]), _context(record, "policy"))


def content_key(host: Host, record: str, row: Row) -> bytes:
    """Unwrap the key of documents. Only a Grant calls this, after its journal entry is durable."""
    return host.keys.unwrap(cast(bytes, row["content"]), _context(record, "content"))


def _context(record: str, use: str) -> Mapping[str, str]:
    return {"record": record, "use": use}


def system_key(host: Host) -> bytes:
    """Return the deployment's own key, from which keyed hashes of identifiers are made."""
    wrapped = host.memo.get("index")
    if wrapped is None:
        wrapped = host.memo["index"] = _read_or_make(host)
    return host.keys.unwrap(wrapped, {"use": "index"})


def _read_or_make(host: Host) -> bytes:
    found = host.rows.get([_SYSTEM_ROW])
    if not found:
        pk, sk = _SYSTEM_ROW
        made = host.keys.wrap(os.urandom(KEY_BYTES), {"use": "index"})
        with contextlib.suppress(ConditionFailed):  # another process made it first: theirs is the key
            host.rows.put({"pk": pk, "sk": sk, "key": made}, NEW)
        found = host.rows.get([_SYSTEM_ROW])
    if not found:
        raise Unavailable
    return cast(bytes, found[_SYSTEM_ROW]["key"])


def actor_key(host: Host, actor_id: str) -> Key:
    """Return where quota and suspension of a caller or an organisation lie."""
    return "a#" + fingerprint(system_key(host), "actor", actor_id), "0actor"


def subject_id(host: Host, issuer: str, subject: str) -> str:
    """Return what a person at an identity provider is called here: the same at every login, and telling nothing."""
    return fingerprint(system_key(host), "citizen", issuer, subject)
