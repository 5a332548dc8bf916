"""Seeded people as callers of the API: tokens from the development issuer, and proofs of possession."""

import json
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey

from .kept import read
from .oidc.clients import ASSERTION
from .oidc.dpop import proof
from .oidc.people import Person, people
from .oidc.provider import DEVELOPMENT_GRANT
from .oidc.signing import ALGORITHM, new_key

_EARLY = 60
"""seconds before its end from which a token is replaced"""


@dataclass(slots=True)
class Caller:
    """One person or machine. Machines prove a key with every request; people use bearer tokens."""

    person: Person
    issuer: str
    """address of the issuer without a realm"""
    credentials: Path
    """folder of the machines' credentials"""
    exercice: int = 0
    key: ECKey = field(default_factory=new_key)
    _token: str = ""
    _until: float = 0

    @property
    def is_machine(self) -> bool:
        """Tell whether this is software."""
        return self.person.realm == "machines"

    def token(self) -> str:
        """Return an access token that still lives for a while."""
        if time.monotonic() > self._until:
            answer = self._fetch()
            self._token, self._until = answer["access_token"], time.monotonic() + answer["expires_in"] - _EARLY
        return self._token

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Return the headers that authenticate one request."""
        token = self.token()
        if not self.is_machine:
            return {"Authorization": f"Bearer {token}"}
        return {"Authorization": f"DPoP {token}", "DPoP": proof(self.key, method, url.partition("?")[0], token)}

    def _fetch(self) -> dict[str, Any]:
        endpoint = f"{self.issuer}/{self.person.realm}/token"
        headers = {"DPoP": proof(self.key, "POST", endpoint)} if self.is_machine else {}
        form = self._credentials(endpoint) if self.is_machine else self._development()
        request = urllib.request.Request(endpoint, urlencode(form).encode(), headers)  # noqa: S310  loopback
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found

    def _development(self) -> dict[str, str]:
        return {"grant_type": DEVELOPMENT_GRANT, "person": self.person.key, "exercice": str(self.exercice)}

    def _credentials(self, endpoint: str) -> dict[str, str]:
        client, now = self.person.key, int(time.time())
        claims: dict[str, Any] = {"iss": client, "sub": client, "aud": endpoint}
        claims |= {"exp": now + 60, "jti": str(uuid.uuid4())}
        key = ECKey.import_key(read(self.credentials / f"{client}.json")["key"])
        assertion = jwt.encode({"alg": ALGORITHM}, claims, key, algorithms=[ALGORITHM])
        granted = {"grant_type": "client_credentials", "client_id": client}
        return granted | {"client_assertion_type": ASSERTION, "client_assertion": assertion}


def caller(key: str, issuer: str, credentials: Path, exercice: int = 0) -> Caller:
    """Return the seeded person or machine of people.json as a caller."""
    return Caller(people()[key], issuer, credentials, exercice)


def token_for(key: str, issuer: str, credentials: Path) -> str:
    """Return a fresh access token of a seeded person or machine."""
    return caller(key, issuer, credentials).token()
