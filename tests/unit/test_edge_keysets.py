"""Public keys: fetched from the listed address, kept, rotated, never from anywhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey

from chalicelib.edge.authn import Authenticator, Issuer, IssuerKind
from chalicelib.edge.keysets import KeySets, fetch_keys, is_allowed_address, public_keys, usable_key
from chalicelib.kernel.errors import CarnetError, Unavailable

from .edge_tokens import EC, ED, RSA, StoppedClock, World, dump, public

URL = "https://issuer.example/keys"


class Source:
    """An issuer's address that can fall silent."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.asked = 0
        self.silent = False

    def __call__(self, _: str) -> bytes:
        """Answer or not."""
        self.asked += 1
        if self.silent:
            raise Unavailable
        return self.body


def keys(*some: object) -> bytes:
    """Return a key set."""
    return dump({"keys": list(some)})


@pytest.fixture
def source() -> Source:
    return Source(keys(public(EC)))


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


def test_keys_are_kept_ten_minutes(source: Source, clock: StoppedClock) -> None:
    sets = KeySets(source, clock)
    for _ in range(3):
        assert sets.find(URL, "ec")
        clock.wait(199)
    assert source.asked == 1
    clock.wait(10)
    assert sets.find(URL, "ec")
    assert source.asked == 2


def test_a_new_key_is_found_and_an_unknown_one_asked_for_once_in_thirty_seconds(
    source: Source, clock: StoppedClock
) -> None:
    sets = KeySets(source, clock)
    for _ in range(20):
        assert sets.find(URL, "ed") is None
    assert source.asked == 1
    source.body = keys(public(EC), public(ED))
    clock.wait(30)
    assert sets.find(URL, "ed")
    assert source.asked == 2


def test_a_withdrawn_key_is_gone_after_ten_minutes(source: Source, clock: StoppedClock) -> None:
    sets = KeySets(source, clock)
    assert sets.find(URL, "ec")
    source.body = keys(public(ED))
    clock.wait(600)
    assert sets.find(URL, "ec") is None


def test_a_silent_issuer_is_borne_for_an_hour_and_then_nothing_is_decided(source: Source, clock: StoppedClock) -> None:
    sets = KeySets(source, clock)
    assert sets.find(URL, "ec")
    source.silent = True
    clock.wait(3500)
    assert sets.find(URL, "ec")
    clock.wait(100)
    with pytest.raises(Unavailable):
        sets.find(URL, "ec")


def test_an_issuer_that_has_not_answered_yet_is_asked_again_after_a_second(source: Source, clock: StoppedClock) -> None:
    sets = KeySets(source, clock)
    source.silent = True
    for _ in range(20):
        with pytest.raises(Unavailable):
            sets.find(URL, "ec")
    assert source.asked == 1
    source.silent = False
    clock.wait(1)
    assert sets.find(URL, "ec")


def test_an_issuer_that_never_answered_makes_the_service_unavailable_not_the_caller_wrong() -> None:
    world = World()
    world.sets.clear()
    with pytest.raises(Unavailable):
        world.actor(f"Bearer {world.token(world.citizen())}")


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": "AAAA", "kid": "x"},
        {**ECKey.generate_key("P-256").as_dict(private=True), "kid": "x"},
        {**public(ECKey.generate_key("P-521")), "kid": "x"},
        {**public(RSAKey.generate_key(1024)), "kid": "x"},
        {**public(EC), "kid": "x", "use": "enc"},
        {**public(EC), "kid": 7},
        {**public(EC), "kid": "x", "x": "!!"},
        {"kty": "AKP", "kid": "x"},
        {"kid": "x"},
        "x",
        None,
    ],
)
def test_a_key_that_must_not_be_used_is_left_out_and_the_others_stay(entry: object) -> None:
    assert set(public_keys(keys(entry, public(RSA)))) == {"rsa"}


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"keys": 1}', b"<html>", b"[" * 9999, b'{"keys":[],"keys":[]}'])
def test_a_broken_key_set_is_as_good_as_none(body: bytes, clock: StoppedClock) -> None:
    with pytest.raises(CarnetError):
        public_keys(body)
    with pytest.raises(Unavailable):
        KeySets(Source(body), clock).find(URL, "ec")


@pytest.mark.parametrize(
    ("url", "loopback", "allowed"),
    [
        ("https://issuer.example/keys", False, True),
        ("http://issuer.example/keys", False, False),
        ("http://issuer.example/keys", True, False),
        ("http://127.0.0.1:8000/keys", True, True),
        ("http://127.0.0.1:8000/keys", False, False),
        ("http://localhost.evil.example/keys", True, False),
        ("http://127.0.0.1@evil.example/keys", True, False),
        ("https://user:word@issuer.example/keys", False, False),
        ("file:///etc/passwd", True, False),
        ("", True, False),
    ],
)
def test_only_https_and_on_a_local_stage_this_machine_may_be_listed(url: str, loopback: bool, allowed: bool) -> None:
    assert is_allowed_address(url, loopback=loopback) is allowed
    issuer = Issuer("https://issuer.example", IssuerKind.CITIZENS, "a", url)
    if not allowed:
        with pytest.raises(ValueError, match="https"):
            Authenticator([issuer], Source(b""), StoppedClock(), lambda _, __: "", loopback=loopback)


@pytest.mark.parametrize("algorithms", [(), ("none",), ("HS256",), ("ES256", "RS1")])
def test_an_issuer_cannot_be_configured_with_another_algorithm(algorithms: tuple[str, ...]) -> None:
    issuer = Issuer("https://issuer.example", IssuerKind.CITIZENS, "a", URL, algorithms)
    with pytest.raises(ValueError, match="algorithms"):
        Authenticator([issuer], Source(b""), StoppedClock(), lambda _, __: "")


class Answers(BaseHTTPRequestHandler):
    """A key server with good and bad habits, by path."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        self.send_response({"/redirect": 302, "/gone": 404}.get(self.path, 200))
        self.send_header("Location", "/keys")
        self.end_headers()
        self.wfile.write({"/large": b"x" * 70_000, "/empty": b""}.get(self.path, b"{}"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Answers.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_key_set_is_fetched(server: str) -> None:
    assert fetch_keys(f"{server}/keys") == b"{}"


@pytest.mark.parametrize("path", ["/redirect", "/gone", "/large", "/empty"])
def test_redirects_errors_and_large_answers_are_not_followed_or_believed(server: str, path: str) -> None:
    with pytest.raises(Unavailable):
        fetch_keys(server + path)
    assert Answers.asked == [path]


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        fetch_keys("http://127.0.0.1:9/keys")


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=2))
MEMBERS = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "use", "key_ops", "alg", "d", "kid"])
VALUES = JSON | st.sampled_from(
    ["EC", "RSA", "OKP", "oct", "P-256", "P-384", "P-999", "Ed25519", "X25519", "sig", "AQAB"]
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([EC, ED, RSA]), st.dictionaries(MEMBERS, VALUES, max_size=4))
def test_no_key_however_broken_is_a_failure_of_ours(key: ECKey, changed: dict[str, object]) -> None:
    usable_key({**public(key), **changed})
