"""Signed tokens (JWS compact, RFC 7515) read strictly, before and after their signature is checked."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from ..kernel.errors import CarnetError, NotAuthenticated
from .strictjson import read_json

PublicKey = ECKey | OKPKey | RSAKey

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SIZE = 16 * 1024
_HEAD = 512
"""characters: heads are remembered, and become twenty times that in memory"""

# Issuers still write EdDSA for Ed25519; the key set allows no other curve for it.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as sent. Nothing in it is to be believed before `verified`, except to choose the key."""

    text: str
    head: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    payload: bytes


def read_token(text: str, members: frozenset[str]) -> Token:
    """Return the parts of a token whose header has exactly these members, each a text or an object.

    Raise NotAuthenticated for anything else: other members could point to keys or change what is signed.
    """
    if len(text) > _SIZE or not _COMPACT.fullmatch(text):
        raise NotAuthenticated
    head, body, _ = text.split(".")
    if len(head) > _HEAD:
        raise NotAuthenticated
    header = read_header(head)
    claims, payload = _object(body)
    if header.keys() != members:
        raise NotAuthenticated
    return Token(text, head, header, claims, payload)


@lru_cache(maxsize=512)
def read_header(head: str) -> Mapping[str, Any]:
    """Return what the first segment of a token says: the same for all tokens and proofs of one key."""
    return _object(head)[0]


def verify(token: Token, key: PublicKey, algorithm: str) -> None:
    """Check the signature under this key and algorithm. Raise NotAuthenticated.

    The library is given what was read strictly above, instead of reading the segments again by its own rules.
    """
    head, body, signature = token.text.encode().split(b".")
    signed = jws.CompactSignature(dict(token.header), token.payload)
    signed.segments.update({"header": head, "payload": body, "signature": signature})
    try:
        valid = jws.validate_compact(signed, key, [algorithm])
    except (JoseError, ValueError):
        valid = False
    if not valid:
        raise NotAuthenticated


def _object(segment: str) -> tuple[dict[str, Any], bytes]:
    try:
        raw = urlsafe_b64decode(segment.encode())
        value = read_json(raw)
    except (CarnetError, ValueError):
        raise NotAuthenticated from None
    if not isinstance(value, dict):
        raise NotAuthenticated
    return value, raw
