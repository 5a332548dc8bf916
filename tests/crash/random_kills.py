"""`make crash`: random `kill -9` of front, worker and both stores while documents are uploaded over HTTP.

Every document that was acknowledged must be found again, once, byte for byte, and the processes must come back by
themselves. Kills and uploads keep step with each other, so that the run is as long as the machine is slow: about five
minutes on two quiet cores. The folder is kept when anything is wrong.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPException
from pathlib import Path

from infra.local.instance import Instance, start
from infra.local.oidc.people import people
from infra.local.orphans import kill_orphans
from infra.local.send import send
from infra.local.story import Answer, Ask, opening

VICTIMS = ("front", "worker", "rows", "blobs")
RECORDS, CLIENTS = 10, 8
AHEAD = 8
"""kills by which one side may be ahead of the other"""
PATIENCE = 120.0
"""seconds for one request, kills included"""
SETTLING = 240.0
"""seconds without any progress of the worker; leases take one minute, sweeps two"""


@dataclass
class Run:
    """What is sent and acknowledged, and what is killed."""

    instance: Instance
    uploads: int
    kills: int
    seed: int
    records: list[str] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    last_kill: float = 0
    dead: set[int] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    def kill_is_due(self) -> bool:
        """Tell whether enough was uploaded for the next kill."""
        return self.killed.total() < len(self.acknowledged) * self.kills / self.uploads + AHEAD

    def upload_is_due(self, number: int) -> bool:
        """Tell whether enough was killed for this upload."""
        return number * self.kills / self.uploads < self.killed.total() + AHEAD

    def is_over(self) -> bool:
        """Tell whether everything was uploaded and the kills are enough."""
        return len(self.acknowledged) >= self.uploads and self.killed.total() >= self.kills


def patient(run: Run, ask: Ask, expected: int) -> Answer:
    """Send until the answer is the expected one, as a careful client does; it bears silence and 5xx, nothing else."""
    deadline = time.monotonic() + PATIENCE
    last = "no answer"
    while time.monotonic() < deadline and not run.ended.is_set():
        run.tries += 1
        try:
            answer = send(run.instance, ask)
        except (OSError, HTTPException) as error:
            last = type(error).__name__
        else:
            if answer.status == expected:
                return answer
            last = f"{answer.status} {answer.body[:300]!r}"
            assert answer.status >= 500, f"{ask.method} {ask.path}: {last}"
        time.sleep(0.1)
    raise TimeoutError(f"{ask.method} {ask.path}: {last}")


def open_records(run: Run) -> None:
    """Open the records, all with the same holder."""
    ondine = people()["ondine"]
    login = {"issuer": f"{run.instance.state['issuer']}/citizens", "subject": ondine.claims["sub"]}
    for number in range(RECORDS):
        ins = f"27611999{run.seed % 100:02d}{number:03d}"
        identity = {"value": f"{ins}{97 - int(ins) % 97:02d}", "oid": ondine.ins["oid"]}
        body = opening(identity, date(1976, 11, 23), "F", "ESSAI", "crash@example.org") | {"holder": login}
        answer = patient(run, Ask("enrolment", "POST", "/records", json=body), 201)
        run.records.append(answer.json()["record"])


def upload(run: Run, number: int) -> None:
    """Deposit one document, patiently, when it is its turn."""
    while not run.upload_is_due(number) and not run.ended.wait(0.05):
        continue
    content = f"{number} ".encode() * random.Random(run.seed + number).randint(100, 8000)
    metadata = {"type": "11502-2", "title": f"n{number}", "unique_id": f"crash.{run.seed}.{number}"}
    record = run.records[number % RECORDS]
    path = f"/records/{record}/documents"
    answer = patient(run, Ask("laboratory", "POST", path, form=(metadata, content, "text/plain")), 202)
    run.acknowledged[answer.json()["document"]] = (record, content)


def hunt(run: Run) -> None:
    """Kill one at random, wait a little, kill again, until the uploads are done and the kills are enough."""
    chance = random.Random(run.seed)
    try:
        while not run.is_over() and not run.ended.wait(chance.uniform(0.05, 1.0)):
            if run.kill_is_due():
                kill(run, chance.choice(VICTIMS))
    except BaseException:
        run.ended.set()  # nobody shall wait for kills that do not come
        raise


def kill(run: Run, victim: str) -> None:
    """Kill it with all its own processes, when it is not dead already."""
    try:
        pid = run.instance.pid(victim)
        if pid in run.dead:
            return  # the supervisor is about to start it again
        run.instance.kill_child(victim)
    except (ProcessLookupError, KeyError):
        return  # it ended by itself, or the supervisor waits before it starts it again
    run.dead.add(pid)
    run.killed[victim] += 1
    run.last_kill = time.monotonic()


def listed(run: Run) -> Counter[str]:
    """Return how often each document stands in the lists of available ones."""
    count: Counter[str] = Counter()
    for record in run.records:
        cursor, first = "", True
        while cursor or first:
            path = f"/records/{record}/documents?limit=100" + (f"&cursor={cursor}" if cursor else "")
            page = patient(run, Ask("ondine", "GET", path), 200).json()
            count.update(shown["document"] for shown in page["documents"])
            cursor, first = page["cursor"], False
    return count


def settled(run: Run) -> Counter[str]:
    """Wait until every acknowledged document is available, or nothing moves any more; return the lists."""
    found, moved = listed(run), time.monotonic()
    while not found.keys() >= run.acknowledged.keys() and time.monotonic() - moved < SETTLING:
        time.sleep(10)
        before, found = found, listed(run)
        moved = time.monotonic() if found != before else moved
    return found


def is_found(run: Run, document: str) -> bool:
    """Tell whether its bytes are the ones that were sent."""
    record, content = run.acknowledged[document]
    return patient(run, Ask("ondine", "GET", f"/records/{record}/documents/{document}/content"), 200).body == content


def came_back(run: Run) -> None:
    """Wait until the API answers a question that takes both keys and rows, and every one killed was started again."""
    patient(run, Ask("ondine", "GET", f"/records/{run.records[0]}/documents"), 200)
    deadline = time.monotonic() + PATIENCE
    while not run.killed <= (starts := again(run)):
        assert time.monotonic() < deadline, f"killed {run.killed}, started again {starts}"
        time.sleep(0.1)
    seconds = time.monotonic() - run.last_kill
    print(f"all back by themselves {seconds:.1f} s after the last kill: started again {dict(starts)}", flush=True)


def again(run: Run) -> Counter[str]:
    """Return how often the supervisor started each of them again."""
    children = run.instance.state["children"]
    return Counter({name: children[name]["starts"] - 1 for name in VICTIMS if name in children})


def crash(run: Run, pool: ThreadPoolExecutor) -> bool:
    """Do it all and print what came out; return whether nothing is lost and nothing stands twice."""
    began = time.monotonic()
    open_records(run)
    hunter = pool.submit(hunt, run)
    try:
        for _ in pool.map(lambda number: upload(run, number), range(run.uploads)):
            continue
    except TimeoutError:
        if run.ended.is_set():
            hunter.result()  # its failure is the cause
        raise
    hunter.result()
    seconds = time.monotonic() - began
    print(f"{run.killed.total()} kills {dict(run.killed)}, {run.uploads} uploads, {run.tries} tries, {seconds:.0f} s")
    came_back(run)
    lists = settled(run)
    good = sum(pool.map(lambda document: is_found(run, document), run.acknowledged))
    once = sum(lists[document] == 1 for document in run.acknowledged)
    print(
        f"seed {run.seed}: acknowledged {len(run.acknowledged)} = found {good}; listed once {once}, "
        f"listed in all {lists.total()}; {time.monotonic() - began:.0f} s in all"
    )
    return run.killed.total() >= run.kills and len(run.acknowledged) == good == once == lists.total() == run.uploads


@contextmanager
def under_fire(folder: Path, uploads: int, kills: int, seed: int) -> Iterator[Run]:
    """Start an instance; whatever happens, no process of it stays behind."""
    instance = start(folder)
    run = Run(instance, uploads, kills, seed)
    try:
        yield run
    finally:
        run.ended.set()
        instance.kill()
        kill_orphans(instance.home.root)


def main() -> int:
    """Read the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--uploads", type=int, default=2000)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="carnet-crash-"))
    whole = False
    try:
        # The pool ends last: its threads give up as soon as the run is over.
        with ThreadPoolExecutor(CLIENTS + 1) as pool, under_fire(folder, given.uploads, given.kills, given.seed) as run:
            whole = crash(run, pool)
    finally:
        if whole:
            shutil.rmtree(folder)
        print("crash: nothing lost, nothing twice" if whole else f"crash: FAILED, everything is kept in {folder}")
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
