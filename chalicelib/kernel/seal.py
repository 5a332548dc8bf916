"""Sealing of rows: AES-256-GCM, one key for one use, bound to where the row lies (design.md § Keys)."""

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from .errors import Broken

_NONCE = 12


@lru_cache(maxsize=4096)
def subkey(key: bytes, use: str) -> bytes:
    """Derive the key for one use: one key, one use."""
    return HKDFExpand(SHA256(), 32, b"carnet/1/" + use.encode()).derive(key)


@lru_cache(maxsize=4096)
def _cipher(key: bytes, use: str) -> AESGCM:
    return AESGCM(subkey(key, use))


def _bound(context: tuple[str, ...]) -> bytes:
    return b"".join([len(raw := part.encode()).to_bytes(4, "big") + raw for part in context])


def seal(key: bytes, use: str, clear: bytes, *context: str) -> bytes:
    """Return nonce + ciphertext + tag; `context` is authenticated part by part, in order."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key, use).encrypt(nonce, clear, _bound(context))


def unseal(key: bytes, use: str, sealed: bytes, *context: str) -> bytes:
    """Return the clear bytes. Raise Broken when anything differs from what was sealed."""
    try:
        return _cipher(key, use).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(context))
    except (InvalidTag, ValueError) as error:
        raise Broken from error


def fingerprint(key: bytes, use: str, *parts: str) -> str:
    """Return a keyed hash (HMAC-SHA-256, 32 hex characters) that only holders of the key can compute or test."""
    return hmac.digest(subkey(key, use), _bound(parts), "sha256").hex()[:32]
