"""Telling the holder: one notice, one Message-ID, however often the message behind it is delivered."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from ..access.actor import Actor, Kind
from ..access.facts import partition
from ..access.gate import Ask, gate
from ..access.grant import Grant, Shelf
from ..access.journal import operation_of
from ..access.person import Person, read_person
from ..access.reach import not_reached
from ..kernel.host import Host
from .invitation import INVITATION, invitation_text
from .model import BODY, SUBJECT, Letterhead, Notice

SYSTEM = Actor(Kind.SYSTEM, "system:notices", "Carnet")
MAIL = "6mail#"


def notify(host: Host, letterhead: Letterhead, notice: Notice) -> None:
    """Send the notice by e-mail unless it was sent. A kill before we say so repeats it as it was."""
    op = operation_of("notice", notice.event, notice.name)
    grant = gate(host, Ask(SYSTEM, notice.record, "notice:send", detail={"event": notice.event}, op=op, once=True))
    person = read_person(host, grant)
    if not person.email:
        if notice.event == INVITATION and grant.facts.state != "opposed":
            not_reached(host, notice.record, person.territory)
        return
    shelf = Shelf(host, grant)
    name = shelf.name("mail", notice.event, notice.name)
    if _sent(host, notice.record, name):
        return
    text = _text(host, letterhead, notice, grant, person)
    if not text:
        return
    host.mail.send(_message(host, letterhead, person, name, text))
    shelf.put({"pk": partition(notice.record), "sk": MAIL + name, "state": "sent"})


def _sent(host: Host, record: str, name: str) -> bool:
    key = (partition(record), MAIL + name)
    return key in host.rows.get([key])


def _text(host: Host, letterhead: Letterhead, notice: Notice, grant: Grant, person: Person) -> str:
    if notice.event == INVITATION:
        return invitation_text(host, grant, person)
    return BODY[notice.event][person.language].format(portal=letterhead.portal)


def _message(host: Host, letterhead: Letterhead, person: Person, name: str, text: str) -> EmailMessage:
    sender = Address(addr_spec=letterhead.sender)
    message = EmailMessage()
    message["From"], message["To"] = sender, Address(addr_spec=person.email)
    message["Subject"] = SUBJECT[person.language]
    message["Date"] = format_datetime(host.clock.now())
    message["Message-ID"] = f"<{name}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
