"""Public keys of the issuers, from the listed addresses only, kept for ten minutes."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import urllib3
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, RSAKey

from ..kernel.errors import CarnetError, Unavailable
from ..kernel.ports import Clock
from .strictjson import read_json
from .tokens import PublicKey

Fetch = Callable[[str], bytes]
"""Address of a key set -> its bytes. Raise Unavailable."""

KEPT = timedelta(minutes=10)
STALE = timedelta(hours=1)
PAUSE = timedelta(seconds=30)
FIRST_PAUSE = timedelta(seconds=1)
"""while an issuer has not answered at all: nobody can be let in before"""
_SECONDS = 2.0
_SIZE = 64 * 1024
_RSA_BITS = 2048
_CURVES = frozenset({"P-256", "Ed25519"})
# What the library raises, besides its own errors, for members of another type than it expects.
_BAD_KEY = (JoseError, UnsupportedAlgorithm, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_allowed_address(url: str, *, loopback: bool) -> bool:
    """Tell whether keys may be fetched from there: https, or plain http to this machine on a local stage."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK)


def fetch_keys(url: str) -> bytes:
    """Fetch a key set: no redirect, no proxy, two seconds, 64 KiB. Raise Unavailable."""
    try:
        with urllib3.PoolManager(timeout=urllib3.Timeout(total=_SECONDS), retries=False) as pool:
            answer = pool.request("GET", url, redirect=False, preload_content=False)
            body = answer.read(_SIZE + 1) if answer.status == 200 else b""  # noqa: PLR2004
    except urllib3.exceptions.HTTPError:
        raise Unavailable from None
    if not 0 < len(body) <= _SIZE:
        raise Unavailable
    return body


@dataclass(slots=True)
class _Shelf:
    keys: Mapping[str, PublicKey] = field(default_factory=dict)
    fetched: datetime | None = None
    tried: datetime | None = None


class KeySets:
    """Keys by address and id. An unknown id asks again, at most once per pause: that is how rotation arrives."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()

    def find(self, url: str, kid: str) -> PublicKey | None:
        """Return the key, or None when the issuer does not have it. Raise Unavailable when that cannot be told."""
        now = self._clock.now()
        shelf = self._shelves.get(url)
        if shelf and kid in shelf.keys and shelf.fetched and now - shelf.fetched < KEPT:
            return shelf.keys[kid]
        with self._lock:
            shelf = self._shelves.setdefault(url, _Shelf())
            if shelf.tried is None or now - shelf.tried >= (PAUSE if shelf.fetched else FIRST_PAUSE):
                self._refresh(url, shelf, now)
        if shelf.fetched is None or now - shelf.fetched >= STALE:
            raise Unavailable
        return shelf.keys.get(kid)

    def _refresh(self, url: str, shelf: _Shelf, now: datetime) -> None:
        shelf.tried = now
        try:
            shelf.keys = public_keys(self._fetch(url))
        except CarnetError:
            return  # keys that were good a moment ago serve until they are stale
        shelf.fetched = now


def public_keys(raw: bytes) -> Mapping[str, PublicKey]:
    """Return the usable signature keys by id; others in the set are left out. Raise Unavailable, Unparseable."""
    document = read_json(raw)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise Unavailable
    keys = ((entry["kid"], usable_key(entry)) for entry in entries if _is_signature_key(entry))
    return {kid: key for kid, key in keys if key}


def _is_signature_key(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("kid"), str) and entry.get("use", "sig") == "sig"


def usable_key(entry: Mapping[str, object]) -> PublicKey | None:
    """Return a public key of an accepted kind and size, or None: no secret, no private half, no odd curve."""
    try:
        key = JWKRegistry.import_key(dict(entry))  # type: ignore[arg-type]
    except _BAD_KEY:
        return None
    if isinstance(key, RSAKey):
        return key if key.raw_value.key_size >= _RSA_BITS and not key.is_private else None
    if key.key_type == "oct" or key.is_private or entry.get("crv") not in _CURVES:
        return None
    return key  # type: ignore[return-value]
