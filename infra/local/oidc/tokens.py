"""What the issuer gives out: access tokens (RFC 9068) and identity tokens."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

from .people import Person, claims_of
from .signing import Signer

SECONDS = 600
"""how long a token lives"""


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes the tokens of one realm; `audience` is the API they are meant for."""

    signer: Signer
    issuer: str
    audience: str

    def access_token(self, person: Person, choice: int, jkt: str) -> str:
        """Return a signed access token; bound to a key when `jkt` is its thumbprint."""
        bound = {"cnf": {"jkt": jkt}} if jkt else {}
        return self.signer.sign({**self._claims(person, choice, self.audience), **bound}, "at+jwt")

    def id_token(self, person: Person, choice: int, nonce: str) -> str:
        """Return the identity token of a browser login."""
        return self.signer.sign({**self._claims(person, choice, person.client_id), "nonce": nonce}, "JWT")

    def _claims(self, person: Person, choice: int, audience: str) -> dict[str, Any]:
        now = int(time.time())
        about = {**claims_of(person, choice), "sub": person.claims["sub"], "client_id": person.client_id}
        times = {"iat": now, "exp": now + SECONDS}
        return {**about, **times, "iss": self.issuer, "aud": audience, "jti": str(uuid.uuid4())}
