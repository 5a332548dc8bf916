"""`make crash`: random `kill -9` of front, worker and both stores while documents are uploaded over HTTP.

About six minutes. Every document that was acknowledged must be found again, once, byte for byte, and the processes
must come back by themselves.
"""

import argparse
import http.client
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from infra.local.instance import Instance, running
from infra.local.oidc.people import people
from infra.local.send import send
from infra.local.story import Answer, Ask, opening

VICTIMS = ("front", "worker", "rows", "blobs")
RECORDS, UPLOADERS, READERS = 10, 8, 4
PATIENCE = 180.0


@dataclass
class Run:
    """What was sent and acknowledged, and what was killed."""

    instance: Instance
    seed: int
    records: list[str] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    done: threading.Event = field(default_factory=threading.Event)


def patient(run: Run, ask: Ask, expected: int) -> Answer:
    """Send until the answer is the expected one, as a careful client does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            run.tries += 1
            answer = send(run.instance, ask)
        except (OSError, URLError, http.client.HTTPException, FileNotFoundError):
            time.sleep(0.2)
            continue
        if answer.status == expected:
            return answer
        if answer.status < 500:
            raise AssertionError(f"{ask.method} {ask.path}: {answer.status} {answer.body[:200]!r}")
        time.sleep(0.1)
    raise TimeoutError(ask.path)


def open_records(run: Run) -> None:
    """Open the records, all with the same holder."""
    ondine = people()["ondine"]
    login = {"issuer": f"{run.instance.state['issuer']}/citizens", "subject": ondine.claims["sub"]}
    from datetime import date

    for number in range(RECORDS):
        ins = f"27611999{run.seed % 100:02d}{number:03d}"
        identity = {"value": f"{ins}{97 - int(ins) % 97:02d}", "oid": ondine.ins["oid"]}
        body = opening(identity, date(1976, 11, 23), "F", "ESSAI", "crash@example.org") | {"holder": login}
        answer = send(run.instance, Ask("enrolment", "POST", "/records", json=body))
        run.records.append(answer.json()["record"])


def upload(run: Run, number: int) -> None:
    """Deposit one document, patiently."""
    content = f"{number} ".encode() * random.Random(run.seed + number).randint(100, 8000)
    metadata = {"type": "11502-2", "title": f"n{number}", "unique_id": f"crash.{run.seed}.{number}"}
    record = run.records[number % RECORDS]
    path = f"/records/{record}/documents"
    answer = patient(run, Ask("laboratory", "POST", path, form=(metadata, content, "text/plain")), 202)
    run.acknowledged[answer.json()["document"]] = (record, content)


def killer(run: Run, kills: int) -> None:
    """Kill, wait a little, kill again, until the uploads are done and the kills are enough."""
    chance = random.Random(run.seed)
    while not run.done.is_set() or sum(run.kills.values()) < kills:
        time.sleep(chance.uniform(0.2, 1.0))
        victim = chance.choice(VICTIMS)
        try:
            run.instance.kill_child(victim)
            run.kills[victim] += 1
        except (ProcessLookupError, KeyError, FileNotFoundError, ValueError):
            continue  # dead already: the supervisor is about to start it again


def found(run: Run, document: str) -> bool:
    """Tell whether the document is available and its bytes are the ones that were sent."""
    record, content = run.acknowledged[document]
    path = f"/records/{record}/documents/{document}"
    deadline = time.monotonic() + PATIENCE
    while patient(run, Ask("ondine", "GET", path + "/status"), 200).json()["state"] != "available":
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return patient(run, Ask("ondine", "GET", path + "/content"), 200).body == content


def listed(run: Run) -> Counter[str]:
    """Return how often each document stands in the lists."""
    count: Counter[str] = Counter()
    for record in run.records:
        cursor = ""
        while True:
            path = f"/records/{record}/documents?limit=100" + (f"&cursor={cursor}" if cursor else "")
            page = patient(run, Ask("ondine", "GET", path), 200).json()
            count.update(shown["document"] for shown in page["documents"])
            cursor = page["cursor"]
            if not cursor:
                break
    return count


def crash(folder: Path, uploads: int, kills: int, seed: int) -> int:
    """Run it and print what came out; return the exit code."""
    with running(folder) as instance:
        run = Run(instance, seed)
        open_records(run)
        began = time.monotonic()
        hunter = threading.Thread(target=killer, args=(run, kills))
        hunter.start()
        try:
            with ThreadPoolExecutor(UPLOADERS) as pool:
                pace = max(0.0, kills * 0.9 / uploads)
                for _ in pool.map(lambda n: (upload(run, n), time.sleep(pace * UPLOADERS * 0.5))[0], range(uploads)):
                    pass
        finally:
            run.done.set()
            hunter.join()
        print(
            f"killed {dict(run.kills)} during {uploads} uploads ({run.tries} tries), {time.monotonic() - began:.0f} s"
        )
        back = time.monotonic()
        patient(run, Ask("ondine", "GET", "/me"), 200)
        print(f"answers again by itself {time.monotonic() - back:.1f} s after the last kill")
        with ThreadPoolExecutor(READERS) as pool:
            good = sum(pool.map(lambda document: found(run, document), list(run.acknowledged)))
        twice = listed(run)
        once = sum(1 for document in run.acknowledged if twice[document] == 1)
        print(
            f"seed {seed}: {sum(run.kills.values())} kills, acknowledged {len(run.acknowledged)} = found {good}, "
            f"listed once {once}, listed in all {sum(twice.values())}"
        )
        whole = len(run.acknowledged) == good == once == sum(twice.values()) == uploads
        enough = sum(run.kills.values()) >= kills
        print("crash: nothing lost, nothing twice" if whole and enough else "crash: FAILED")
        return 0 if whole and enough else 1


def main() -> int:
    """Read the command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--uploads", type=int, default=2000)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="carnet-crash-") as folder:
        return crash(Path(folder), given.uploads, given.kills, given.seed)


if __name__ == "__main__":
    sys.exit(main())
