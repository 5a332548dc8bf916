"""Queue on any service that speaks the SQS API: send, receive and delete only.

How often a message is received before it goes to `<name>-dead`, and how long it is out of sight, is declared with the
queues (`infra/`), since not every host can be told per call.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from chalicelib.hosts.aws import Place, client, repeated, translated
from chalicelib.kernel.ports import Delivery

_MOST = 10
_COUNT = "ApproximateReceiveCount"


class _Gone(Exception):
    """The service does not know this receipt, any more or at all."""


class SqsQueue:
    """Queues by name, under one URL prefix or with a URL each."""

    def __init__(self, place: Place, prefix: str = "", urls: Mapping[str, str] | None = None) -> None:
        self._client = client("sqs", place)
        self._prefix = prefix
        self._urls = urls or {}

    def send(self, name: str, body: str) -> None:
        """Hand over one message."""
        self._call("send_message", name, MessageBody=body)

    def receive(self, name: str, limit: int = 10) -> list[Delivery]:
        """Take up to `limit` (at most 10) messages out of sight."""
        most = min(limit, _MOST)
        answer = self._call("receive_message", name, MaxNumberOfMessages=most, AttributeNames=[_COUNT])
        return [_delivery(message) for message in answer.get("Messages", [])]

    def delete(self, name: str, receipt: str) -> None:
        """Forget one message for good; one that is gone is no error, though some hosts no longer know its receipt."""
        with suppress(_Gone):
            self._call("delete_message", name, ReceiptHandle=receipt)

    def redrive(self, name: str) -> int:
        """Send each dead letter again before it is deleted; return how many."""
        moved = 0
        for dead in self._dead(f"{name}-dead"):
            self.send(name, dead.body)
            self.delete(f"{name}-dead", dead.receipt)
            moved += 1
        return moved

    def _dead(self, name: str) -> Iterator[Delivery]:
        while found := self.receive(name):
            yield from found

    def _call(self, operation: str, name: str, **call: object) -> dict[str, Any]:
        return repeated(lambda: self._once(operation, name, call))

    def _once(self, operation: str, name: str, call: Mapping[str, object]) -> dict[str, Any]:
        url = self._urls.get(name) or self._prefix + name
        with translated({"ReceiptHandleIsInvalid": _Gone} if operation == "delete_message" else {}):
            answer: dict[str, Any] = getattr(self._client, operation)(QueueUrl=url, **call)
            return answer


def _delivery(message: Mapping[str, Any]) -> Delivery:
    count = message.get("Attributes", {}).get(_COUNT, "1")
    return Delivery(message["Body"], message["ReceiptHandle"], int(count))
