"""A queue under test, with a way to let its leases end without waiting."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chalicelib.hosts.aws import Place, client
from chalicelib.hosts.memory import MemoryClock
from chalicelib.hosts.sqs import SqsQueue
from chalicelib.kernel.ports import Delivery, Queue


@dataclass
class Harness:
    """`name` is a queue nobody else uses."""

    queue: Queue
    clock: MemoryClock
    name: str = ""

    def __post_init__(self) -> None:
        self.name = self.name or f"intake-{uuid4().hex}"

    def end_leases(self, deliveries: Iterable[Delivery]) -> None:
        """Let the messages come into sight again."""
        self.clock.advance(timedelta(seconds=61))


@dataclass
class SqsHarness(Harness):
    """The service keeps its own time, so that visibility is what changes."""

    client: Any = None
    url: str = ""

    def end_leases(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self.client.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=delivery.receipt, VisibilityTimeout=0
            )


def sqs_harness(place: Place) -> SqsHarness:
    """Declare queue and dead letters as infra/ does, under a name that nobody else uses."""
    sqs = client("sqs", place)
    name, stem = "intake", f"carnet-{uuid4().hex}"
    dead = sqs.create_queue(QueueName=f"{stem}-{name}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    url = sqs.create_queue(QueueName=f"{stem}-{name}", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    return SqsHarness(SqsQueue(place, prefix=url.removesuffix(name)), MemoryClock(), name, sqs, url)
