"""Who is calling: access tokens of the configured issuers, and nothing else, become actors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from pydantic import ValidationError

from ..access.actor import Actor
from ..kernel.errors import NotAuthenticated
from ..kernel.ports import Clock
from .claims import (
    Citizen,
    Claims,
    DelegatedMachine,
    Machine,
    Professional,
    Staff,
    citizen,
    machine,
    professional,
    staff,
)
from .dpop import Proofs
from .http import Headers
from .keysets import Fetch, KeySets, is_allowed_address
from .tokens import PublicKey, Token, read_token, verify

ALGORITHMS = frozenset({"ES256", "RS256", "PS256", "EdDSA", "Ed25519"})
LEEWAY = 30
"""Seconds by which an issuer's clock may be ahead of ours."""
LONGEST = 24 * 3600
"""Seconds an access token may live."""

_SEEN = 2048
"""tokens remembered"""
_MEMBERS = frozenset({"alg", "kid", "typ"})
_TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt"})

_INDIVIDUAL = frozenset({"SubjectNameID", "SubjectRefPro", "exercice"})

SubjectId = Callable[[str, str], str]
"""(issuer, subject) -> keyed hash."""


class IssuerKind(StrEnum):
    """Whom an issuer may vouch for."""

    CITIZENS = "citizens"
    PROFESSIONALS = "professionals"
    MACHINES = "machines"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Issuer:
    """One configured issuer. `url` is compared letter by letter with `iss`, keys come from `jwks_uri` only."""

    url: str
    kind: IssuerKind
    audience: str
    jwks_uri: str
    algorithms: tuple[str, ...] = ("ES256",)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A token whose signature was good under this key. Times, binding and proof are checked at every request."""

    issuer: Issuer
    kid: str
    key: PublicKey
    claims: Claims
    actor: Actor


class Authenticator:
    """Turns the headers of one request into an actor.

    Remembered are public keys, used proofs, and by their digest the tokens whose signature was checked.

    `loopback` admits key sets over http from this machine: local and test stages only.
    """

    def __init__(
        self, issuers: Iterable[Issuer], fetch: Fetch, clock: Clock, subject_id: SubjectId, *, loopback: bool = False
    ) -> None:
        self._issuers = {issuer.url: issuer for issuer in issuers}
        for issuer in self._issuers.values():
            _check_issuer(issuer, loopback=loopback)
        self._clock = clock
        self._keys = KeySets(fetch, clock)
        self._proofs = Proofs(clock)
        self._subject_id = subject_id
        self._seen: dict[bytes, _Seen] = {}

    def __call__(self, headers: Headers, method: str, url: str) -> Actor:
        """Return who calls. Raise NotAuthenticated, or Unavailable when the issuer's keys cannot be had."""
        scheme, text = _credentials(headers)
        seen = self._vouched(text)
        claims = seen.claims
        self._check(claims, seen.issuer)
        if scheme != ("dpop" if claims.cnf else "bearer"):
            raise NotAuthenticated
        if claims.cnf:
            proof = headers.get("dpop", "")
            self._proofs.check(proof, token=text, thumbprint=claims.cnf.jkt, method=method, url=url)
        return seen.actor

    def _vouched(self, text: str) -> _Seen:
        """Return what the token says, its signature checked once for as long as its key is in the set."""
        name = sha256(text.encode(errors="replace")).digest()
        seen = self._seen.get(name)
        if seen is None or self._keys.find(seen.issuer.jwks_uri, seen.kid) is not seen.key:
            seen = self._read(read_token(text, _MEMBERS))
            if len(self._seen) >= _SEEN:
                self._seen.clear()
            self._seen[name] = seen
        return seen

    def _read(self, token: Token) -> _Seen:
        issuer = self._issuers.get(str(token.claims.get("iss")))
        algorithm, kid, kind = (token.header[name] for name in ("alg", "kid", "typ"))
        if not (issuer and isinstance(kid, str) and algorithm in issuer.algorithms and str(kind).lower() in _TYPES):
            raise NotAuthenticated
        key = self._keys.find(issuer.jwks_uri, kid)
        if key is None:
            raise NotAuthenticated
        verify(token, key, algorithm)
        claims = _claims(issuer.kind, token)
        return _Seen(issuer, kid, key, claims, self._actor(claims))

    def _check(self, claims: Claims, issuer: Issuer) -> None:
        now = self._clock.now().timestamp()
        meant = issuer.audience in ([claims.aud] if isinstance(claims.aud, str) else claims.aud)
        current = max(claims.iat, claims.nbf) - LEEWAY <= now < claims.exp <= claims.iat + LONGEST
        if not (meant and current):
            raise NotAuthenticated

    def _actor(self, claims: Claims) -> Actor:
        match claims:
            case Citizen():
                return citizen(claims, self._subject_id(claims.iss, claims.sub))
            case Professional():
                return professional(claims, claims.client_id)
            case Machine():
                return machine(claims)
            case Staff():
                return staff(claims)
        raise NotAuthenticated


_MODELS: Mapping[IssuerKind, type[Claims]] = {
    IssuerKind.CITIZENS: Citizen,
    IssuerKind.PROFESSIONALS: Professional,
    IssuerKind.MACHINES: Machine,
    IssuerKind.STAFF: Staff,
}


def _claims(kind: IssuerKind, token: Token) -> Claims:
    model = _MODELS[kind]
    if model is Machine and _INDIVIDUAL & token.claims.keys():
        model = DelegatedMachine
    try:
        return model.model_validate_json(token.payload, strict=True)
    except ValidationError:
        raise NotAuthenticated from None


def _credentials(headers: Headers) -> tuple[str, str]:
    scheme, _, text = headers.get("authorization", "").partition(" ")
    return scheme.lower(), text


def _check_issuer(issuer: Issuer, *, loopback: bool) -> None:
    """Refuse at start what could not be safe. Raise ValueError."""
    if not is_allowed_address(issuer.jwks_uri, loopback=loopback):
        message = "the address of an issuer's keys must be https"
        raise ValueError(message)
    if not issuer.audience or not issuer.algorithms or not ALGORITHMS.issuperset(issuer.algorithms):
        message = "an issuer needs an audience and algorithms from the list"
        raise ValueError(message)
