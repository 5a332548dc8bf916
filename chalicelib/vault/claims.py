"""Claims: one unique id or idempotency key of one depositor names one version of one document, however often sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pydantic_core import to_json

from ..access.gate import Seen
from ..access.grant import Grant, Shelf, open_row
from ..access.keyring import system_key
from ..kernel.errors import ConditionFailed, Conflict, Invalid, Unavailable
from ..kernel.host import Host
from ..kernel.ports import NEW, Row
from ..kernel.seal import fingerprint
from .model import CLAIM, Filing

_TAKEN = "This unique id is taken by another content; a document, and each version of it, has one of its own."
_REUSED = {"Idempotency-Key": "was used for another request"}


@dataclass(frozen=True, slots=True)
class Named:
    """What claims name."""

    document: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a claim lies, and what the request that makes it must agree on."""

    sort: str
    digest: str
    refusal: Conflict | Invalid


def claims_of(host: Host, filing: Filing) -> list[Claim]:
    """Return the claims that a filing makes: its unique id within the organisation, its key within the caller."""
    draft, actor, key = filing.draft, filing.actor, system_key(host)
    owner = actor.organisation or actor.id
    unique = fingerprint(key, "unique", filing.record, owner, draft.unique_id)
    said = "|".join((draft.sha256, *draft.confidentiality))  # a restriction left out the first time is not dropped
    claims = [Claim(CLAIM + unique, said, Conflict(_TAKEN))]
    if filing.key:
        name = fingerprint(key, "idempotency", filing.record, actor.id, filing.key)
        agreed = sha256(draft.model_dump_json().encode()).hexdigest()
        claims.insert(0, Claim(CLAIM + name, agreed, Invalid(fields=_REUSED)))  # first: the id may follow from the key
    return claims


def claimed(seen: Seen, claims: Sequence[Claim]) -> Named | None:
    """Return what an earlier request of the same claims was given, None when there is none.

    The unique id decides, the last one: of two requests that met, the key of the slower one may name what never was.
    """
    names = [
        _agreed(seen.policy_key, seen.record, seen.rows[claim.sort], claim)
        for claim in claims
        if claim.sort in seen.rows
    ]
    return names[-1] if names else None


def take(host: Host, grant: Grant, claims: Sequence[Claim], version: int = 1) -> Grant:
    """Make the claims that are not made yet; return the grant for the document that they name together."""
    for claim in claims:
        if claim.sort not in grant.rows and (made := _make(host, grant, claim, version)) != grant.about:
            grant = replace(grant, about=made)
    return grant


def _make(host: Host, grant: Grant, claim: Claim, version: int) -> str:
    shelf, said = Shelf(host, grant), {"document": grant.about, "version": version, "digest": claim.digest}
    row = shelf.row(claim.sort, to_json(said), version=1)
    try:
        shelf.put(row, NEW)
        return grant.about
    except ConditionFailed:
        key = str(row["pk"]), claim.sort
        made = host.rows.get([key]).get(key)
    if made is None:
        raise Unavailable
    return _agreed(grant.policy_key, grant.record, made, claim).document


def _agreed(policy_key: bytes, record: str, row: Row, claim: Claim) -> Named:
    made = json.loads(open_row(policy_key, record, row))
    if made["digest"] != claim.digest:
        raise claim.refusal
    return Named(str(made["document"]), int(made.get("version", 1)))
