"""Proof of possession (DPoP, RFC 9449): the token is worth nothing without the caller's own key."""

import base64
import hashlib
import re
import threading
from datetime import datetime
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from ..kernel.errors import NotAuthenticated
from ..kernel.ports import Clock
from .keysets import usable_key
from .tokens import PublicKey, Token, read_header, read_token, verify

WINDOW = 60
"""Seconds a proof may be older or newer than our clock."""

ALGORITHMS = ("ES256", "EdDSA", "Ed25519")
_MEMBERS = frozenset({"typ", "alg", "jwk"})
_JTI = re.compile(r"[A-Za-z0-9._~-]{8,128}")
_CAPACITY = 100_000
_PORTS = {"http": 80, "https": 443}


class Proofs:
    """Checks proofs and remembers, in this process, those already used."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[bytes, datetime] = {}
        self._lock = threading.Lock()

    def check(self, proof: str, *, token: str, thumbprint: str, method: str, url: str) -> None:
        """Accept one proof for this very request, once. Raise NotAuthenticated."""
        given = read_token(proof, _MEMBERS)
        _check_key(given, thumbprint)
        self._check_claims(given, token, method, url)
        self._use(f"{thumbprint} {given.claims['jti']}")

    def _check_claims(self, given: Token, token: str, method: str, url: str) -> None:
        claims = given.claims
        issued, jti = claims.get("iat"), claims.get("jti")
        right = (
            claims.get("htm") == method
            and _same_address(claims.get("htu"), url)
            and claims.get("ath") == _hash(token)
            and type(issued) is int
            and abs(self._clock.now().timestamp() - issued) <= WINDOW
            and isinstance(jti, str)
            and _JTI.fullmatch(jti)
        )
        if not right:
            raise NotAuthenticated

    def _use(self, name: str) -> None:
        now = self._clock.now()
        used = hashlib.sha256(name.encode()).digest()
        with self._lock:
            self._forget(now)
            if used in self._used or len(self._used) >= _CAPACITY:
                raise NotAuthenticated
            self._used[used] = now

    def _forget(self, now: datetime) -> None:
        # Entries are in order of arrival: only the oldest can have run out.
        while self._used:
            oldest = next(iter(self._used))
            if (now - self._used[oldest]).total_seconds() <= 2 * WINDOW:
                return
            del self._used[oldest]


def _check_key(given: Token, thumbprint: str) -> None:
    key, print_of_key = _key_in(given.head)
    if key is None or print_of_key != thumbprint:
        raise NotAuthenticated
    verify(given, key, given.header["alg"])


@lru_cache(maxsize=512)
def _key_in(head: str) -> tuple[PublicKey | None, str]:
    """Return the key with which the proofs that begin like this are signed, and its thumbprint."""
    header = read_header(head)
    if header["typ"] != "dpop+jwt" or header["alg"] not in ALGORITHMS or not isinstance(header["jwk"], dict):
        return None, ""
    key = usable_key(header["jwk"])
    return key, key.thumbprint() if key else ""


def _hash(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()


def _same_address(given: object, url: str) -> bool:
    """Compare without query and fragment (RFC 9449 § 4.3), scheme and host in any case, default ports left out."""
    try:
        return given == url or (isinstance(given, str) and _normal(urlsplit(given)) == _normal(urlsplit(url)))
    except ValueError:
        return False


def _normal(parts: SplitResult) -> tuple[str, str | None, int | None, str]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme), parts.path
