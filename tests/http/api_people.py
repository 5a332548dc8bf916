"""The callers of the route tests: seeded people of people.json, and a few made after them, with real signed tokens."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from chalicelib.edge.authn import Issuer, IssuerKind
from chalicelib.kernel.ports import Clock
from infra.local.oidc.dpop import public
from infra.local.oidc.people import REALMS, Person, claims_of, people
from infra.local.oidc.signing import ALGORITHM, new_key

PUBLIC_URL = "https://carnet.example"
AUDIENCE = "carnet"
LIFE = 3600

KEY = new_key()
"""what all four issuers sign with, and what every machine is bound to"""

_numbers = count(1)


def issuers() -> list[Issuer]:
    """Return one issuer per realm."""
    return [
        Issuer(issuer_of(realm), IssuerKind(realm), AUDIENCE, f"{issuer_of(realm)}/jwks", (ALGORITHM,))
        for realm in REALMS
    ]


def issuer_of(realm: str) -> str:
    """Return the name of the issuer of a realm."""
    return f"https://issuer.example/{realm}"


@cache
def roles() -> Mapping[str, Person]:
    """Return who plays which role; the key `anonymous` is nobody's."""
    known = people()
    doctor = known["doctor"]
    kinds = ("enrolment", "support", "insurer", "mutuelle", "employer", "bank", "state", "health_fund")
    return {
        "holder": known["ondine"],
        "other_citizen": known["barnabe"],
        "allowed_doctor": doctor,
        "unknown_doctor": _professional(doctor, "810009900043", "R10009900103"),
        "blocked_doctor": _professional(doctor, "810009900051", "R10009900104"),
        "physiotherapist": known["physiotherapist"],
        "author_lab": known["laboratory"],
        "other_lab": _laboratory("810009900068", "F990000034"),
        "software": known["robot"],
        **{kind: known[kind] for kind in kinds},
        "proxy": known["celeste"],
        "carer": known["hector"],
        "occupational": _professional(doctor, "810009900084", "R10009900105", skill="SM25"),
        **{key: known[key] for key in ("legal", "legal_two", "regulator")},
    }


def _professional(like: Person, number: str, place: str, skill: str = "") -> Person:
    exercice = like.claims["SubjectRefPro"]["exercices"][0]
    exercice = {**exercice, **({"codeSavoirFaire": skill} if skill else {})}
    activity = {**exercice["activities"][0], "identifiantTechniqueDeLaStructure": place}
    reference = {"exercices": [{**exercice, "activities": [activity]}]}
    named = {"sub": f"f:essai:{number}", "SubjectNameID": number, "SubjectRefPro": reference}
    return replace(like, key=number, claims={**like.claims, **named})


def _laboratory(number: str, place: str) -> Person:
    """Return the software of another laboratory with its own biologist behind it."""
    behind = _professional(people()["biologist"], number, place)
    organisation = {"id": place, "name": "Autre laboratoire des Exemples"}
    machine = {"sub": "other-laboratory", "role": "deposit", "organisation": organisation}
    return Person("other-laboratory", "machines", {**claims_of(behind), **machine})


def headers(role: str, method: str, path: str, clock: Clock) -> dict[str, str]:
    """Return what authenticates one request of this role; nothing for `anonymous`."""
    if role == "anonymous":
        return {}
    person = roles()[role]
    token = _token(role, int(clock.now().timestamp()) // LIFE * LIFE)
    if person.realm != "machines":
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": f"DPoP {token}", "DPoP": _proof(method, PUBLIC_URL + path, token, clock)}


@cache
def _token(role: str, hour: int) -> str:
    person = roles()[role]
    bound = {"cnf": {"jkt": KEY.thumbprint()}} if person.realm == "machines" else {}
    times = {"iat": hour, "exp": hour + 2 * LIFE, "jti": f"token-{role}-{hour}"}
    named = {"iss": issuer_of(person.realm), "aud": AUDIENCE, "sub": person.claims["sub"]}
    claims = {**claims_of(person), **bound, **times, **named, "client_id": person.client_id}
    return _signed({"typ": "at+jwt", "kid": KEY.kid}, claims, KEY)


def _proof(method: str, url: str, token: str, clock: Clock) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    ath = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    claims = {"htm": method, "htu": url, "iat": int(clock.now().timestamp()), "jti": f"proof-{next(_numbers):08}"}
    return _signed({"typ": "dpop+jwt", "jwk": public(KEY)}, {**claims, "ath": ath}, KEY)


def _signed(header: dict[str, Any], claims: dict[str, Any], key: ECKey) -> str:
    return jwt.encode({"alg": ALGORITHM, **header}, claims, key, algorithms=[ALGORITHM])
