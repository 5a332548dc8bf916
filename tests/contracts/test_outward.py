"""Posting outside: the connection goes to the address that was looked at, and the certificate is held to the name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import urllib3

from chalicelib.hosts.outward import post
from chalicelib.kernel.errors import Unavailable
from tests.contracts.tls import certificate

NAME = "push.example"


class Taking(BaseHTTPRequestHandler):
    """Says which host it was asked for."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.headers["Host"])  # type: ignore[attr-defined]  # before the answer is read
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[HTTPServer, Path, list[object]]]:
    """A TLS server that every name leads to: (server, its certificate, addresses that were connected to)."""
    cert, key = certificate(tmp_path, NAME)
    server, connected = HTTPServer(("127.0.0.1", 0), Taking), list[object]()
    server.asked = []  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()

    def connect(where: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(where)
        made = socket.socket()
        made.settimeout(5)
        made.connect(("127.0.0.1", server.server_address[1]))
        return made

    answers = [(0, 0, 0, "", ("93.184.215.14", 443))]
    monkeypatch.setattr("chalicelib.hosts.outward.socket.getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    yield server, cert, connected
    server.shutdown()
    thread.join()
    server.server_close()


Service = tuple[HTTPServer, Path, list[object]]


@pytest.mark.abuse("Q05")
def test_the_connection_goes_to_the_address_that_was_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(service[1]))
    post(f"https://{NAME}/a", b"x", {}, loopback=False)
    assert service[2] == [("93.184.215.14", 443)]
    assert service[0].asked == [NAME]  # type: ignore[attr-defined]


def test_a_certificate_of_another_name_is_refused(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(service[1]))
    with pytest.raises(Unavailable):
        post("https://another.example/a", b"x", {}, loopback=False)
    assert service[0].asked == []  # type: ignore[attr-defined]


def test_a_certificate_that_nobody_vouches_for_is_refused(service: Service) -> None:
    with pytest.raises(Unavailable):
        post(f"https://{NAME}/a", b"x", {}, loopback=False)
    assert service[0].asked == []  # type: ignore[attr-defined]
