"""What every way of sending short messages keeps to."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from chalicelib.hosts.memory import MemorySms
from chalicelib.hosts.sms_http import HttpSms, NoSms, SmsProvider
from chalicelib.kernel.errors import Refused, Unavailable
from chalicelib.kernel.ports import Sms
from infra.local.provider import UNKNOWN, Desk, secret_file
from infra.local.servers import free_port

NUMBER = "+33600000042"
TEXT = "Votre espace de santé : une nouveauté vous attend."


@pytest.fixture(params=["memory", "http"])
def sms(request: pytest.FixtureRequest) -> tuple[Sms, Any]:
    """The adapter, and what returns the list of (number, text) that have arrived."""
    if request.param == "memory":
        memory = MemorySms()
        memory.unknown.add(UNKNOWN)
        return memory, lambda: list(memory.sent.values())
    port, desk = request.getfixturevalue("desk")
    secret = secret_file(desk.folder, "sms").read_text()
    adapter = HttpSms(SmsProvider(f"http://127.0.0.1:{port}/sms", secret, loopback=True))
    return adapter, lambda: [(one["to"], one["text"]) for one in desk.kept("sms")]


def test_a_message_arrives_as_it_was_written(sms: tuple[Sms, Any]) -> None:
    sender, arrived = sms
    sender.send(NUMBER, TEXT, "a" * 32)
    assert arrived() == [(NUMBER, TEXT)]


def test_a_message_repeated_under_its_reference_is_sent_once(sms: tuple[Sms, Any]) -> None:
    sender, arrived = sms
    for _ in range(3):
        sender.send(NUMBER, TEXT, "a" * 32)
    sender.send(NUMBER, TEXT, "b" * 32)
    assert arrived() == [(NUMBER, TEXT)] * 2


def test_a_number_that_no_network_knows_is_refused_for_good(sms: tuple[Sms, Any]) -> None:
    with pytest.raises(Refused):
        sms[0].send(UNKNOWN, TEXT, "a" * 32)
    assert sms[1]() == []


def test_any_number_is_accepted_where_there_is_a_provider(sms: tuple[Sms, Any]) -> None:
    assert sms[0].accepts(NUMBER)


def test_without_a_provider_no_number_is_accepted() -> None:
    assert not NoSms().accepts(NUMBER)
    with pytest.raises(Refused):
        NoSms().send(NUMBER, TEXT, "a" * 32)


def test_a_wrong_secret_is_our_fault_and_not_the_numbers(desk: tuple[int, Desk]) -> None:
    with pytest.raises(Unavailable):
        HttpSms(SmsProvider(f"http://127.0.0.1:{desk[0]}/sms", "wrong", loopback=True)).send(NUMBER, TEXT, "a" * 32)


def test_a_provider_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        HttpSms(SmsProvider(f"http://127.0.0.1:{free_port()}/sms", "", loopback=True)).send(NUMBER, TEXT, "a" * 32)


class Bad(BaseHTTPRequestHandler):
    """Answers as its path says: a status, a redirect, or without end."""

    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.path.strip("/")
        self.send_response(307 if kind == "redirect" else 200 if kind == "endless" else int(kind))
        self.send_header("Location", "/200")
        self.end_headers()
        if kind == "endless":
            for _ in range(3000):
                try:
                    self.wfile.write(b"x" * 1024)
                except OSError:
                    return

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.abuse("Q06")
@pytest.mark.parametrize("path", ["401", "402", "403", "500", "503", "429", "408", "redirect", "endless"])
def test_a_provider_that_answers_badly_is_unavailable_and_never_followed(path: str) -> None:
    made = HTTPServer(("127.0.0.1", 0), Bad)
    Bad.seen.clear()
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{made.server_address[1]}/{path}"
    with pytest.raises(Unavailable):
        HttpSms(SmsProvider(url, "", loopback=True)).send(NUMBER, TEXT, "a" * 32)
    made.shutdown()
    made.server_close()
    assert Bad.seen == [f"/{path}"]


@pytest.mark.abuse("Q06")
def test_a_provider_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.hosts.outward.SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        sender = HttpSms(SmsProvider(f"http://127.0.0.1:{deaf.getsockname()[1]}/sms", "", loopback=True))
        with pytest.raises(Unavailable):
            sender.send(NUMBER, TEXT, "a" * 32)


@pytest.mark.abuse("Q05")
def test_outside_a_rehearsal_nothing_is_sent_without_tls() -> None:
    with pytest.raises(Unavailable):
        HttpSms(SmsProvider("http://127.0.0.1:9/sms", "")).send(NUMBER, TEXT, "a" * 32)
