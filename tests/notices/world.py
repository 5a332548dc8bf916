"""One open record on the memory host, its holder's contact, and what arrived."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib import jobs
from chalicelib.access.facts import partition
from chalicelib.enrolment.actions import open_
from chalicelib.hosts.memory import MemoryClock, MemoryMail, MemoryPush, MemoryRows, MemorySms, memory_host
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Subscription
from chalicelib.notices import contact_actions
from chalicelib.notices.contact import Address, Channel, Contact
from chalicelib.notices.model import Letterhead, Notice
from chalicelib.notices.told import sending_of
from tests.people import ENROLMENT, HOLDER, person

PORTAL = "https://carnet.example"
LETTERHEAD = Letterhead("carnet@example.org", PORTAL)
EMAIL, PHONE = "camille@example.org", "+33600000042"
HOUSE = Address(lines=("4 RUE DE L'EXEMPLE",), postcode="29200", city="BREST", insee="29019")
BROWSER = Subscription("https://push.example/abc", "p", "a")


@dataclass
class World:
    """`email`, `phone`, `address` are what the holder gave."""

    clock: MemoryClock = field(default_factory=MemoryClock)
    host: Host = field(init=False)
    record: str = field(init=False)

    def __post_init__(self) -> None:
        self.host = memory_host(self.clock)
        self.record, _ = open_(
            self.host, ENROLMENT, person(birth=date(1990, 8, 14)).model_copy(update={"territory": "29"}), HOLDER.id
        )
        self.work()
        # What prevention has to say to this holder is said: the tests are about other things.
        jobs.reminders(self.host)({"record": self.record, "job": "remind"})
        self.work()
        self.mail.sent.clear()

    @property
    def mail(self) -> MemoryMail:
        assert isinstance(self.host.mail, MemoryMail)
        return self.host.mail

    @property
    def sms(self) -> MemorySms:
        assert isinstance(self.host.sms, MemorySms)
        return self.host.sms

    @property
    def push(self) -> MemoryPush:
        assert isinstance(self.host.push, MemoryPush)
        return self.host.push

    @property
    def rows(self) -> MemoryRows:
        assert isinstance(self.host.rows, MemoryRows)
        return self.host.rows

    def reach(self, email: str = EMAIL, phone: str = "", address: Address | None = None) -> None:
        contact_actions.reach(self.host, HOLDER, self.record, (email, phone, address))

    def prefer(self, *order: Channel, **when: str) -> None:
        said = dict(when)
        contact_actions.prefer(self.host, HOLDER, self.record, "fr", order or Contact().order, said)  # type: ignore[arg-type]

    def contact(self) -> Contact:
        return contact_actions.read(self.host, HOLDER, self.record)[1]

    def notice(self, event: str = "new-document", name: str = "one") -> Notice:
        return Notice(self.record, event, name)

    def tell(self, event: str = "new-document", name: str = "one") -> None:
        """Hand one notice to the worker, as the queue does."""
        jobs.notices(self.host, LETTERHEAD)({"record": self.record, "event": event, "name": name})

    def work(self, host: Host | None = None) -> None:
        """Let the queues run empty."""
        host = host or self.host
        handlers = {"notices": jobs.notices(host, LETTERHEAD), "reminders": jobs.reminders(host)}
        jobs.minute(host)
        while any([self._drain(host, name, handler) for name, handler in handlers.items()]):
            pass

    def _drain(self, host: Host, name: str, handler: jobs.Work) -> bool:
        deliveries = host.queue.receive(name)
        for one in deliveries:
            handler(json.loads(one.body))
            host.queue.delete(name, one.receipt)
        return bool(deliveries)

    def night(self, days: int = 1) -> None:
        self.clock.advance(timedelta(days=days))
        jobs.night(self.host)
        self.work()

    def arrived(self) -> list[str]:
        """Return the channels on which something arrived, of each the recipient."""
        mails = [f"email {m['To']}" for m in self.mail.sent]
        return mails + [f"sms {to}" for to, _ in self.sms.sent.values()] + [f"push {to}" for to, _ in self.push.sent]

    def references(self) -> list[str]:
        """Return the references by which a provider may report."""
        return [pk[2:] for pk, _ in self.rows.everything() if pk.startswith("n#")]

    def reference(self, channel: str) -> str:
        """Return the newest reference on a channel."""
        found = [(ref, sending_of(self.host, ref)) for ref in self.references()]
        return [ref for ref, sending in found if sending and sending.channel == channel][-1]

    def entries(self) -> int:
        """Return how many rows the record has."""
        return sum(pk == partition(self.record) for pk, _ in self.rows.everything())


class Down:
    """A port that is not there now."""

    def accepts(self, *_: object) -> bool:
        return True

    def send(self, *_: object) -> None:
        raise Unavailable
