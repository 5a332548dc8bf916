"""Queue batches: one bad message harms nobody but itself."""

import json
import logging
from typing import Any

import pytest

from chalicelib.edge.events import each
from chalicelib.kernel.errors import Unavailable

SECRET = "canary-5b1d"


def batch(*bodies: str) -> dict[str, Any]:
    """Return an event of these messages, named m0, m1, …"""
    arn = "arn:x:sqs:eu:0:carnet-intake"
    return {
        "Records": [
            {"messageId": f"m{number}", "body": body, "eventSourceARN": arn} for number, body in enumerate(bodies)
        ]
    }


def failed(event: dict[str, Any], work: Any) -> list[str]:
    """Return the names of the messages that come again."""
    return [one["itemIdentifier"] for one in each(event, work)["batchItemFailures"]]


@pytest.mark.abuse("Q02")
@pytest.mark.parametrize("poison", ["", "{", "[]", "null", '"x"', "[" * 9999, '{"a": \ud800'])
def test_a_poisonous_message_comes_again_alone(poison: str) -> None:
    done: list[int] = []
    event = batch('{"n":0}', poison, '{"n":2}')
    assert failed(event, lambda body: done.append(body["n"])) == ["m1"]
    assert done == [0, 2]


@pytest.mark.abuse("Q02")
@pytest.mark.parametrize("error", [Unavailable(), KeyError(SECRET), ZeroDivisionError(SECRET)])
def test_a_message_that_fails_comes_again_alone_and_its_words_are_not_logged(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def work(body: dict[str, Any]) -> None:
        if body["n"] == 1:
            raise error

    with caplog.at_level(logging.INFO, "chalicelib"):
        assert failed(batch(*(json.dumps({"n": number, "s": SECRET}) for number in range(4))), work) == ["m1"]
    assert SECRET not in caplog.text
    one, summary = (json.loads(record.message) for record in caplog.records)
    assert one["message"] == "m1"
    assert (summary["queue"], summary["messages"], summary["failed"]) == ("carnet-intake", 4, 1)


def test_an_empty_batch_is_done() -> None:
    assert each({"Records": []}, lambda _: None) == {"batchItemFailures": []}


def test_a_kill_is_not_swallowed() -> None:
    def work(_: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        each(batch("{}"), work)
