"""What the adapters on AWS-shaped APIs share: clients, one translation of errors, threads that read ahead."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError
from botocore.parsers import ResponseParserError

from chalicelib.kernel.errors import Ambiguous, Unavailable

T = TypeVar("T")
CONNECT_SECONDS = 1
READ_SECONDS = 3
CONNECTIONS = 32
READ_AHEAD = ThreadPoolExecutor(16, thread_name_prefix="read-ahead")
"""carries out what `begin_get` starts; its threads appear with the first call, so after any fork"""

_PAUSES = (0.05, 0.25)
_SERVER_ERROR = 500
_COMMON: dict[str, Any] = {
    "connect_timeout": CONNECT_SECONDS,
    "read_timeout": READ_SECONDS,
    "max_pool_connections": CONNECTIONS,
    "retries": {"mode": "standard", "total_max_attempts": 1},
    "parameter_validation": False,
    "user_agent": "carnet",  # short, since it is put together twice per call; nobody needs our versions
    "tcp_keepalive": True,
    "disable_request_compression": True,
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is and who we are there; what is empty the SDK finds by its own rules (a role, mostly)."""

    region: str
    endpoint: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


def client(service: str, place: Place, session: boto3.Session | None = None, **more: object) -> Any:
    """Return a low-level client: short timeouts, no repetition of its own, a connection for every thread."""
    return (session or boto3).client(
        service,
        region_name=place.region,
        endpoint_url=place.endpoint or None,
        aws_access_key_id=place.access_key or None,
        aws_secret_access_key=place.secret_key or None,
        config=Config(**{**_COMMON, **more}),
    )


@contextmanager
def translated(known: Mapping[str, type[Exception]], *, repeatable: bool = True) -> Iterator[None]:
    """Turn error codes into the exceptions given, and all others into Unavailable.

    A call that must not be repeated raises Ambiguous where the service may have carried it out.
    """
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in known:
            raise known[code] from error
        raise _lost(repeatable=repeatable or _status(error) < _SERVER_ERROR) from error
    except (HTTPClientError, SSLError, ResponseParserError) as error:  # TLS may break after the request, too
        raise _lost(repeatable=repeatable) from error
    except BotoCoreError as error:  # no connection, no credentials: it was never sent
        raise Unavailable from error


def repeated(call: Callable[[], T]) -> T:
    """Return what the call returns, after at most three attempts while it is Unavailable."""
    for pause in _PAUSES:
        try:
            return call()
        except Unavailable:
            time.sleep(pause * random.uniform(0.5, 1))
    return call()


def _lost(*, repeatable: bool) -> Unavailable:
    return Unavailable() if repeatable else Ambiguous()


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", _SERVER_ERROR))
