"""`python -m tests.bench.enrolment --lines 20000`: how fast people of a file are invited, and in how much memory.

On a running instance (ExtendDB, SeaweedFS, front, worker): a file of a quarter of the lines, then one of all of them:
memory which grew with the file would show. What follows (letters and mails, the clock of the law) comes after each file
and is waited for, and measured too. Nothing is asserted.
"""

import argparse
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from chalicelib.config import Config
from chalicelib.kernel.host import Host
from chalicelib.wiring import host_for
from infra.local.home import REPOSITORY
from infra.local.instance import Instance, running
from infra.local.send import send
from infra.local.story import Ask
from tests.intake_files import insured, ndjson

from .processes import cpu_of, peak_of
from .world import settings_of

PARTS = ("worker", "rows", "blobs")
BEHIND = ("q#notices", "q#reminders")
BAD = 100
"""one line in so many is rejected"""


def people(first: int, lines: int) -> Iterator[dict[str, object]]:
    """Yield the lines of a file."""
    for place in range(first, first + lines):
        yield insured(place) if place % BAD else insured(place, sex="?")


def take(instance: Instance, host: Host, first: int, lines: int) -> str:
    """Let the worker take a file in; return what it took."""
    name = f"enrolment/bench-{first}.ndjson"
    host.blobs.put(name, ndjson(people(first, lines)))
    begun, spent = time.monotonic(), {part: cpu_of(instance, part) for part in PARTS}
    job = asked(instance, "POST", "/enrolments", {"object": name, "format": "ndjson"}, 202)
    while job["state"] not in ("done", "stopped"):
        time.sleep(0.5)
        job = asked(instance, "GET", f"/enrolments/{job['job']}", None, 200)
    seconds = time.monotonic() - begun
    assert job["invited"] + job["rejected"] == lines, job
    taken = (
        f"{lines:>9,} lines ({job['size'] / 1e6:.1f} MB) in {seconds:.1f} s: {lines / seconds * 60:,.0f} lines/min, "
        f"invited {job['invited']:,}, rejected {job['rejected']:,};\n"
        f"          peak memory of the worker {peak_of(instance, 'worker'):.0f} MB; "
        f"processor, ms a line: {_since(instance, spent, lines)}"
    )
    return taken + "\n" + told(instance, host, job["invited"])


def told(instance: Instance, host: Host, people: int) -> str:
    """Wait until everybody is told; return how long it took."""
    begun, spent = time.monotonic(), {part: cpu_of(instance, part) for part in PARTS}
    while any(host.rows.query(partition, limit=1) for partition in BEHIND):
        time.sleep(0.5)
    seconds = time.monotonic() - begun
    return (
        f"          then everybody is told in {seconds:.1f} s: {people / seconds * 60:,.0f} people/min; "
        f"processor, ms a person: {_since(instance, spent, people)}"
    )


def _since(instance: Instance, spent: dict[str, float], number: int) -> str:
    return " · ".join(f"{part} {(cpu_of(instance, part) - spent[part]) / number * 1000:.1f}" for part in PARTS)


def asked(instance: Instance, method: str, path: str, body: dict[str, str] | None, status: int) -> dict[str, object]:
    """Send a request of the enrolment client."""
    answer = send(instance, Ask("enrolment", method, path, json=body))
    assert answer.status == status, answer.body
    return answer.json()


def main() -> None:
    """Measure two files."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=20_000)
    arguments.add_argument("--home", type=Path, default=REPOSITORY / "build" / "bench-enrolment")
    given = arguments.parse_args()
    shutil.rmtree(given.home, ignore_errors=True)
    with running(given.home) as instance:
        host = host_for(Config.read(settings_of(instance.home.env)))
        for first, lines in ((0, given.lines // 4), (given.lines, given.lines)):
            print(take(instance, host, first, lines), flush=True)


if __name__ == "__main__":
    main()
