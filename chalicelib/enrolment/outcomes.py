"""What became of intake files is there to be read for the months that policies/retention.csv says, and then goes.

A job that is over is in the work index until then; so is, from the beginning, what says which job reads an object: its
job may have been killed before it was written.
"""

from contextlib import suppress
from datetime import datetime

from ..access.keyring import system_key
from ..access.retention import retention
from ..access.work import OUTCOME, outcome_shard, shards, work_off
from ..kernel.errors import ConditionFailed
from ..kernel.host import Host
from ..kernel.ports import Change, Key, Row, Value, When
from .model import REJECTS, job_key, job_of, partition_of, pointer_key

_PAGE = 500


def kept(host: Host, job: str) -> dict[str, Value]:
    """Return from when on a night looks at what is left of a job."""
    now = host.clock.now()
    last = datetime.combine(retention()["enrolment_file"].after(now.date()), now.timetz())
    return {"work": outcome_shard(job), "since": last.isoformat()}


def night(host: Host, limit: int = 1000) -> int:
    """Delete jobs that were over long enough, and what leads to no job; return how many rows were looked at."""
    now = host.clock.now().isoformat()
    found = (key for shard in shards(OUTCOME) for key in host.rows.work(shard, upto=now, limit=limit))
    return work_off(found, lambda key: _forgotten(host, key))


def _forgotten(host: Host, key: Key) -> int:
    row = host.rows.get([key]).get(key, {})
    if str(row.get("since", "~")) > host.clock.now().isoformat():
        return 0  # gone, or begun anew: the index lags
    if "job" in row:
        _forget_pointer(host, key, row)
    else:
        _forget_job(host, key[0].removeprefix("e#"), row)
    return 1


def _forget_pointer(host: Host, key: Key, row: Row) -> None:
    """Delete what leads to no job; one that is still there, and takes this with it, is looked at again later."""
    job, as_read = str(row["job"]), When(equals={"job": row["job"], "since": row["since"]})
    with suppress(ConditionFailed):  # another job has the object now, or this one is about to be begun
        if host.rows.get([job_key(job)]):
            host.rows.update(key, Change(set=kept(host, job)), as_read)
        else:
            host.rows.delete(key, as_read)


def _forget_job(host: Host, job: str, row: Row) -> None:
    """Delete what leads to the job first, so that none of its name begins again, and itself last."""
    key = system_key(host)
    with suppress(ConditionFailed):  # another job has the object now, or a killed try came so far
        host.rows.delete(pointer_key(key, job_of(key, job, row).order.object), When(equals={"job": job}))
    while rows := host.rows.query(partition_of(job), after=REJECTS, upto=REJECTS + "~", limit=_PAGE):
        for one in rows:
            host.rows.delete((str(one["pk"]), str(one["sk"])))
    host.rows.delete(job_key(job))
