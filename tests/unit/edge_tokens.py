"""Issuers, keys and tokens for the tests of authentication: everything is made here, nothing is mocked."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from chalicelib.access.actor import Actor
from chalicelib.edge.authn import Authenticator, Issuer, IssuerKind
from chalicelib.edge.tokens import PublicKey
from chalicelib.kernel.errors import Unavailable

AUDIENCE = "https://carnet.example"
URL = "https://carnet.example/records"
CITIZENS = "https://citizens.example"
PROFESSIONALS = "https://professionals.example"
MACHINES = "https://machines.example"
STAFF = "https://staff.example"
EC = ECKey.generate_key("P-256", {"kid": "ec"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
MACHINE_KEY = ECKey.generate_key("P-256")
KEYS: dict[str, PublicKey] = {"ES256": EC, "RS256": RSA, "PS256": RSA, "EdDSA": ED}

Json = dict[str, Any]


class StoppedClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move on without waiting."""
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Move on."""
        self.time += timedelta(seconds=seconds)

    @property
    def stamp(self) -> int:
        """Return the time in whole seconds."""
        return int(self.time.timestamp())


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def dump(value: object) -> bytes:
    """Return JSON."""
    return json.dumps(value).encode()


def signed(header: bytes, payload: bytes, key: object = EC, algorithm: str = "ES256") -> str:
    """Return a compact token over exactly these bytes, however wrong they are."""
    text = f"{b64(header)}.{b64(payload)}"
    signature = JWSRegistry.algorithms[algorithm].sign(text.encode(), cast(Any, key))
    return f"{text}.{b64(signature)}"


def public(key: PublicKey) -> Json:
    """Return the public half as JWK."""
    return dict(key.as_dict(private=False))


@dataclass
class World:
    """Four issuers and the authenticator that trusts them."""

    clock: StoppedClock = field(default_factory=StoppedClock)
    fetched: list[str] = field(default_factory=list)
    sets: dict[str, bytes] = field(default_factory=dict)
    authenticator: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        kinds = zip((CITIZENS, PROFESSIONALS, MACHINES, STAFF), IssuerKind, strict=True)
        algorithms = ("ES256", "RS256", "PS256", "EdDSA")
        issuers = [
            Issuer(url, kind, AUDIENCE, f"{url}/keys", ("ES256",) if url == STAFF else algorithms)
            for url, kind in kinds
        ]
        keys = dump({"keys": [public(key) for key in (EC, RSA, ED)]})
        self.sets = {issuer.jwks_uri: keys for issuer in issuers}
        self.authenticator = Authenticator(
            issuers, self.fetch, self.clock, lambda issuer, sub: hashlib.sha256(f"{issuer} {sub}".encode()).hexdigest()
        )

    def fetch(self, url: str) -> bytes:
        """Give the key set of a listed issuer and remember who was asked."""
        self.fetched.append(url)
        if url not in self.sets:
            raise Unavailable
        return self.sets[url]

    def actor(self, authorization: str, *, proof: str = "", method: str = "GET", url: str = URL) -> Actor:
        """Authenticate one request."""
        headers = {"authorization": authorization, **({"dpop": proof} if proof else {})}
        return self.authenticator(headers, method, url)

    def common(self, issuer: str) -> Json:
        """Return the claims every token has."""
        now = self.clock.stamp
        return {
            "iss": issuer,
            "sub": "subject-1",
            "aud": AUDIENCE,
            "exp": now + 600,
            "iat": now,
            "jti": "token-1",
            "client_id": "portal",
        }

    def citizen(self) -> Json:
        """Return the claims of a person."""
        return {**self.common(CITIZENS), "given_name": "Alix", "family_name": "Exemple"}

    def professional(self, profession: str = "10", skill: str = "SM26", sector: str = "SA07") -> Json:
        """Return the claims of a professional with one exercice, chosen."""
        return {**self.common(PROFESSIONALS), **individual(profession, skill, sector)}

    def machine(self, role: str = "deposit", **more: Any) -> Json:
        """Return the claims of a machine."""
        bound = {"cnf": {"jkt": MACHINE_KEY.thumbprint()}}
        organisation = {"organisation": {"id": "org-1", "name": "Clinique Exemple"}}
        return {**self.common(MACHINES), "client_id": "his-1", "role": role, **organisation, **bound, **more}

    def staff(self) -> Json:
        """Return the claims of a help-desk agent."""
        return {**self.common(STAFF), "role": "support"}

    def token(self, claims: Json, algorithm: str = "ES256", **header: Any) -> str:
        """Return a well-signed token."""
        head = {"alg": algorithm, "kid": KEYS[algorithm].kid, "typ": "at+jwt", **header}
        return signed(dump(head), dump(claims), KEYS[algorithm], algorithm)

    def proof(self, token: str, key: Any = MACHINE_KEY, *, header: Json | None = None, **claims: Any) -> str:
        """Return a proof of possession for GET URL."""
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": public(key), **(header or {})}
        body = {
            "jti": "proof-0001",
            "htm": "GET",
            "htu": URL,
            "iat": self.clock.stamp,
            "ath": b64(hashlib.sha256(token.encode()).digest()),
            **claims,
        }
        return signed(dump(head), dump({name: value for name, value in body.items() if value is not None}), key)


def individual(profession: str = "10", skill: str = "SM26", sector: str = "SA07", organisation: str = "org-1") -> Json:
    """Return what the directory says about one professional."""
    activity = {
        "identifiantTechniqueDeLaStructure": organisation,
        "raisonSocialeSite": "Cabinet Exemple",
        "codeSecteurDactivite": f"{sector}^1.2.250.1.71.4.2.4",
    }
    return {
        "SubjectNameID": "899700000001",
        "given_name": "Camille",
        "family_name": "Modele",
        "exercice": {
            "codeProfession": profession,
            "codeSavoirFaire": skill,
            "organisation": {"id": organisation, "name": "chosen by the client, not believed"},
            "secteur": sector,
        },
        "SubjectRefPro": {
            "exercices": [{"codeProfession": profession, "codeSavoirFaire": skill, "activities": [activity]}]
        },
    }
