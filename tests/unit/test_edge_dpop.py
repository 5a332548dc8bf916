"""T02, A16: a token bound to a key is worth nothing without a fresh proof for this very request."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.actor import Kind
from chalicelib.kernel.errors import NotAuthenticated

from .edge_tokens import EC, MACHINE_KEY, URL, World, b64, dump, public, signed

Make = Callable[[World, str], str]


def proof(**claims: Any) -> Make:
    """Return the maker of a proof with these claims changed; None removes one."""
    return lambda world, token: world.proof(token, **claims)


def header(**members: Any) -> Make:
    """Return the maker of a proof with these header members changed."""
    return lambda world, token: world.proof(token, header=members)


def at(seconds: int) -> Make:
    """Return the maker of a proof of another time."""
    return lambda world, token: world.proof(token, iat=world.clock.stamp + seconds)


MUTANTS: dict[str, Make] = {
    "none": lambda _, __: "",
    "not a token": lambda _, __: "proof",
    "another method": proof(htm="POST"),
    "method in lower case": proof(htm="get"),
    "no method": proof(htm=None),
    "another address": proof(htu="https://carnet.example/records/x"),
    "another host": proof(htu="https://evil.example/records"),
    "another scheme": proof(htu="http://carnet.example/records"),
    "another port": proof(htu="https://carnet.example:8443/records"),
    "broken address": proof(htu="https://[carnet.example/records"),
    "port out of range": proof(htu="https://carnet.example:99999/records"),
    "no address": proof(htu=None),
    "another token": proof(ath=b64(b"x" * 32)),
    "no token": proof(ath=None),
    "old": at(-61),
    "from the future": at(61),
    "no time": proof(iat=None),
    "time as text": proof(iat="1"),
    "time true": proof(iat=True),
    "no jti": proof(jti=None),
    "jti short": proof(jti="a"),
    "jti long": proof(jti="a" * 200),
    "jti with new line": proof(jti="proof-001\n"),
    "another key": lambda world, token: world.proof(token, EC),
    "another key, the right one shown": lambda w, t: w.proof(t, EC, header={"jwk": public(MACHINE_KEY)}),
    "private key shown": header(jwk=MACHINE_KEY.as_dict(private=True)),
    "secret shown": header(jwk={"kty": "oct", "k": "AAAA"}),
    "key not an object": header(jwk="x"),
    "key empty": header(jwk={}),
    "point not on the curve": header(jwk={**public(MACHINE_KEY), "x": b64(b"1" * 32)}),
    "typ of an access token": header(typ="at+jwt"),
    "alg none": header(alg="none"),
    "alg RS256": header(alg="RS256"),
    "alg a list": header(alg=["ES256"]),
    "one member more": header(kid="x"),
    "unsigned": lambda world, token: world.proof(token).rpartition(".")[0] + ".",
    "the token itself": lambda _, token: token,
    "claims a list": lambda _, __: signed(
        dump({"typ": "dpop+jwt", "alg": "ES256", "jwk": public(MACHINE_KEY)}), b"[]", MACHINE_KEY
    ),
}


@pytest.mark.abuse("T02", "A16")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_proof_is_refused(name: str) -> None:
    world = World()
    token = world.token(world.machine())
    with pytest.raises(NotAuthenticated):
        world.actor(f"DPoP {token}", proof=MUTANTS[name](world, token))


@pytest.mark.parametrize(
    "make",
    [
        proof(),
        at(-60),
        at(60),
        proof(htu="HTTPS://CARNET.example:443/records?x=1#y"),
        proof(more="claims are welcome"),
    ],
)
def test_a_right_proof_passes(make: Make) -> None:
    world = World()
    token = world.token(world.machine())
    assert world.actor(f"DPoP {token}", proof=make(world, token)).kind is Kind.SOFTWARE


@pytest.mark.abuse("T02")
def test_a_proof_is_good_for_one_request_only() -> None:
    world = World()
    token = world.token(world.machine())
    first = world.proof(token)
    assert world.actor(f"DPoP {token}", proof=first)
    with pytest.raises(NotAuthenticated):
        world.actor(f"DPoP {token}", proof=first)
    assert world.actor(f"DPoP {token}", proof=world.proof(token, jti="proof-0002"))


@pytest.mark.abuse("T02")
def test_a_used_proof_is_remembered_for_as_long_as_it_would_be_fresh() -> None:
    world = World()
    token = world.token(world.machine())
    early = world.proof(token, iat=world.clock.stamp + 60)
    assert world.actor(f"DPoP {token}", proof=early)
    world.clock.wait(119)
    with pytest.raises(NotAuthenticated):
        world.actor(f"DPoP {token}", proof=early)


def test_a_refused_proof_does_not_use_up_its_name() -> None:
    world = World()
    token = world.token(world.machine())
    with pytest.raises(NotAuthenticated):
        world.actor(f"DPoP {token}", proof=world.proof(token, htm="POST"))
    assert world.actor(f"DPoP {token}", proof=world.proof(token))


@pytest.mark.abuse("A16")
def test_a_bound_token_is_refused_as_a_bearer_token_even_with_its_proof() -> None:
    world = World()
    token = world.token(world.machine())
    with pytest.raises(NotAuthenticated):
        world.actor(f"Bearer {token}", proof=world.proof(token))


def test_the_address_is_the_public_one_and_the_method_the_real_one() -> None:
    world = World()
    token = world.token(world.machine())
    assert world.actor(f"DPoP {token}", proof=world.proof(token, htm="PUT"), method="PUT", url=URL)
