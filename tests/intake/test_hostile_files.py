"""Every hostile file is refused for its reason, its twin passes, and none of them gets more than its share."""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache

import pytest

from chalicelib.vault.formats import REASONS
from chalicelib.vault.inspection import apart, child
from chalicelib.vault.inspection.verdict import Verdict

from .corpus import hostile_files
from .hostile import Hostile

FOUND_BY_SCANNER = "MALWARE"
_used: list[tuple[float, float]] = []
"""MiB and seconds of each inspection"""


def _cases(*abuse_ids: str) -> list[object]:
    return [
        pytest.param(one, id=one.name, marks=pytest.mark.abuse(one.abuse_id))
        for one in hostile_files()
        if one.abuse_id in abuse_ids
    ]


@cache
def _of_twin(content: bytes, media: str) -> Verdict:
    # Many share one twin.
    return apart.inspect_apart(content, media)


_METER = """
import json, resource, subprocess, sys
command, environment = json.loads(sys.argv[1])
done = subprocess.run(command, stdin=0, capture_output=True, cwd="/", env=environment)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.stdout.decode(), done.returncode, used.ru_maxrss, used.ru_utime + used.ru_stime]))
"""


def _measured(content: bytes, media: str) -> tuple[Verdict, int, float]:
    """Run the child as `apart` does, and return what that makes of it, the child's memory (KiB) and seconds.

    A small process starts it: whoever is forked from this one inherits the peak memory of pytest itself.
    """
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        meter = [sys.executable, "-S", "-c", _METER, json.dumps([apart.command(media), apart.environment()])]
        done = subprocess.run(meter, stdin=given, capture_output=True, check=True)
    answer, code, memory, seconds = json.loads(done.stdout)
    return apart._verdict(answer.encode(), code), memory, seconds


@pytest.mark.parametrize("one", _cases("U01", "U02", "U03", "U04"))
def test_a_hostile_file_is_refused_for_its_reason_within_its_memory_and_time(one: Hostile) -> None:
    verdict, memory, seconds = _measured(one.content, one.media)
    _used.append((memory / 1024, seconds))
    assert (verdict.ok, verdict.reason) == (False, one.reason)
    assert memory * 1024 <= child.MEMORY
    assert seconds <= child.CPU_SECONDS


@pytest.mark.parametrize("one", _cases("U01", "U02", "U03", "U04"))
def test_its_benign_twin_passes(one: Hostile) -> None:
    verdict = _of_twin(one.twin, one.media_of_twin)
    assert (verdict.ok, verdict.reason) == (True, "")


@pytest.mark.parametrize("one", _cases("U05"))
def test_the_test_virus_is_left_to_the_scanner(one: Hostile) -> None:
    assert one.reason == FOUND_BY_SCANNER
    assert apart.inspect_apart(one.content, one.media).ok


def test_there_are_three_of_each_kind_and_every_reason_has_words(record_property: Callable[..., None]) -> None:
    kinds = Counter(one.abuse_id for one in hostile_files())
    assert min(kinds[abuse_id] for abuse_id in ("U01", "U02", "U03", "U04", "U05")) >= 3
    assert sum(one.reason == "ACTIVE_CONTENT" and one.media == "application/pdf" for one in hostile_files()) >= 30
    assert {one.reason for one in hostile_files()} <= set(REASONS)
    per_reason = defaultdict(set)
    for one in hostile_files():
        per_reason[one.reason].add(one.name)
    assert min(map(len, per_reason.values())) >= 3, {reason: len(names) for reason, names in per_reason.items()}
    figure = f"hostile files: {len(hostile_files())} for {len(per_reason)} reasons"
    if _used:
        memory, seconds = zip(*_used, strict=True)
        limits = f"(limits {child.MEMORY >> 20} and {child.CPU_SECONDS})"
        figure += f", {len(_used)} inspected, at most {max(memory):.0f} MiB and {max(seconds):.1f} s of CPU {limits}"
    record_property("figure", figure)
