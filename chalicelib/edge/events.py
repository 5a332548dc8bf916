"""Queue batches: every message succeeds or fails by itself."""

import json
from collections.abc import Callable, Mapping
from time import perf_counter_ns
from typing import Any

from . import logs
from .caught import caught
from .problems import Unparseable

Work = Callable[[dict[str, Any]], None]
"""What is done with one message; raising means that it comes again, and ends among the dead letters by count."""


def each(event: Mapping[str, Any], work: Work) -> dict[str, list[dict[str, str]]]:
    """Carry out each message of an SQS-shaped batch and return the failed ones (`ReportBatchItemFailures`)."""
    started = perf_counter_ns()
    records = event["Records"]
    failed = [record["messageId"] for record in records if not _done(record, work)]
    logs.line(
        queue=_queue(records),
        messages=len(records),
        failed=len(failed),
        ms=round((perf_counter_ns() - started) / 1e6, 2),
    )
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def _done(record: Mapping[str, Any], work: Work) -> bool:
    def carried_out() -> bool:
        work(_body(record))
        return True

    return caught(carried_out, lambda _, code: _failed(record, code))


def _failed(record: Mapping[str, Any], code: str) -> bool:
    logs.line(queue=_queue([record]), message=str(record["messageId"]), code=code)
    return False


def _body(record: Mapping[str, Any]) -> dict[str, Any]:
    try:
        body = json.loads(record["body"])
    except (ValueError, RecursionError):
        raise Unparseable from None
    if not isinstance(body, dict):
        raise Unparseable
    return body


def _queue(records: list[Any]) -> str:
    """Return the last part of the queue's name, which is all that a log needs."""
    return str(records[0].get("eventSourceARN", "")).rpartition(":")[2] if records else ""
