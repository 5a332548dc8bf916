"""Posting outside: the connection goes to the address that was looked at, and the certificate is held to the name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib.hosts.outward import post
from chalicelib.kernel.errors import Unavailable

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


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for NAME that signs itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    (folder / "cert.pem").write_bytes(made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[HTTPServer, Path, list[object]]]:
    """A TLS server that every name leads to: (server, its certificate, addresses that were connected to)."""
    cert, key = certificate(tmp_path)
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
