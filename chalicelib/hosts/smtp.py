"""Mail through one SMTP server."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from chalicelib.kernel.errors import Busy, Refused, Unavailable

_SECONDS = 5
_FOR_GOOD = 500
_OURS = frozenset({503, 530, 535, 538})
"""refusals that say nothing about the mailbox: the order of our commands, our credentials (RFC 5321, 4954)"""
_NOT_AUTHORIZED = b"5.7."
"""how an answer begins that is about what the sender may (RFC 3463): a relay that no longer knows us says so of all"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `security` is none only beside us or inside a network of our own."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str = ""
    password: str = field(default="", repr=False)


class SmtpMail:
    """Mail by SMTP; `name` is how we greet, so that no machine name leaves the host."""

    def __init__(self, server: MailServer, name: str) -> None:
        self._server = server
        self._name = name

    def send(self, message: EmailMessage) -> None:
        """Return only after the server took responsibility for every recipient. Raise Refused or Unavailable.

        Raise Busy when it is there and does not take this one: it may take every other.
        """
        try:
            with _Session(self._connect()) as session:
                refused = self._greet(session).send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(_is_unknown(code, text) for code, text in error.recipients.values()):
                raise Refused from None  # the answer names the address
            raise Busy from None
        except smtplib.SMTPDataError:
            raise Busy from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable from error
        if refused:
            raise Unavailable

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        if self._server.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, local_hostname=self._name, timeout=_SECONDS, context=context)
        return smtplib.SMTP(host, port, local_hostname=self._name, timeout=_SECONDS)

    def _greet(self, session: smtplib.SMTP) -> smtplib.SMTP:
        if self._server.security == "starttls":
            session.starttls(context=ssl.create_default_context())
        if self._server.user:
            session.login(self._server.user, self._server.password)
        return session


def _is_unknown(code: int, text: bytes) -> bool:
    """Tell whether a refusal is about the mailbox, and for good."""
    return code >= _FOR_GOOD and code not in _OURS and not text.startswith(_NOT_AUTHORIZED)


class _Session:
    """End the session without letting a bad farewell undo a message that was accepted."""

    def __init__(self, session: smtplib.SMTP) -> None:
        self._session = session

    def __enter__(self) -> smtplib.SMTP:
        return self._session

    def __exit__(self, *_: object) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self._session.quit()
        self._session.close()
