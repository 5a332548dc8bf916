"""Queue batches: every message succeeds or fails by itself."""

import json
from collections.abc import Callable, Mapping
from time import perf_counter_ns
from typing import Any

from ..kernel.errors import CarnetError
from . import logs
from .problems import Unparseable, code_of

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
    try:
        work(_body(record))
    except CarnetError as error:
        return _failed(record, code_of(error))
    except Exception as error:  # noqa: BLE001 - an edge: the other messages of the batch must be unharmed
        return _failed(record, logs.fault_code(error))
    return True


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
