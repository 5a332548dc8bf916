"""What an intake job keeps: one row, of which the order is sealed and the progress is plain, and rows of rejects."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from ..access.actor import Actor, Kind
from ..kernel.ports import Key, Row, Value
from ..kernel.seal import fingerprint, seal, unseal
from .lines import Place
from .sorting import Reject

Form = Literal["ndjson", "csv"]
SORT = "0job"
REJECTS = "5rejects#"
RUNNING, READ, TELLING, DONE = "running", "read", "telling", "done"
"""lines are left; all are taken, the file is there; it is deleted, people are being told; they are"""
STOPPING, STOPPED = "stopping", "stopped"
"""the file went, or the rules changed, before its end: who was invited by then is being told; they are"""
FINISHED = (DONE, STOPPED)
COUNTERS = ("invited", "known", "rejected")


@dataclass(frozen=True, slots=True)
class Order:
    """Who asked for which file."""

    actor: Actor
    object: str
    form: Form


@dataclass(frozen=True, slots=True)
class Job:
    """A job as read. `mark` tells its file from others of the same `size`.

    `until` ends the lease of the worker that is at it, empty when none is.
    """

    name: str
    order: Order
    state: str
    size: int
    mark: str
    place: Place
    invited: int
    known: int
    rejected: int
    until: str

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.state in FINISHED


def job_key(job: str) -> Key:
    """Return where a job lies."""
    return partition_of(job), SORT


def partition_of(job: str) -> str:
    """Return the partition of a job and its rejects."""
    return f"e#{job}"


def pointer_key(key: bytes, name: str) -> Key:
    """Return where it is written which job reads the object of this name."""
    return "eo#" + fingerprint(key, "intake-object", name), "0"


def job_row(key: bytes, job: str, order: Order, size: int, **more: str) -> Row:
    """Return the row of a job that has not begun."""
    pk, sk = job_key(job)
    body = seal(key, "enrolment", json.dumps(asdict(order), ensure_ascii=False).encode(), pk, sk)
    begin: dict[str, Value] = {"state": RUNNING, "size": size, "offset": 0, "line": 0, "inside": 0, "until": ""}
    return {"pk": pk, "sk": sk, "body": body, **begin, **dict.fromkeys(COUNTERS, 0), **more}


def job_of(key: bytes, job: str, row: Row) -> Job:
    """Read the row. Raise Broken."""
    plain: dict[str, Any] = json.loads(unseal(key, "enrolment", cast(bytes, row["body"]), *job_key(job)))
    actor = Actor(**{**plain["actor"], "kind": Kind(plain["actor"]["kind"])})
    offset, line, size = (cast(int, row[name]) for name in ("offset", "line", "size"))
    return Job(
        name=job,
        order=Order(actor, plain["object"], plain["form"]),
        state=str(row["state"]),
        size=size,
        mark=str(row.get("mark", "")),
        place=Place(offset, line, bool(row["inside"])),
        until=str(row["until"]),
        **{name: cast(int, row[name]) for name in COUNTERS},
    )


def rejects_sort(line: int) -> str:
    """Return the sort key of what the chunk that begins after this line rejects: the same at every try."""
    return f"{REJECTS}{line:012d}"


def rejects_row(key: bytes, job: str, line: int, rejects: Sequence[Reject]) -> Row:
    """Return the row of rejected lines: numbers and codes."""
    pk, sk = partition_of(job), rejects_sort(line)
    return {"pk": pk, "sk": sk, "body": seal(key, "rejects", json.dumps(rejects).encode(), pk, sk)}


def rejects_of(key: bytes, row: Row) -> list[Reject]:
    """Read the row. Raise Broken."""
    clear = unseal(key, "rejects", cast(bytes, row["body"]), str(row["pk"]), str(row["sk"]))
    return [(line, reason) for line, reason in json.loads(clear)]
