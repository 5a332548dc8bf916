"""The shape of the code, held like any other claim."""

import ast
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
ALL = [*PRODUCT, *sorted((ROOT / "infra").rglob("*.py"))]
EVERYTHING = [*ALL, *sorted((ROOT / "tests").rglob("*.py"))]
COVERED = (
    *"A10 A13 A14 T03 T06 U01 U02 U03 U04 U05 U06 U09 C01 C02 C03 C04 C10 C11 Q01 Q02 Q07 I01 I02 I03 I04 I08".split(),
    *"A01 A02 A03 A04 A05 A06 A07 A09 A11 A12 A15 A16 A17 A19 A21 A22 A23 A24 A25 A26 A27 A28 A29 A30".split(),
    *"T01 T02 T05 T07 T08 T09 C07 U08 Q03 Q04".split(),
)
TOP = {
    "app.py", "chalicelib", "infra", "policies", "tests", ".chalice", "requirements.txt", "README.md",
    "pyproject.toml", "Makefile", ".ci", "docs", "requirements-dev.txt", ".gitignore",
}  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(paths: list[Path]) -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def taken(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a file takes from the product: (module, name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "chalicelib" and not node.level:
            yield from ((str(node.module), one.name) for one in node.names)


def there(module: str, name: str) -> bool:
    found = import_module(module)
    return hasattr(found, name) or (hasattr(found, "__path__") and find_spec(f"{module}.{name}") is not None)


def test_what_no_test_runs_takes_nothing_from_the_product_that_is_not_there():
    used = {one for path in EVERYTHING for one in taken(path)}
    assert len(used) > 500
    assert [one for one in sorted(used) if not there(*one)] == []


def test_nothing_else_stands_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_two_hundred_and_fifty_lines(path):
    assert len(path.read_text().splitlines()) <= 250


def test_functions_are_small():
    lengths = sorted(length(node) for _, node in functions(PRODUCT))
    assert statistics.median(lengths) <= 7
    assert lengths[int(len(lengths) * 0.9)] <= 18
    assert lengths[-1] <= 45


def test_one_module_reads_the_environment_and_of_the_product_only_app_asks_it():
    readers = [p for p in ALL if re.search(r"os\.environ|getenv", p.read_text())]
    assert readers == [ROOT / "chalicelib" / "config" / "environment.py"]
    asking = [p.name for p in PRODUCT if re.search(r"from [.\w]*environment import", p.read_text())]
    assert asking == ["app.py"]


def test_anything_is_caught_only_at_the_edge():
    broad = Counter(
        path.relative_to(ROOT).as_posix()
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
    )
    assert broad == {"chalicelib/edge/caught.py": 1}


def test_the_product_never_prints():
    calls = [(p.name, n) for p in PRODUCT for n in ast.walk(tree(p)) if isinstance(n, ast.Call)]
    assert [name for name, call in calls if getattr(call.func, "id", "") == "print"] == []


def test_no_literal_of_one_host_stands_in_the_product():
    for path in PRODUCT:
        assert "amazonaws.com" not in path.read_text()
        assert "arn:aws:" not in path.read_text()


def test_nothing_is_left_to_do():
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
    texts = {
        path: path.read_text(errors="replace") for path in tracked() if path.suffix in {".py", ".md", ".yaml", ".toml"}
    }
    assert [path.name for path, text in texts.items() if words.search(text)] == []


def test_every_handler_of_app_is_three_lines_at_most():
    handlers = [node for _, node in functions([ROOT / "app.py"]) if node.name.startswith(("on_", "every_"))]
    assert len(handlers) == 6
    for node in handlers:
        assert len(node.body) <= 4


def test_every_abuse_case_of_the_issues_done_has_a_test():
    texts = [path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    marked = {case for text in texts if "mark.abuse" in text for case in re.findall(r'"([A-Z]\d\d)"', text)}
    assert set(COVERED) - marked == set()


def test_the_readme_is_short_and_names_two_commands():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) < 120
    assert sum(line.strip() in ("make run", "make test") for line in lines) == 2


def test_what_tests_share_stands_in_no_test_module():
    modules = [path for path in EVERYTHING if path.is_relative_to(ROOT / "tests")]
    taken_from = [
        (path.name, node.module)
        for path in modules
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    ]
    assert taken_from == []
