"""T01: whatever is wrong with a token, nobody is authenticated and no unlisted address is asked."""

import hmac
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from chalicelib.access.actor import Kind
from chalicelib.edge import tokens
from chalicelib.kernel.errors import NotAuthenticated

from .edge_tokens import EC, KEYS, RSA, STAFF, STRANGER, World, b64, dump, public, signed

HEAD = {"alg": "ES256", "kid": "ec", "typ": "at+jwt"}
Make = Callable[[World], str]


def claims(**changed: object) -> Make:
    """Return the maker of a well-signed token with these claims changed; None removes one."""

    def make(world: World) -> str:
        all_claims = {**world.citizen(), **changed}
        return world.token({name: value for name, value in all_claims.items() if value is not None})

    return make


def header(**changed: object) -> Make:
    """Return the maker of a well-signed token with these header members changed; None removes one."""

    def make(world: World) -> str:
        head = {name: value for name, value in {**HEAD, **changed}.items() if value is not None}
        return signed(dump(head), dump(world.citizen()))

    return make


def raw(*, head: bytes | None = None, body: bytes | None = None) -> Make:
    """Return the maker of a token signed over exactly these bytes."""
    return lambda world: signed(head or dump(HEAD), body or dump(world.citizen()))


def text(change: Callable[[str], str]) -> Make:
    """Return the maker of a good token whose text is changed afterwards."""
    return lambda world: change(world.token(world.citizen()))


def unsigned(algorithm: str) -> Make:
    """Return the maker of a token without signature."""
    return lambda world: f"{b64(dump({**HEAD, 'alg': algorithm}))}.{b64(dump(world.citizen()))}."


def hmac_with(secret: bytes, kid: str) -> Make:
    """Return the maker of a token signed with a public key taken as a secret."""

    def make(world: World) -> str:
        signing_input = f"{b64(dump({**HEAD, 'alg': 'HS256', 'kid': kid}))}.{b64(dump(world.citizen()))}"
        return f"{signing_input}.{b64(hmac.new(secret, signing_input.encode(), 'sha256').digest())}"

    return make


def with_signature(change: Callable[[str, str], str]) -> Make:
    """Return the maker of a good token with another signature: (signing input, signature) -> signature."""

    def make(world: World) -> str:
        signing_input, _, signature = world.token(world.citizen()).rpartition(".")
        return f"{signing_input}.{change(signing_input, signature)}"

    return make


def der(signing_input: str, _: str) -> str:
    """Sign as X.509 does, not as JWS does."""
    return b64(EC.get_op_key("sign").sign(signing_input.encode(), ECDSA(SHA256())))


def flip(signature: str) -> str:
    """Change one bit in the middle."""
    letter = "A" if signature[40] != "A" else "B"
    return signature[:40] + letter + signature[41:]


def other_payload(token: str) -> str:
    """Put another payload under the signature."""
    head, _, signature = token.split(".")
    return f"{head}.{b64(dump(World().professional()))}.{signature}"


def twice(member: bytes, world: World) -> bytes:
    """Return the claims with one more member of a name that is already there."""
    return dump(world.citizen())[:-1] + b", " + member + b"}"


