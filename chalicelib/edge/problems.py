"""Errors as problem+json (RFC 9457): the one table from the tree of errors to HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ..kernel.errors import (
    AccessDenied,
    Broken,
    CarnetError,
    Conflict,
    Invalid,
    NotAuthenticated,
    NotFound,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
    Unsupported,
)
from .http import Reply

MEDIA = "application/problem+json"
CHALLENGE = 'Bearer realm="carnet", DPoP algs="ES256 EdDSA"'


class Unparseable(CarnetError):
    """The body is not the syntax that its media type promises."""

    detail = "The request cannot be read."


class MethodNotAllowed(CarnetError):
    """The path exists and does not know this method."""

    detail = "This method is not available here."


class RangeNotSatisfiable(CarnetError):
    """The range lies outside the content; `Content-Range` tells its length in bytes."""

    detail = "The range lies outside the content."

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class Fault(CarnetError):
    """Anything nobody foresaw: 500 without detail."""

    detail = "The service failed; the failure is recorded."


class FieldProblem(BaseModel):
    """One wrong member of the request."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pointer: Annotated[str, Field(description="Where it is: a JSON pointer (RFC 6901), or the name of a parameter")]
    detail: Annotated[str, Field(description="What is wrong with it")]


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: Annotated[str, Field(description="Where this kind of problem is documented")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    code: Annotated[str, Field(description="Fixed code for programs")]
    request: Annotated[str, Field(description="Id of the request, for the operator")]
    errors: Annotated[list[FieldProblem], Field(description="What is wrong with the request, when that is known")] = []


def anchor_of(code: str) -> str:
    """Return the id of the place on the documentation page where a problem stands."""
    return f"errors-{code.lower().replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    status: int
    code: str
    title: str
    headers: Mapping[str, str]

    @property
    def anchor(self) -> str:
        """Return the id of its place on the documentation page."""
        return anchor_of(self.code)

    @property
    def type(self) -> str:
        """Return the relative address of its documentation."""
        return f"/docs#{self.anchor}"


def _row(status: int, code: str, title: str, **headers: str) -> Row:
    return Row(status, code, title, {name.replace("_", "-"): value for name, value in headers.items()})


TABLE: Mapping[type[CarnetError], Row] = {
    Unparseable: _row(400, "UNPARSEABLE", "Unreadable request"),
    NotAuthenticated: _row(401, "NOT_AUTHENTICATED", "Not authenticated", WWW_Authenticate=CHALLENGE),
    AccessDenied: _row(403, "NO_ACCESS", "No access"),
    NotFound: _row(404, "NOT_FOUND", "Nothing here"),
    MethodNotAllowed: _row(405, "METHOD_NOT_ALLOWED", "Method not available"),
    Conflict: _row(409, "CONFLICT", "Contradiction"),
    Stale: _row(412, "STALE", "Changed meanwhile"),
    TooLarge: _row(413, "TOO_LARGE", "Too large"),
    Unsupported: _row(415, "UNSUPPORTED", "Media type not accepted"),
    RangeNotSatisfiable: _row(416, "RANGE_NOT_SATISFIABLE", "Range outside the content"),
    Invalid: _row(422, "INVALID", "Not valid"),
    TooMany: _row(429, "TOO_MANY", "Too many requests", Retry_After="60"),
    Fault: _row(500, "FAULT", "Failure"),
    Unavailable: _row(503, "UNAVAILABLE", "Not available now", Retry_After="2"),
    Broken: _row(503, "BROKEN", "Not available now", Retry_After="60"),
}

OUTSIDE: Mapping[int, type[CarnetError]] = {400: Unparseable, 404: NotFound, 405: MethodNotAllowed, 415: Unsupported}
"""Errors that Chalice itself answers, before or instead of a view."""


def row_of(kind: type[CarnetError]) -> Row:
    """Return the line of the nearest class in the table."""
    return next((TABLE[base] for base in kind.__mro__ if base in TABLE), TABLE[Fault])


def code_of(error: CarnetError) -> str:
    """Return the code that the log keeps."""
    return error.reason if isinstance(error, AccessDenied) else row_of(type(error)).code


def problem_reply(error: CarnetError, request_id: str) -> Reply:
    """Return the answer for this error; nothing in it comes from the request."""
    # What failed inside is for the operator only.
    shown = Unavailable() if isinstance(error, Broken) else error
    row = row_of(type(shown))
    problem = Problem(
        type=row.type,
        title=row.title,
        status=row.status,
        detail=shown.detail,
        code=code_of(shown),
        request=request_id,
        errors=_fields(shown),
    )
    return Reply(row.status, problem.model_dump_json(exclude_defaults=True), _headers(shown, row), MEDIA)


def _fields(error: CarnetError) -> list[FieldProblem]:
    fields = error.fields if isinstance(error, Invalid) else {}
    return [FieldProblem(pointer=pointer, detail=detail) for pointer, detail in fields.items()]


def _headers(error: CarnetError, row: Row) -> Mapping[str, str]:
    if isinstance(error, RangeNotSatisfiable):
        return {**row.headers, "Content-Range": f"bytes */{error.size}"}
    return row.headers
