"""Seeded mutants of the product: `python -m tests.crash.mutants NAME` runs the kills against one and prints what broke.

A mutant is a changed copy of a source file, compiled when the module is imported, in a process of its own; the text
that is changed must be there exactly once, so that no mutant turns into the original unnoticed.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from types import CodeType, ModuleType

ENOUGH = 40
_IMPORTED = [
    "aws_encryption_sdk",
    "boto3",
    "chalice.app",
    "pikepdf",
    "PIL.Image",
    "pydantic",
    "pynamodb.models",
    "reportlab",
]
"""what takes longest to import; nothing of it is changed"""


@dataclass(frozen=True)
class Mutant:
    """Changed texts of one module, and the operation whose kills must find it."""

    module: str
    operation: str
    changes: Sequence[tuple[str, str]]


_SEND = """\
    try:
        for _, sealed in read(host, facts, facts.relayed, facts.last):
"""
_WAIT = "    for part in sent:\n        part.result()\n"
_WAKE = "        wake(host, filing.record, filed)\n    return filed\n\n\ndef _send"
_TOLD = "known, coded = {} if fresh else told(host, grant, notice), "
_START = "        if found is not None:\n            started[:] ="
_NOBODY = "        if not deliveries:\n            return False\n"
_ROW = "    _write_once(host, journal_row(facts.record, facts.first, facts.frozen, chain))\n"
_AFTER = "\n\ndef _write_once("

MUTANTS = {
    "no-outbox": Mutant(
        "chalicelib.access.gate", "relay", [('{"work": journal_shard(ask.record)} if wakes else {}', "{}")]
    ),
    "commit-before-object": Mutant(
        "chalicelib.vault.actions",
        "deposit",
        [(_WAIT, ""), (_WAKE, "        for part in sent:\n            part.result()\n" + _WAKE)],
    ),
    "relayed-before-sent": Mutant(
        "chalicelib.access.relay",
        "relay",
        [(_SEND, "    _mark(host, facts, facts.last)\n" + _SEND)],
    ),
    "deleted-before-effect": Mutant(
        "infra.worker",
        "notify",
        [
            (
                _NOBODY,
                _NOBODY
                + "        for delivery in deliveries:\n            self._queue.delete(self._name, delivery.receipt)\n",
            )
        ],
    ),
    "consumer-not-idempotent": Mutant("chalicelib.notices.sending", "notify", [(_TOLD, "known, coded = {}, ")]),
    "release-before-journal": Mutant(
        "chalicelib.vault.consult",
        "consult",
        [
            ("from ..access.ticket", "from ..access.keyring import content_key\nfrom ..access.ticket"),
            (_START, "        content_key(host, record, seen.key_row)\n" + _START),
        ],
    ),
    "new-name-at-every-try": Mutant(
        "chalicelib.notices.told",
        "notify",
        [("way.channel, way.target)", '__import__("uuid").uuid4().hex)')],
    ),
    "no-sweep": Mutant(
        "chalicelib.vault.store", "deposit", [('    if state == "received":\n', '    if state == "":\n')]
    ),
    "settled-twice": Mutant(
        "chalicelib.vault.intake", "intake", [("detail=detail, op=op, once=True", "detail=detail")]
    ),
    "dropped-before-moved": Mutant(
        "chalicelib.access.flush",
        "flush",
        [
            (_ROW, ""),
            (_AFTER, _ROW + _AFTER),
        ],
    ),
}


class _Changed(SourceFileLoader):
    def __init__(self, spec: ModuleSpec, changes: Sequence[tuple[str, str]]) -> None:
        assert spec.origin
        super().__init__(spec.name, spec.origin)
        self._changes = changes

    def get_code(self, fullname: str) -> CodeType:
        text = Path(self.path).read_text(encoding="utf-8")
        for old, new in self._changes:
            if text.count(old) != 1:
                message = f"{fullname} has {text.count(old)} times: {old}"
                raise AssertionError(message)
            text = text.replace(old, new)
        return compile(text, self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec
        spec.loader = _Changed(spec, self._mutant.changes)
        return spec


def violations(name: str) -> list[str]:
    """Return the first things that the kills of one operation find in the product as it is imported here."""
    from .operations import OPERATIONS
    from .schedules import Schedule, pairs, retries, run

    operation = next(op for op in OPERATIONS if op.name == name)
    kills = (Schedule(operation, point, None, retry) for retry in retries(operation) for point in pairs(operation))
    return [*islice((f"{kill}: {what}" for kill in kills for what in run(kill).wrong), ENOUGH)]


def violations_with(name: str) -> list[str]:
    """Import the product with the mutant in it, into a process that has not yet; return what its kills find."""
    mutant = MUTANTS[name]
    assert mutant.module not in sys.modules
    sys.meta_path.insert(0, _Finder(mutant))
    return violations(mutant.operation)


@contextmanager
def processes() -> Iterator[ProcessPoolExecutor]:
    """Run two processes at a time, a fresh one for each mutant: with what the product imports, and nothing of it."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    with ProcessPoolExecutor(2, context, max_tasks_per_child=1) as pool:
        yield pool


def main(name: str) -> None:
    """Print what the kills find in one mutant."""
    print(json.dumps(violations_with(name)))


if __name__ == "__main__":
    main(sys.argv[1])
