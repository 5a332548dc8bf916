"""Answers of the DynamoDB API, read by their own types.

Every value of that API says what it is (`{"S": …}`, `{"B": …}`), so that nothing has to be looked up in the service
model: a page of 25 rows is read in a quarter of the time that the SDK's general parser takes (docs/performance.md).
"""

import json
from base64 import b64decode
from functools import cache
from http import HTTPStatus
from typing import Any

import boto3
from botocore.parsers import JSONParser, ResponseParser, ResponseParserError, ResponseParserFactory
from botocore.session import Session


class TypedJsonParser(JSONParser):
    """Reads what was answered with 200 by its types, everything else as the SDK does."""

    def parse(self, response: Any, shape: Any) -> Any:
        """Return the answer as the SDK's own parser would. Raise ResponseParserError on one cut short."""
        if response["status_code"] != HTTPStatus.OK:
            return super().parse(response, shape)
        try:
            parsed = json.loads(response["body"], object_hook=_with_bytes)
        except ValueError as error:
            raise ResponseParserError from error
        if not isinstance(parsed, dict):
            raise ResponseParserError
        parsed["ResponseMetadata"] = {"HTTPStatusCode": HTTPStatus.OK.value, "HTTPHeaders": dict(response["headers"])}
        return parsed


class _Factory(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> ResponseParser:
        return TypedJsonParser() if protocol_name == "json" else super().create_parser(protocol_name)


@cache
def typed_session() -> boto3.Session:
    """Return the session whose clients of JSON services read answers by their types: for the table only.

    One for the process: each session reads the descriptions of the services anew.
    """
    session = Session()
    session.register_component("response_parser_factory", _Factory())
    return boto3.Session(botocore_session=session)


def _with_bytes(found: dict[str, Any]) -> dict[str, Any]:
    if "B" in found and len(found) == 1:
        found["B"] = b64decode(found["B"])
    return found
