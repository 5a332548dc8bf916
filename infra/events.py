"""The events that a Lambda host would send, for queues and schedules."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.kernel.ports import Delivery


def queue_event(queue: str, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """Return the SQS batch event of these messages; `messageId` is the receipt."""
    return {"Records": [_record(queue, delivery) for delivery in deliveries]}


def _record(queue: str, delivery: Delivery) -> dict[str, Any]:
    return {
        "messageId": delivery.receipt,
        "receiptHandle": delivery.receipt,
        "body": delivery.body,
        "attributes": {"ApproximateReceiveCount": str(delivery.count)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
    }


def schedule_event(at: datetime) -> dict[str, Any]:
    """Return the event of a schedule that is due at this time (UTC)."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "",
        "region": "",
        "resources": [],
        "detail": {},
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
