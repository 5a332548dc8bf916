"""What every way of pushing keeps to; the receiver of the tests shares no line with the sender."""

import base64
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import http_ece  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from chalicelib.hosts.memory import MemoryPush
from chalicelib.hosts.no_push import NoPush
from chalicelib.hosts.outward import is_outward
from chalicelib.hosts.webpush import Vapid, WebPush, seal_push
from chalicelib.kernel.errors import Gone, Refused, Unavailable
from chalicelib.kernel.ports import Push, Subscription
from infra.local.provider import Desk
from infra.local.servers import free_port

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TEXT = "Votre espace de santé : une nouveauté vous attend.".encode()
OWN = ECKey.generate_key("P-256")
BROWSER = ec.generate_private_key(ec.SECP256R1())
AUTH = bytes(range(16))


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(word: str) -> bytes:
    return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def subscription(endpoint: str) -> Subscription:
    return Subscription(endpoint, text(point(BROWSER)), text(AUTH))


def web_push(*hosts: str, loopback: bool = True) -> WebPush:
    vapid = Vapid(OWN.as_pem(private=True), "mailto:carnet@carnet.example", hosts, loopback=loopback)
    return WebPush(vapid, lambda: NOW)


@pytest.fixture(params=["memory", "http"])
def push(request: pytest.FixtureRequest) -> Iterator[tuple[Push, str, Callable[[], list[bytes]], Any]]:
    """The adapter, an endpoint, what returns the clear messages that wait there, and what ends the subscription."""
    if request.param == "memory":
        memory, endpoint = MemoryPush(), "https://push.example/abc"
        yield memory, endpoint, lambda: list(memory.sent.values()), lambda: memory.over.add(endpoint)
        return
    port, kept = request.getfixturevalue("desk")

    def opened() -> list[bytes]:
        return [
            http_ece.decrypt(bytes.fromhex(one["body"]), private_key=BROWSER, auth_secret=AUTH, version="aes128gcm")
            for one in kept.kept("push")
        ]

    def end() -> None:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"DELETE /push/abc HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        while connection.recv(1024):
            pass
        connection.close()

    yield web_push("127.0.0.1"), f"http://127.0.0.1:{port}/push/abc", opened, end


def test_the_browser_opens_what_was_pushed(push: tuple[Push, str, Any, Any]) -> None:
    sender, endpoint, opened, _ = push
    assert sender.accepts(subscription(endpoint))
    sender.send(subscription(endpoint), TEXT, "a" * 32)
    assert opened() == [TEXT]


def test_a_repeated_reference_replaces_what_waits(push: tuple[Push, str, Any, Any]) -> None:
    sender, endpoint, opened, _ = push
    for _ in range(3):
        sender.send(subscription(endpoint), TEXT, "a" * 32)
    sender.send(subscription(endpoint), b"other", "b" * 32)
    assert opened() == [TEXT, b"other"]


def test_a_subscription_that_is_over_is_told_apart(push: tuple[Push, str, Any, Any]) -> None:
    sender, endpoint, opened, end = push
    end()
    with pytest.raises(Gone):
        sender.send(subscription(endpoint), TEXT, "a" * 32)
    assert opened() == []


@pytest.mark.abuse("Q05")
def test_an_endpoint_at_another_host_is_neither_accepted_nor_sent_to(push: tuple[Push, str, Any, Any]) -> None:
    elsewhere = subscription("https://elsewhere.example/abc")
    assert not push[0].accepts(elsewhere)
    with pytest.raises(Refused):
        push[0].send(elsewhere, TEXT, "a" * 32)


