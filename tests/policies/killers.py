"""Runs the named tests of tests/policies in this process, quickly, until one fails."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import settings

settings.register_profile("mutants", derandomize=True, database=None)
settings.load_profile("mutants")
MODULES = ("test_cases", "test_words", "test_tables", "test_feeding", "test_remembered", "test_properties")
"""what looks at decisions, the quickest first"""


def tests(module: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield every test of a module by its name, one for each set of parameters."""
    found = importlib.import_module(f"tests.policies.{module}")
    for name, function in vars(found).items():
        if name.startswith("test_"):
            yield from _expanded(name, function)


def _expanded(name: str, function: Callable[..., Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        yield name, function
        return
    names = (
        [one.strip() for one in marks[0].args[0].split(",")] if isinstance(marks[0].args[0], str) else marks[0].args[0]
    )
    for values in marks[0].args[1]:
        given = dict(zip(names, (values,) if len(names) == 1 else values, strict=True))
        yield f"{name}[{next(iter(given.values()))}]", _bound(function, given)


def _bound(function: Callable[..., Any], given: dict[str, Any]) -> Callable[[], Any]:
    return lambda: function(**given)


def killer() -> str:
    """Return the name of the first test that fails, or nothing."""
    for module in MODULES:
        try:
            for name, test in tests(module):
                try:
                    test()
                except BaseException:  # noqa: BLE001
                    return f"{module}.{name}"
        except BaseException as error:  # noqa: BLE001
            return f"{module} (does not load: {type(error).__name__})"
    return ""
