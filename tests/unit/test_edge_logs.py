"""Logs: fixed fields on one line, and silence from libraries that log what they were given."""

import json
import logging

import pytest

from chalicelib.edge.logs import configure_logging, fault_code, line

SECRET = "canary-91aa"


@pytest.mark.abuse("I04")
def test_a_line_is_one_line_of_json_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    line(route='/x\r\n{"status":200}\u2028', status=404)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert printed.isascii()
    assert json.loads(printed)["status"] == 404


@pytest.mark.abuse("I03")
@pytest.mark.parametrize("name", ["botocore.auth", "boto3", "urllib3.connectionpool", "aws_encryption_sdk.streaming"])
def test_libraries_say_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger(name).critical(SECRET)
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err


def test_a_fault_is_known_by_kind_and_place_not_by_what_it_says() -> None:
    try:
        fault_code("not an exception")  # type: ignore[arg-type]
    except AttributeError as error:
        code = fault_code(error)
    assert code.startswith("AttributeError@edge/logs.py:")
    assert fault_code(ValueError(SECRET)) == "ValueError@?"
