"""`python -m tests.bench.strain`: a week without mail, a record full of choices, 25 readers of one record at once.

None of it may refuse anybody, lose or double a notice, or make the facts grow past a kilobyte beside the entries that
wait; the gate's median stays within 1.3 times that of fresh records under the same load. Exit 1 when one does not hold.
"""

import json
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from chalicelib import jobs
from chalicelib.access.gate import Ask, gate
from chalicelib.access.relay import relay
from chalicelib.consent import actions as consent
from chalicelib.hosts.memory import MemoryQueue
from chalicelib.kernel.errors import CarnetError, Unavailable
from chalicelib.kernel.host import Host
from chalicelib.vault import actions
from chalicelib.vault.consult import consult
from chalicelib.vault.model import Filing
from chalicelib.vault.reading import Filter, listing
from tests.enrolment.world import World
from tests.interleavings.operations import QUOTAS, draft
from tests.interleavings.real_pair import real_host
from tests.people import DOCTOR, HOLDER, LAB
from tests.unit.loaded import facts_size

from . import choices

DAYS = 7
READERS, CALLS, ROUNDS = 25, 40, 4
ALLOWED = 1.3
MOST = 1024


@dataclass(slots=True)
class Postbox:
    """A mail server that can be away."""

    away: bool = False
    sent: list[str] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """Take the message. Raise Unavailable."""
        if self.away:
            raise Unavailable
        self.sent.append(str(message["Message-ID"]))


def outage() -> list[str]:
    """Live a week without mail, an hour at a time, then have it back; return what was wrong."""
    world, box = World().activate(), Postbox()
    world.work()
    world.host = replace(world.host, mail=box)
    consent.allow(world.host, HOLDER, world.record, DOCTOR.id)
    box.away, biggest, refused = True, 0, 0
    for hour in range(DAYS * 24):
        refused += _refused(lambda hour=hour: _visit(world, hour))
        _work(world, timedelta(hours=1))
        biggest = max(biggest, facts_size(world.host, world.record))
    waiting = sum(len(_queue(world).bodies(name)) for name in ("notices", "notices-dead"))
    box.away = False
    for _ in range(3):
        _queue(world).redrive("notices")  # a message may be on its way to the dead letters at the first look
        _work(world, timedelta(hours=1))
    told, twice = len(set(box.sent)), len(box.sent) - len(set(box.sent))
    print(
        f"mail away for {DAYS} days: {DAYS * 24} documents filed and read, {refused} refused, facts at most {biggest}"
        f" bytes beside the entries that wait, {waiting} messages waited; mail back: {told} told, {twice} twice",
        flush=True,
    )
    wrong = {
        "somebody was refused": refused,
        "facts are too large": biggest > MOST,
        "a notice was lost or told twice": told != DAYS * 24 or twice,
    }
    return [sentence for sentence, holds in wrong.items() if holds]


def _visit(world: World, hour: int) -> None:
    """File a document, list, and read the one filed an hour ago."""
    host, record, content = world.host, world.record, f"Compte rendu {hour}".encode()
    actions.deposit(host, Filing(LAB, record, draft(content, f"2.25.{hour}")), content, QUOTAS)
    for shown in listing(host, DOCTOR, record, Filter()).documents[:1]:
        consult(host, DOCTOR, record, shown.document.id)


def _refused(act: Callable[[], object]) -> int:
    try:
        act()
    except CarnetError:
        return 1
    return 0


def _queue(world: World) -> MemoryQueue:
    assert isinstance(world.host.queue, MemoryQueue)
    return world.host.queue


def _work(world: World, by: timedelta) -> None:
    """Let the relay and the workers run; whatever cannot be done now comes again."""
    world.clock.advance(by)
    for _ in range(4):
        jobs.minute(world.host)
        for name, work in world.handlers.items():
            for delivery in world.host.queue.receive(name, 500):
                with suppress(Unavailable):
                    work(json.loads(delivery.body))
                    world.host.queue.delete(name, delivery.receipt)


def readers() -> list[str]:
    """Let 25 read one record at once, and 25 a record each; return what was wrong."""
    ones, alls = list[float](), list[float]()
    refused = biggest = 0
    with TemporaryDirectory() as folder, real_host(Path(folder)) as host:
        own = [choices.record_of(host, number) for number in range(READERS)]
        for _ in range(ROUNDS):  # in turns, so that whatever else the machine does weighs on both
            alls += _at_once(host, own)[0]
            spent, denied, size = _at_once(host, own[:1] * READERS)
            ones, refused, biggest = ones + spent, refused + denied, max(biggest, size)
    together, apart = median(ones), median(alls)
    ratio = together / apart
    print(
        f"{READERS} parallel readers of one record on the embedded pair: {len(ones)} accesses, {refused} refused,"
        f" facts at most {biggest} bytes beside the entries that wait, gate p50 {together:.1f} ms; of {READERS} records"
        f" {apart:.1f} ms: {ratio:.2f}x (at most {ALLOWED}x)",
        flush=True,
    )
    wrong = {
        "a reader was refused": refused,
        "facts are too large": biggest > MOST,
        "readers of one record wait for each other": ratio > ALLOWED,
    }
    return [sentence for sentence, holds in wrong.items() if holds]


def _at_once(host: Host, records: list[str]) -> tuple[list[float], int, int]:
    """Return what each access took in milliseconds, how many were refused, and the largest facts."""
    spent: list[float] = []

    def reader(record: str) -> int:
        refused = 0
        for _ in range(CALLS):
            begun = perf_counter()
            refused += _refused(lambda: gate(host, Ask(DOCTOR, record, "document:list")))
            spent.append((perf_counter() - begun) * 1000)
        return refused

    with ThreadPoolExecutor(READERS + 1) as threads:
        begun = [threads.submit(reader, record) for record in records]
        while not all(one.done() for one in begun):
            for record in set(records):
                relay(host, record, lambda _record, _entry: ())
            sleep(5)  # the minute's relay, twelve times as often
    return spent, sum(one.result() for one in begun), max(facts_size(host, record) for record in set(records))


def main() -> int:
    """Print a line for each strain; return how many things were wrong."""
    logging.disable(logging.CRITICAL)
    wrong = [*outage(), *(["a record full of choices is slow"] if choices.main() else []), *readers()]
    print(f"strain: {len(wrong)} wrong", *wrong, sep="\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
