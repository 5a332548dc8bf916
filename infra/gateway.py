"""Answers born in the gateway itself, written from the one table of errors, so that both always say the same."""

from typing import Any

from chalicelib.edge.problems import MEDIA, Fault, Unparseable, problem_reply
from chalicelib.kernel.errors import (
    AccessDenied,
    CarnetError,
    NotAuthenticated,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
    Unsupported,
)

KINDS: dict[str, CarnetError] = {
    "ACCESS_DENIED": AccessDenied(),
    "DEFAULT_4XX": Unparseable(),
    "DEFAULT_5XX": Unavailable(),
    # The gateway's word for a path or a method that does not exist.
    "MISSING_AUTHENTICATION_TOKEN": NotFound(),
    "API_CONFIGURATION_ERROR": Fault(),
    "QUOTA_EXCEEDED": TooMany(),
    "REQUEST_TOO_LARGE": TooLarge(),
    "RESOURCE_NOT_FOUND": NotFound(),
    "THROTTLED": TooMany(),
    "UNAUTHORIZED": NotAuthenticated(),
    "UNSUPPORTED_MEDIA_TYPE": Unsupported(),
}


def gateway_responses() -> dict[str, Any]:
    """Return the value of x-amazon-apigateway-gateway-responses."""
    return {kind: _response(error) for kind, error in sorted(KINDS.items())}


def _response(error: CarnetError) -> dict[str, Any]:
    reply = problem_reply(error, "$context.requestId")
    headers = {**reply.headers, "Content-Type": MEDIA, "Cache-Control": "no-store"}
    return {
        "statusCode": str(reply.status),
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in sorted(headers.items())
        },
        # The gateway chooses a template by this key whatever the caller accepts; the header says what it is.
        "responseTemplates": {"application/json": reply.body},
    }
