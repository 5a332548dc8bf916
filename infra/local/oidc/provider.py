"""One realm of the development issuer: discovery, keys, authorization, tokens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .clients import Clients
from .codes import Codes, check_request
from .dpop import Proofs
from .errors import Refused
from .pages import choose
from .people import Person, claims_of, people
from .signing import ALGORITHM, Signer
from .tokens import SECONDS, Mint

_METHODS = ("none", "private_key_jwt", "client_secret_basic", "client_secret_post")
DEVELOPMENT_GRANT = "urn:carnet:development:person"
"""become a seeded person without a browser; exists nowhere but here"""


class Provider:
    """Everything one realm answers; `base` is the address of all realms."""

    def __init__(self, base: str, realm: str, audience: str, folder: Path, clients: Clients) -> None:
        self.issuer, self.realm = f"{base}/{realm}", realm
        self.signer = Signer(folder / f"{realm}.json")
        self._mint, self._clients = Mint(self.signer, self.issuer, audience), clients
        self._codes, self._proofs = Codes(), Proofs()

    @property
    def _token_endpoint(self) -> str:
        return f"{self.issuer}/token"

    def discovery(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self._token_endpoint,
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials", DEVELOPMENT_GRANT],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "dpop_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": [*_METHODS],
        }

    def authorize(self, query: dict[str, str]) -> tuple[str, str]:
        """Return (redirect, page): the page to choose on, or where the browser goes after the choice."""
        check_request(query)
        if "person" not in query:
            return "", choose(self.realm, query)
        code = self._codes.issue(*self._chosen(query), query)
        answer = urlencode({"code": code, "state": query.get("state", ""), "iss": self.issuer})
        return f"{query['redirect_uri']}?{answer}", ""

    def _chosen(self, query: Mapping[str, str]) -> tuple[Person, int]:
        person, choice = people().get(query.get("person", "")), query.get("exercice", "0")
        if person is None or person.realm != self.realm:
            raise Refused("access_denied")
        try:
            claims_of(person, int(choice))
        except (IndexError, ValueError) as error:
            raise Refused("invalid_request") from error
        return person, int(choice)

    def token(self, form: Mapping[str, str], authorization: str, proof: str) -> dict[str, Any]:
        """Return the token answer for one of the grants. Raise Refused."""
        jkt = self._proofs.thumbprint(proof, "POST", self._token_endpoint) if proof else ""
        grant = form.get("grant_type")
        if grant == "client_credentials" and self.realm == "machines":
            return self._machine(form, authorization, jkt)
        if grant == "authorization_code" and self.realm != "machines":
            return self._browser(form, jkt)
        if grant == DEVELOPMENT_GRANT and self.realm != "machines":
            return self._answer(*self._chosen(form), jkt)
        raise Refused("unsupported_grant_type")

    def _machine(self, form: Mapping[str, str], authorization: str, jkt: str) -> dict[str, Any]:
        client = self._clients.authenticate(form, authorization, self._token_endpoint)
        if not jkt:
            # Machines get sender-constrained tokens only.
            raise Refused("invalid_dpop_proof")
        return self._answer(people()[client], 0, jkt)

    def _browser(self, form: Mapping[str, str], jkt: str) -> dict[str, Any]:
        login = self._codes.redeem(form)
        identity = self._mint.id_token(login.person, login.choice, login.nonce)
        return {**self._answer(login.person, login.choice, jkt), "id_token": identity}

    def _answer(self, person: Person, choice: int, jkt: str) -> dict[str, Any]:
        token = self._mint.access_token(person, choice, jkt)
        return {"access_token": token, "token_type": "DPoP" if jkt else "Bearer", "expires_in": SECONDS}