def test_the_sealed_message_is_the_one_of_rfc_8291_appendix_a() -> None:
    receiver = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    sender = ec.derive_private_key(
        int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    made = seal_push(
        b"When I grow up, I want to be a watermelon",
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(receiver)),
        raw("BTBZMqHH6r4Tts7J_aSIgg"),
        sender,
        raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert text(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6"
        "cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_no_two_messages_share_a_key(desk: tuple[int, Desk]) -> None:
    port, kept = desk
    for number in range(4):
        web_push("127.0.0.1").send(subscription(f"http://127.0.0.1:{port}/push/abc"), TEXT, f"{number:032}")
    heads = {bytes.fromhex(one["body"])[: 16 + 5 + 65] for one in kept.kept("push")}
    assert len(heads) == 4


def test_the_push_service_can_tell_who_sent(desk: tuple[int, Desk]) -> None:
    port, kept = desk
    web_push("127.0.0.1").send(subscription(f"http://127.0.0.1:{port}/push/abc"), TEXT, "a" * 32)
    (one,) = kept.kept("push")
    token, _, key = one["authorization"].removeprefix("vapid t=").partition(", k=")
    claims = jwt.decode(token, OWN, algorithms=["ES256"]).claims
    assert claims["aud"] == f"http://127.0.0.1:{port}"
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3600
    assert claims["sub"] == "mailto:carnet@carnet.example"
    known = OWN.as_dict(private=False)
    assert raw(key) == b"\4" + raw(str(known["x"])) + raw(str(known["y"]))
    assert one["topic"] == "a" * 32


def test_a_push_service_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        web_push("127.0.0.1").send(subscription(f"http://127.0.0.1:{free_port()}/push/abc"), TEXT, "a" * 32)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", ""), ("AAAA", text(AUTH)), (text(b"\4" + bytes(64)), text(AUTH)), (text(point(BROWSER)), "AA"), ("é", "é")],
    ids=["empty", "short key", "no point", "short secret", "no text"],
)
def test_keys_that_are_no_keys_are_not_accepted(p256dh: str, auth: str) -> None:
    assert not web_push("push.example").accepts(Subscription("https://push.example/abc", p256dh, auth))


def test_without_web_push_no_subscription_is_accepted() -> None:
    assert not NoPush().accepts(subscription("https://push.example/abc"))
    with pytest.raises(Refused):
        NoPush().send(subscription("https://push.example/abc"), TEXT, "a" * 32)


HOSTS = ("push.example", ".push.services.example")
ELSEWHERE = """
http://push.example/ ftp://push.example/ file:///etc/passwd gopher://push.example/ javascript:alert(1) //push.example/
https://elsewhere.example/ https://push.example.elsewhere.example/ https://notpush.example/ https://push.example:8443/
https://push.example:22/ https://user@push.example/ https://user:word@push.example/ https://push.example@127.0.0.1/
https://push.example#@127.0.0.1/ https://push.example/#part https://127.0.0.1/ https://127.1/ https://2130706433/
https://0x7f000001/ https://0x7f.0.0.1/ https://017700000001/ https://0177.0.0.1/ https://0/ https://0.0.0.0/
https://169.254.169.254/ https://169.254.170.2/ https://[::1]/ https://[::]/ https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/ https://[64:ff9b::7f00:1]/ https://[fe80::1]/ https://[fd00:ec2::254]/ https://10.0.0.1/
https://172.16.0.1/ https://192.168.0.1/ https://100.64.0.1/ https://198.18.0.1/ https://224.0.0.1/
https://255.255.255.255/ https://localhost/ https://LOCALHOST/ https://a.localhost/ https://metadata/
https://metadata.google.internal/ https://127.0.0.1.nip.example/ https://push.example./ https://push.example%00/
https://push.example\\@127.0.0.1/ https://push.example%2f@127.0.0.1/ https://pusⓗ.example/ https://ⓛocalhost/
https://xn--push-example/ https:push.example/ https:///push.example/ https://push..example/ https://.push.example/
https://push.services.example.elsewhere.example/ https://services.example/ https:// https://[ https://push.example:x/
http://127.0.0.1/ http://localhost/
""".split()


@pytest.mark.abuse("Q05")
@pytest.mark.parametrize("endpoint", [*ELSEWHERE, "", " ", "https://push.example/\r\nX: y", "https://push.example/ x"])
def test_no_spelling_leads_elsewhere(endpoint: str) -> None:
    assert not is_outward(endpoint, HOSTS, loopback=False)
    assert not web_push(*HOSTS, loopback=False).accepts(subscription(endpoint))


@pytest.mark.parametrize("endpoint", ["https://push.example/a?b=c", "https://x.push.services.example:443/w"])
def test_listed_services_are_accepted(endpoint: str) -> None:
    assert web_push(*HOSTS, loopback=False).accepts(subscription(endpoint))


@pytest.mark.abuse("Q05")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "fd00::1",
        "100.64.0.1",
        "0.0.0.0",
        "2002:7f00:1::",
    ],
)
def test_a_listed_name_that_points_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answers = [(0, 0, 0, "", ("203.0.114.1", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, where: connected.append(where))
    with pytest.raises(Unavailable):
        web_push(*HOSTS, loopback=False).send(subscription("https://push.example/a"), TEXT, "a" * 32)
    assert connected == []
