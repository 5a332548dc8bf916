"""Every hostile file is refused for its reason, its twin passes, and none of them gets more than its share."""

import os
import subprocess
import tempfile
from collections import Counter, defaultdict
from functools import cache
from resource import struct_rusage

import pytest

from chalicelib.vault.formats import REASONS
from chalicelib.vault.inspection import apart, child
from chalicelib.vault.inspection.verdict import Verdict

from .corpus import hostile_files
from .hostile import Hostile

FOUND_BY_SCANNER = "MALWARE"


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


def _measured(content: bytes, media: str) -> tuple[bytes, struct_rusage]:
    """Run the child as `apart` does, from a file, and return its answer with what it used."""
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        running = subprocess.Popen(
            apart.command(media), stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
            env=apart.environment(),
        )  # fmt: skip
        assert running.stdout is not None
        answer = running.stdout.read()
        running.stdout.close()
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    return answer, used


@pytest.mark.parametrize("one", _cases("U01", "U02", "U04"))
def test_a_hostile_file_is_refused_for_its_reason(one: Hostile) -> None:
    verdict = apart.inspect_apart(one.content, one.media)
    assert (verdict.ok, verdict.reason) == (False, one.reason)


@pytest.mark.parametrize("one", _cases("U03"))
def test_a_bomb_is_refused_within_its_memory_and_time(one: Hostile) -> None:
    answer, used = _measured(one.content, one.media)
    assert answer.startswith(child.READY + b"0 " + one.reason.encode())
    assert used.ru_maxrss * 1024 <= child.MEMORY
    assert used.ru_utime + used.ru_stime <= child.CPU_SECONDS


@pytest.mark.parametrize("one", _cases("U01", "U02", "U03", "U04"))
def test_its_benign_twin_passes(one: Hostile) -> None:
    verdict = _of_twin(one.twin, one.media_of_twin)
    assert (verdict.ok, verdict.reason) == (True, "")


@pytest.mark.parametrize("one", _cases("U05"))
def test_the_test_virus_is_left_to_the_scanner(one: Hostile) -> None:
    assert one.reason == FOUND_BY_SCANNER
    assert apart.inspect_apart(one.content, one.media).ok


def test_there_are_three_of_each_kind_and_every_reason_has_words() -> None:
    kinds = Counter(one.abuse_id for one in hostile_files())
    assert min(kinds[abuse_id] for abuse_id in ("U01", "U02", "U03", "U04", "U05")) >= 3
    assert sum(one.reason == "ACTIVE_CONTENT" and one.media == "application/pdf" for one in hostile_files()) >= 30
    assert {one.reason for one in hostile_files()} <= set(REASONS)
    per_reason = defaultdict(set)
    for one in hostile_files():
        per_reason[one.reason].add(one.name)
    assert min(map(len, per_reason.values())) >= 3, {reason: len(names) for reason, names in per_reason.items()}
    print(f"hostile files: {len(hostile_files())}, reasons: {len(per_reason)}")