MUTANTS: dict[str, Make] = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg NONE": unsigned("NONE"),
    "alg empty": unsigned(""),
    "alg ES256 without signature": unsigned("ES256"),
    "HS256 with the public PEM of RSA": hmac_with(RSA.as_pem(private=False), "rsa"),
    "HS256 with the public PEM of EC": hmac_with(EC.as_pem(private=False), "ec"),
    "HS256 with the JWK": hmac_with(dump(public(EC)), "ec"),
    "algorithm of another key": lambda w: signed(dump({**HEAD, "kid": "rsa"}), dump(w.citizen())),
    "algorithm not in the list": lambda w: signed(
        dump({**HEAD, "alg": "RS384", "kid": "rsa"}), dump(w.citizen()), RSA, "RS384"
    ),
    "algorithm not allowed for this issuer": lambda w: w.token(w.staff(), "RS256"),
    "alg missing": header(alg=None),
    "alg not text": header(alg=["ES256"]),
    "alg lower case": header(alg="es256"),
    "kid missing": header(kid=None),
    "kid empty": header(kid=""),
    "kid path": header(kid="../../../../dev/null"),
    "kid address": header(kid="https://evil.example/keys"),
    "kid query": header(kid="ec' OR '1'='1"),
    "kid number": header(kid=7),
    "kid unknown": header(kid="another"),
    "jku": header(jku="https://evil.example/keys"),
    "jku of the issuer itself": header(jku="https://citizens.example/keys"),
    "x5u": header(x5u="https://evil.example/cert"),
    "x5c": header(x5c=["MIIB"]),
    "x5t": header(x5t="abc"),
    "jwk": lambda w: signed(dump({**HEAD, "jwk": public(STRANGER)}), dump(w.citizen()), STRANGER),
    "crit": header(crit=["exp"], exp=1),
    "crit empty": header(crit=[]),
    "b64": header(b64=False, crit=["b64"]),
    "cty": header(cty="JWT"),
    "zip": header(zip="DEF"),
    "typ missing": header(typ=None),
    "typ of a proof": header(typ="dpop+jwt"),
    "typ of a logout": header(typ="logout+jwt"),
    "typ not text": header(typ=1),
    "header twice alg": raw(head=b'{"alg":"ES256","alg":"ES256","kid":"ec","typ":"JWT"}'),
    "header list": raw(head=b"[]"),
    "header not JSON": raw(head=b"ES256"),
    "header UTF-16": raw(head=json.dumps(HEAD).encode("utf-16")),
    "header deep": raw(head=b"[" * 30_000 + b"]" * 30_000),
    "payload list": raw(body=b"[]"),
    "payload not JSON": raw(body=b"hello"),
    "payload NaN": lambda w: signed(dump(HEAD), twice(b'"x": NaN', w)),
    "payload deep": raw(body=b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    "claims twice exp": lambda w: signed(dump(HEAD), twice(b'"exp": 99999999999', w)),
    "claims twice iss": lambda w: signed(dump(HEAD), twice(b'"iss": "https://staff.example"', w)),
    "signature of a stranger": lambda w: signed(dump(HEAD), dump(w.citizen()), STRANGER),
    "signature empty": with_signature(lambda _, __: ""),
    "signature all zero": with_signature(lambda _, __: b64(bytes(64))),
    "signature flipped": with_signature(lambda _, signature: flip(signature)),
    "signature truncated": with_signature(lambda _, signature: signature[:-4]),
    "signature longer": with_signature(lambda _, signature: signature + "AAAA"),
    "signature DER": with_signature(der),
    "signature padded": text(lambda t: t + "="),
    "signature with spare bits": text(lambda t: t[:-1] + chr(ord(t[-1]) + 1)),
    "two signatures": text(lambda t: t + "." + t.rpartition(".")[2]),
    "JSON serialisation": text(
        lambda t: json.dumps(dict(zip(("protected", "payload", "signature"), t.split("."), strict=True)))
    ),
    "two segments": text(lambda t: t.rpartition(".")[0]),
    "five segments": text(lambda t: t + ".a.b"),
    "new line": text(lambda t: t + "\n"),
    "space in front": text(lambda t: " " + t),
    "plus and slash": text(lambda t: t[:-3] + "+/A"),
    "not ASCII": text(lambda t: t[:-1] + "é"),
    "another payload": text(other_payload),
    "too long": claims(more="x" * 20_000),
    "exp past": lambda w: claims(exp=w.clock.stamp - 1)(w),
    "exp now": lambda w: claims(exp=w.clock.stamp)(w),
    "exp missing": claims(exp=None),
    "exp text": claims(exp="99999999999"),
    "exp true": claims(exp=True),
    "exp fraction": claims(exp=9e20),
    "exp in ten years": lambda w: claims(exp=w.clock.stamp + 315_360_000)(w),
    "exp infinite": lambda w: signed(dump(HEAD), dump(w.citizen()).replace(b'"exp": ', b'"exp": 1e999, "x": ')),
    "nbf later": lambda w: claims(nbf=w.clock.stamp + 120)(w),
    "nbf text": claims(nbf="1"),
    "iat later": lambda w: claims(iat=w.clock.stamp + 120)(w),
    "iat missing": claims(iat=None),
    "aud other": claims(aud="https://other.example"),
    "aud missing": claims(aud=None),
    "aud empty": claims(aud=[]),
    "aud begins alike": claims(aud="https://carnet.example.evil.example"),
    "aud part of a text": claims(aud="x https://carnet.example"),
    "aud of numbers": claims(aud=[1]),
    "iss unlisted": claims(iss="https://evil.example"),
    "iss with slash": claims(iss="https://citizens.example/"),
    "iss upper case": claims(iss="HTTPS://CITIZENS.EXAMPLE"),
    "iss missing": claims(iss=None),
    "iss list": claims(iss=["https://citizens.example"]),
    "iss of staff": claims(iss=STAFF),
    "sub missing": claims(sub=None),
    "sub empty": claims(sub=""),
    "sub number": claims(sub=1),
    "jti missing": claims(jti=None),
    "client missing": claims(client_id=None),
    "client with new line": claims(client_id="portal\n"),
    "name missing": claims(given_name=None),
    "bound to a certificate": claims(cnf={"x5t#S256": "a"}),
    "bound to a key, no proof": claims(cnf={"jkt": "a" * 43}),
}

