"""Intake files over HTTP: begin one, see how far it is, read what was rejected."""

import json
from typing import Annotated

from pydantic import BaseModel, Field

from ..edge.http import QUERY, STRICT, Api, Call, Example, Reply
from ..kernel.errors import Conflict, NotFound
from . import bulk
from .model import Form, Job

api = Api("enrolment")
MEDIA = "application/x-ndjson"

_NAME = "Name in the bucket: `enrolment/`, then up to 100 letters, digits, dots, dashes"


class IntakeFile(BaseModel):
    """An object that the fund put into the bucket. Its name says nothing about a person."""

    model_config = STRICT
    object: Annotated[str, Field(pattern=r"^enrolment/[A-Za-z0-9._-]{1,100}$", description=_NAME)]
    format: Form


class Progress(BaseModel):
    """How far a job is; `bytes` of `size` are read. At `telling` the object is deleted, at `done` people are told."""

    job: str
    state: str
    bytes: int
    size: int
    lines: int
    invited: int
    known: int
    rejected: int


class After(BaseModel):
    """Which rejects are asked for."""

    model_config = QUERY
    after: Annotated[int, Field(ge=0, le=10**12, description="the last line seen")] = 0


_ID = "a2b3c4d5e6f7a2b3c4d5e6f7a2"
_OBJECT = {"object": "enrolment/2026-11-26.ndjson", "format": "ndjson"}
_BEGUN = {"job": _ID, "state": "running", "bytes": 0, "size": 632, "lines": 0, "invited": 0, "known": 0, "rejected": 0}
_DONE = {**_BEGUN, "state": "done", "bytes": 632, "lines": 2, "invited": 1, "rejected": 1}


@api.route(
    "POST",
    "/enrolments",
    summary="Invite the people of a file",
    description=(
        "For enrolment clients. The file lies in the object store under `enrolment/`: a person a line, NDJSON or CSV. "
        "It is read a chunk at a time; when its last line is taken the object is deleted, since it holds personal data "
        "in clear, and the people invited are told. Repeating the request while the job runs gives the same job; "
        "repeating a file invites nobody twice. A name may be used again once its job is `done`. What became of "
        "it can be read for three months."
    ),
    body=IntakeFile,
    reply=Progress,
    status=202,
    gives=("Location",),
    errors=(NotFound, Conflict),
    examples=Example(request=_OBJECT, reply=_BEGUN),
)
def begin(call: Call[IntakeFile]) -> Reply:
    """Begin to take in a file."""
    job = bulk.start(call.host, call.actor, call.body.object, call.body.format, call.request_id)
    return Reply(202, _view(job), call.located(f"/enrolments/{job.name}"))


@api.route(
    "GET",
    "/enrolments/{job}",
    summary="How far an intake file is",
    reply=Progress,
    errors=(NotFound,),
    examples=Example(reply=_DONE, params={"job": _ID}),
)
def progress(call: Call) -> Reply:
    """Show how far a job is, to the client that began it."""
    return Reply(body=_view(bulk.progress(call.host, call.actor, call.params["job"], call.request_id)))


@api.route(
    "GET",
    "/enrolments/{job}/rejects",
    summary="Lines of an intake file that were rejected",
    description="One line of JSON each: number of the line, reason. Ask again with the last line seen; empty: no more.",
    query=After,
    reply=bytes,
    media=MEDIA,
    errors=(NotFound,),
    examples=Example(params={"job": _ID}, content='{"line":2,"reason":"INS_KEY"}\n'),
)
def rejects(call: Call[None, After]) -> Reply:
    """List rejected lines."""
    found = bulk.rejects(call.host, call.actor, call.params["job"], call.query.after, call.request_id)
    lines = [json.dumps({"line": line, "reason": reason}, separators=(",", ":")) + "\n" for line, reason in found]
    return Reply(body="".join(lines).encode(), media=MEDIA)


def _view(job: Job) -> Progress:
    return Progress(
        job=job.name,
        state=job.state,
        bytes=job.place.offset,
        size=job.size,
        lines=job.place.line,
        invited=job.invited,
        known=job.known,
        rejected=job.rejected,
    )
