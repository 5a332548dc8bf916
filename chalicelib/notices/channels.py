"""One notice over one channel: what the port is handed."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from ..kernel.errors import Busy, Refused, Unavailable
from ..kernel.host import Host
from . import texts
from .model import Letterhead, Said
from .ways import Way

_DOWN = 2


class Tried:
    """A service that is asked for many: what it cannot do for one is Busy, since it may do so for every other.

    Twice in a row it is down: whoever comes after is not asked for, and does not wait for it either.
    """

    def __init__(self, service: Any) -> None:
        """Take the service as it is."""
        self._service, self._failed = service, 0

    def accepts(self, number: str) -> bool:
        """Tell what the service tells."""
        return bool(self._service.accepts(number))

    def send(self, *message: Any, **more: Any) -> None:
        """Hand it over. Raise Busy, or Refused."""
        if self._failed >= _DOWN:
            raise Busy
        try:
            self._service.send(*message, **more)
        except (Busy, Refused):  # it answers
            self._failed = 0
            raise
        except Unavailable:
            self._failed += 1
            raise Busy from None
        self._failed = 0


def send(host: Host, letterhead: Letterhead, way: Way, said: Said, reference: str) -> None:
    """Hand it over. Raise Refused, Gone or Unavailable."""
    if way.channel == "email":
        host.mail.send(_mail(host, letterhead, way.target, said, reference))
    elif way.channel == "sms":
        host.sms.send(way.target, texts.short(said), reference)
    elif way.device:
        host.push.send(way.device.subscription, texts.short(said).encode(), reference)


def _mail(host: Host, letterhead: Letterhead, to: str, said: Said, reference: str) -> EmailMessage:
    sender = Address(addr_spec=letterhead.sender)
    message = EmailMessage()
    message["From"], message["To"] = sender, _address(to)
    message["Subject"] = texts.SUBJECT[said.language]
    message["Date"] = format_datetime(host.clock.now())
    message["Message-ID"] = f"<{reference}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{texts.GREETING[said.language]}\n\n{texts.body(said, letterhead.portal)}\n")
    return message


def _address(to: str) -> Address:
    """Return the address as a header says it. Raise Refused: no server is handed what is none (`a..b@example.org`)."""
    try:
        return Address(addr_spec=to)
    except (ValueError, IndexError, MessageError):  # the parser says no in each of these ways
        raise Refused from None  # the error names the address