SCHEMES = ("", "Bearer", "Bearer ", "Basic {}", "DPoP {}", "Bearer  {}", "Bearer {} {}", "{}", "Token {}", "Bearer {},")


@pytest.mark.abuse("T01")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_token_is_refused_and_no_unlisted_address_is_asked(name: str) -> None:
    world = World()
    with pytest.raises(NotAuthenticated) as refused:
        world.actor(f"Bearer {MUTANTS[name](world)}")
    assert refused.value.detail == NotAuthenticated.detail
    assert set(world.fetched) <= set(world.sets)


@pytest.mark.abuse("T01")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_another_way_of_presenting_a_token_is_refused(scheme: str) -> None:
    world = World()
    token = world.token(world.citizen())
    with pytest.raises(NotAuthenticated):
        world.actor(scheme.format(token, token))


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", KEYS)
def test_the_benign_twin_passes_under_every_accepted_algorithm(algorithm: str) -> None:
    world = World()
    assert world.actor(f"Bearer {world.token(world.citizen(), algorithm)}").kind is Kind.CITIZEN


@pytest.mark.parametrize(
    "changed",
    [{"aud": ["x", "https://carnet.example"]}, {"nbf": 0}, {"amr": ["pwd", {"deep": [1]}]}, {"client_id": "a.b:c/d"}],
)
def test_a_token_that_is_only_unusual_passes(changed: dict[str, object]) -> None:
    world = World()
    assert world.actor(f"bearer {claims(**changed)(world)}").kind is Kind.CITIZEN


def test_an_issuer_whose_clock_is_a_little_ahead_passes() -> None:
    world = World()
    assert world.actor(f"Bearer {claims(iat=world.clock.stamp + 20)(world)}")


def test_there_are_at_least_sixty_mutants() -> None:
    assert len(MUTANTS) + len(SCHEMES) >= 60


@pytest.mark.parametrize(("length", "remembered"), [(100, 1), (2000, 0)])
def test_no_head_longer_than_usual_is_kept_in_mind_by_who_sends_it(length: int, remembered: int) -> None:
    tokens.read_header.cache_clear()
    with pytest.raises(NotAuthenticated):
        tokens.read_token(signed(dump({"alg": "x" * length}), b"{}"), frozenset({"alg", "kid"}))
    assert tokens.read_header.cache_info().currsize == remembered
