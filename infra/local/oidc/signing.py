"""The issuer's signing keys: one set per realm, kept in a file, newest first; the old one stays published."""

from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from ..kept import kept, read, write

ALGORITHM = "ES256"


def new_key() -> ECKey:
    """Return a fresh P-256 key with its thumbprint as kid."""
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def private(key: ECKey) -> dict[str, Any]:
    """Return the whole key as JSON."""
    return dict(key.as_dict(private=True))


class Signer:
    """Signs for one realm."""

    def __init__(self, file: Path) -> None:
        self._file = file
        kept(file, lambda: {"keys": [private(new_key())]})

    def _keys(self) -> list[ECKey]:
        return [ECKey.import_key(key) for key in read(self._file)["keys"]]

    def jwks(self) -> dict[str, Any]:
        """Return the public keys."""
        return {"keys": [key.as_dict(private=False) for key in self._keys()]}

    def rotate(self) -> None:
        """Sign with a new key from now on; the one before stays published."""
        write(self._file, {"keys": [private(new_key()), *read(self._file)["keys"][:1]]})

    def sign(self, claims: dict[str, Any], typ: str) -> str:
        """Return the signed token."""
        key = self._keys()[0]
        return jwt.encode({"alg": ALGORITHM, "typ": typ, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
