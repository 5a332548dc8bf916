"""Clients of the issuer: machines prove themselves by a signed assertion (RFC 7523) or a secret, the portal by PKCE."""

import binascii
import hmac
import secrets
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ..kept import kept, read
from .errors import Refused
from .once import Once
from .people import people
from .signing import ALGORITHM, new_key, private

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 300


def make_credentials(folder: Path) -> None:
    """Make a file of credentials for every machine that has none yet."""
    for person in people().values():
        if person.realm == "machines":
            kept(folder / f"{person.key}.json", _fresh)


def _fresh() -> dict[str, Any]:
    return {"client_secret": secrets.token_urlsafe(32), "key": private(new_key())}


class Clients:
    """Knows every machine by its credentials."""

    def __init__(self, folder: Path) -> None:
        make_credentials(folder)
        self._known = {file.stem: read(file) for file in folder.glob("*.json")}
        self._once = Once(_ASSERTION_SECONDS)

    def authenticate(self, form: Mapping[str, str], authorization: str, audience: str) -> str:
        """Return the client id that is proven; `audience` is the token endpoint. Raise Refused."""
        basic = _basic(authorization)
        client, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if client not in self._known:
            raise Refused("invalid_client")
        if form.get("client_assertion_type") == ASSERTION:
            self._check_assertion(client, form.get("client_assertion", ""), audience)
        elif not hmac.compare_digest(self._known[client]["client_secret"].encode(), secret.encode()):
            raise Refused("invalid_client")
        return client

    def _check_assertion(self, client: str, assertion: str, audience: str) -> None:
        try:
            token = jwt.decode(assertion, ECKey.import_key(self._known[client]["key"]), algorithms=[ALGORITHM])
            wanted = {"iss": client, "sub": client, "aud": audience}
            rules: Any = {name: {"essential": True, "value": value} for name, value in wanted.items()}
            jwt.JWTClaimsRegistry(leeway=5, exp={"essential": True}, **rules).validate(token.claims)
        except (JoseError, ValueError) as error:
            raise Refused("invalid_client") from error
        self._once.use(str(token.claims.get("jti", "")), "invalid_client")


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused("invalid_client") from error
    return unquote(client), unquote(secret)
