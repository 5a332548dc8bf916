"""`python -m tests.policies.mutation`: mutants of the rule table and of the decision function, and who kills them."""

import ast
import os
import select
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from .mutants import mutants

ROOT = Path(__file__).parents[2]
TARGETS = ("predicates", "rules", "decide")
WORKERS, SECONDS = max(1, os.cpu_count() or 1), 240
UNNAMED = "the run (it died or did not end)"
"""what ends a mutant without a test that says why: it is no kill by a named test"""


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    module: str
    what: str
    tree: ast.Module


class Changed(MetaPathFinder, Loader):
    """Loads the changed module in the place of the real one."""

    def __init__(self, mutant: Mutant) -> None:
        """Take the mutant."""
        self._mutant, self._name = mutant, f"chalicelib.access.{mutant.module}"
        self._file = ROOT / "chalicelib" / "access" / f"{mutant.module}.py"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module that was changed."""
        return spec_from_loader(fullname, self, origin=str(self._file)) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        module.__file__ = str(self._file)
        exec(compile(self._mutant.tree, str(self._file), "exec"), module.__dict__)


def all_mutants() -> Iterator[Mutant]:
    """Yield every mutant of the decision function."""
    for module in TARGETS:
        source = (ROOT / "chalicelib" / "access" / f"{module}.py").read_text(encoding="utf-8")
        yield from (Mutant(module, what, tree) for what, tree in mutants(source))


def _tried(mutant: Mutant, told: int) -> None:
    """Run the tests against a mutant, in a process of its own, and write down who killed it."""
    for name in [name for name in sys.modules if name.startswith(("chalicelib", "tests.policies"))]:
        del sys.modules[name]
    sys.meta_path.insert(0, Changed(mutant))
    from tests.policies.killers import killer

    os.write(told, (killer() or "-").encode()[:500])


def _start(mutant: Mutant) -> tuple[int, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
        try:
            _tried(mutant, writer)
        finally:
            os._exit(0)
    os.close(writer)
    return child, reader


def _ended(child: int, reader: int) -> str:
    """Return who killed the mutant, UNNAMED for a process that dies or never ends."""
    ready, _, _ = select.select([reader], [], [], SECONDS)
    told = os.read(reader, 500).decode() if ready else ""
    if not ready:
        os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(reader)
    return {"": UNNAMED, "-": ""}.get(told, told)


def killed(some: Sequence[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant with the test that killed it, or nothing."""
    running: list[tuple[Mutant, int, int]] = []
    for mutant in some:
        running.append((mutant, *_start(mutant)))
        if len(running) == WORKERS:
            first, *running = running
            yield first[0], _ended(*first[1:])
    yield from ((mutant, _ended(*rest)) for mutant, *rest in running)


@dataclass(frozen=True)
class Score:
    """How many mutants there were, how many fell to named tests, how many only to the run; who killed."""

    tried: int
    named: int
    unnamed: int
    tests: frozenset[str]

    @property
    def percent(self) -> float:
        """Return the share of those that fell to named tests."""
        return 100 * self.named / self.tried

    def __str__(self) -> str:
        share = f"{self.named} of {self.tried} killed ({self.percent:.1f} %) by {len(self.tests)} tests"
        return f"code mutants: {share}; {self.unnamed} more died or did not end, and count for nothing"


def score(killers: Sequence[str]) -> Score:
    """Count, by the name of who killed each mutant: a test, or a module of tests that does not load any more."""
    named = [one for one in killers if one and one != UNNAMED]
    tests = frozenset(one.split("[")[0] for one in named)
    return Score(len(killers), len(named), sum(map(bool, killers)) - len(named), tests)


def main() -> int:
    """Print both scores and what lives; return 1 below twenty of twenty, or below 95 % by named tests."""
    from .table_mutants import report

    table, found = report(), []
    for mutant, name in killed(list(all_mutants())):
        found.append(name)
        if not name:
            print(f"code mutants: alive: {mutant.module} {mutant.what}", flush=True)
    total = score(found)
    print(total)
    return 0 if table and total.percent >= 95 else 1


if __name__ == "__main__":
    sys.exit(main())
