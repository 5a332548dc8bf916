"""What every queue keeps to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.memory import MemoryClock, MemoryRows
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.kernel.ports import Row
from tests.contracts.queues import Harness


def test_a_message_is_received_once_and_then_out_of_sight(queue: Harness) -> None:
    queue.queue.send(queue.name, "one")
    (delivery,) = queue.queue.receive(queue.name)
    assert (delivery.body, delivery.count) == ("one", 1)
    assert queue.queue.receive(queue.name) == []


def test_a_deleted_message_never_comes_back(queue: Harness) -> None:
    queue.queue.send(queue.name, "one")
    found = queue.queue.receive(queue.name)
    queue.queue.delete(queue.name, found[0].receipt)
    queue.queue.delete(queue.name, found[0].receipt)
    queue.clock.advance(timedelta(hours=1))
    assert queue.queue.receive(queue.name) == []


def test_a_message_that_was_not_deleted_comes_back(queue: Harness) -> None:
    queue.queue.send(queue.name, "one")
    queue.end_leases(queue.queue.receive(queue.name))
    (again,) = queue.queue.receive(queue.name)
    assert (again.body, again.count) == ("one", 2)
    queue.queue.delete(queue.name, again.receipt)
    assert queue.queue.receive(queue.name) == []


def test_every_message_is_received_in_batches_of_the_limit(queue: Harness) -> None:
    for number in range(25):
        queue.queue.send(queue.name, str(number))
    batches = [queue.queue.receive(queue.name, 10) for _ in range(4)]
    assert [len(batch) for batch in batches] == [10, 10, 5, 0]
    assert {delivery.body for batch in batches for delivery in batch} == {str(number) for number in range(25)}


def test_an_empty_queue_gives_nothing(queue: Harness) -> None:
    assert queue.queue.receive(queue.name) == []
    assert queue.queue.redrive(queue.name) == 0


def test_queues_know_nothing_of_each_other(queue: Harness) -> None:
    queue.queue.send(queue.name, "one")
    assert queue.queue.receive(f"{queue.name}-dead") == []


def test_a_message_received_five_times_is_dead_until_it_is_redriven(queue: Harness) -> None:
    queue.queue.send(queue.name, "poison")
    for count in range(1, 6):
        found = queue.queue.receive(queue.name)
        assert [delivery.count for delivery in found] == [count]
        queue.end_leases(found)
    assert queue.queue.receive(queue.name) == []
    assert queue.queue.redrive(queue.name) == 1
    assert queue.queue.redrive(queue.name) == 0
    (again,) = queue.queue.receive(queue.name)
    assert (again.body, again.count) == ("poison", 1)


def test_a_dead_letter_does_not_hold_up_the_others(queue: Harness) -> None:
    queue.queue.send(queue.name, "poison")
    for _ in range(5):
        queue.end_leases(queue.queue.receive(queue.name))
    queue.queue.send(queue.name, "good")
    assert [delivery.body for delivery in queue.queue.receive(queue.name)] == ["good"]


class Killed(BaseException):
    """The process ends here."""


class Mortal(MemoryRows):
    """A table whose user is killed before or after its n-th write."""

    def __init__(self) -> None:
        super().__init__()
        self.lives, self.after = 10**9, False

    def _spend(self, write: str, *call: object) -> None:
        self.lives -= 1
        if self.lives == 0 and not self.after:
            raise Killed
        getattr(super(), write)(*call)
        if self.lives == 0:
            raise Killed

    def put(self, *call: object) -> None:  # type: ignore[override]
        self._spend("put", *call)

    def update(self, *call: object) -> None:  # type: ignore[override]
        self._spend("update", *call)

    def delete(self, *call: object) -> None:  # type: ignore[override]
        self._spend("delete", *call)


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_write_loses_no_message(after: bool) -> None:
    for lives in range(1, 40):
        rows, clock = Mortal(), MemoryClock()
        queue = OutboxQueue(rows, clock)
        queue.send("intake", "poison")
        queue.send("intake", "good")
        rows.lives, rows.after = lives, after
        settled = _live_through(queue, clock)
        rows.lives = 10**9
        settled |= _drain(queue, clock)
        assert settled == {"poison", "good"}, lives


def _live_through(queue: OutboxQueue, clock: MemoryClock) -> set[str]:
    """Refuse the poison until it is dead, settle the good one, redrive; the kill may come anywhere."""
    settled: set[str] = set()
    try:
        for _ in range(7):
            for delivery in queue.receive("intake"):
                if delivery.body == "good":
                    settled.add("good")
                    queue.delete("intake", delivery.receipt)
            clock.advance(timedelta(seconds=61))
        queue.redrive("intake")
    except Killed:
        pass
    return settled


def _drain(queue: OutboxQueue, clock: MemoryClock) -> set[str]:
    settled = set()
    for _ in range(3):
        clock.advance(timedelta(seconds=61))
        queue.redrive("intake")
        for delivery in queue.receive("intake"):
            settled.add(delivery.body)
            queue.delete("intake", delivery.receipt)
    return settled


class Watched(MemoryRows):
    """A table that counts its calls."""

    calls = 0

    def query(self, partition: str, *, after: str = "", upto: str = "", limit: int = 100) -> list[Row]:
        self.calls += 1
        return super().query(partition, after=after, upto=upto, limit=limit)


def test_an_idle_poll_of_the_polled_queue_is_one_query() -> None:
    rows = Watched()
    assert OutboxQueue(rows, MemoryClock()).receive("intake") == []
    assert rows.calls == 1


def test_messages_behind_a_page_of_leased_ones_are_found() -> None:
    queue = OutboxQueue(MemoryRows(), MemoryClock())
    for number in range(230):
        queue.send("intake", str(number))
    found = [delivery.body for _ in range(23) for delivery in queue.receive("intake")]
    assert len(found) == len(set(found)) == 230


@pytest.mark.real
def test_two_workers_never_hold_the_same_message_on_the_real_engine(engine: DynamoRows) -> None:
    queue = OutboxQueue(engine, MemoryClock())
    for number in range(40):
        queue.send("workers", str(number))

    def work(_: int) -> list[str]:
        return [delivery.body for _ in range(20) for delivery in queue.receive("workers", 3)]

    with ThreadPoolExecutor(4) as threads:
        found = [body for bodies in threads.map(work, range(4)) for body in bodies]
    assert sorted(found, key=int) == [str(number) for number in range(40)]
