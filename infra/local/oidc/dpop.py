"""Proof of possession (RFC 9449): made by callers, checked by the issuer."""

import base64
import hashlib
import time
import uuid

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from .errors import Refused
from .once import Once
from .signing import ALGORITHM

_SECONDS = 60


def proof(key: ECKey, method: str, url: str, access_token: str = "") -> str:
    """Return a fresh proof for one request; `url` without query; with `ath` when it goes along with a token."""
    claims: dict[str, object] = {"htm": method, "htu": url, "iat": int(time.time()), "jti": str(uuid.uuid4())}
    if access_token:
        digest = hashlib.sha256(access_token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    header = {"alg": ALGORITHM, "typ": "dpop+jwt", "jwk": public(key)}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def public(key: ECKey) -> dict[str, object]:
    """Return the bare public key."""
    return {name: key.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}


class Proofs:
    """Checks the proofs that come with token requests."""

    def __init__(self) -> None:
        self._once = Once(2 * _SECONDS)

    def thumbprint(self, text: str, method: str, url: str) -> str:
        """Return the thumbprint of the key that is proven. Raise Refused."""
        try:
            header = jws.extract_compact(text.encode()).headers()
            key = ECKey.import_key(header["jwk"])
            claims = jwt.decode(text, key, algorithms=[ALGORITHM]).claims
            fits = (header["typ"], claims["htm"], claims["htu"]) == ("dpop+jwt", method, url)
            fresh = abs(time.time() - claims["iat"]) < _SECONDS
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise Refused("invalid_dpop_proof") from error
        if not (fits and fresh):
            raise Refused("invalid_dpop_proof")
        self._once.use(str(claims.get("jti", "")), "invalid_dpop_proof")
        return key.thumbprint()
