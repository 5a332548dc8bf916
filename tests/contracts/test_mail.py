"""What every way of sending mail keeps to."""

import socket
import threading
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from chalicelib.hosts.smtp import MailServer, SmtpMail
from chalicelib.kernel.errors import Busy, Refused, Unavailable
from chalicelib.kernel.ports import Mail
from infra.local.servers import free_port


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Carnet <carnet@carnet.example>"
    message["To"] = "ondine@mail.example"
    message["Subject"] = "Du nouveau dans votre carnet de santé"
    message["Message-ID"] = "<0123456789abcdef@carnet.example>"
    message.set_content("Connectez-vous à https://carnet.example\n")
    return message


def test_a_message_is_received_as_it_was_written(mail: tuple[Mail, list[Any]]) -> None:
    sender, received = mail
    sender.send(letter())
    (message,) = received
    assert message["Message-ID"] == "<0123456789abcdef@carnet.example>"
    assert message["To"] == "ondine@mail.example"
    assert "Connectez-vous à" in message.get_payload(decode=True).decode()


def smtp(port: int) -> SmtpMail:
    return SmtpMail(MailServer("127.0.0.1", port, "none"), "carnet.example")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        smtp(free_port()).send(letter())


class Refusing:
    """A server that takes no responsibility."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return "554 not here"


def test_a_message_the_server_refuses_is_unavailable_and_says_nothing_of_the_next_one() -> None:
    controller = Controller(Refusing(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(Busy):
            smtp(controller.port).send(letter())
    finally:
        controller.stop()


class Unknown:
    """A server without that mailbox, or with one that is full."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        return self._answer


MAPPED = [
    ("550 no such mailbox", Refused),
    ("550 5.1.1 no such mailbox", Refused),
    ("452 full", Busy),
    ("554 5.7.1 relay access denied", Busy),
    ("530 5.7.0 authentication required", Busy),
    ("530 authentication required", Busy),
    ("503 bad sequence of commands", Busy),
]
"""what is said of the mailbox; what is said of its being full, of us, or of what we may"""


@pytest.mark.parametrize(("answer", "error"), MAPPED)
def test_a_mailbox_that_does_not_exist_is_refused_and_what_says_nothing_of_it_is_tried_again(
    answer: str, error: type[Exception]
) -> None:
    controller = Controller(Unknown(answer), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(error) as raised:
            smtp(controller.port).send(letter())
        assert "ondine" not in f"{raised.value!r} {raised.value.__cause__!r}"
    finally:
        controller.stop()


def _serve_without_farewell(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 here\r\n")
        for line in lines:
            if line.upper() == b"DATA\r\n":
                connection.sendall(b"354 go on\r\n")
                while lines.readline() != b".\r\n":
                    pass
                connection.sendall(b"250 kept\r\n")
                return
            connection.sendall(b"250 fine\r\n")


def test_an_accepted_message_stays_sent_when_the_farewell_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=_serve_without_farewell, args=(listener,))
        server.start()
        smtp(listener.getsockname()[1]).send(letter())
        server.join()


def test_a_server_without_tls_is_not_used_where_it_is_wanted() -> None:
    controller = Controller(Refusing(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(Unavailable):
            SmtpMail(MailServer("127.0.0.1", controller.port, "starttls"), "carnet.example").send(letter())
    finally:
        controller.stop()
