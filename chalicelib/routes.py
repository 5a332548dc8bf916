"""Every way in over HTTP. `routes.csv` says which module declares it; only what a request asks for is loaded.

A function starts for one request of one capability: loading all of them doubled the time of a start
(docs/performance.md). `python -m infra.routes` writes the table from the declarations, and a test holds it to them.
"""

import csv
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module, resources

from .edge.http import Api, Route
from .edge.system import system_api
from .edge.ways import Way, declared
from .kernel.loading import undisturbed

MODULES = (
    "enrolment.http",
    "enrolment.bulk_http",
    "enrolment.life_http",
    "enrolment.support_http",
    "consent.http",
    "consent.deciding_http",
    "consent.handing_http",
    "consent.delegating_http",
    "consent.disclosing_http",
    "vault.http",
    "vault.reading_http",
    "vault.rectification_http",
    "history.http",
    "profile.http",
    "profile.measures_http",
    "profile.words_http",
    "agenda.http",
    "marking",
    "agenda.calendar_http",
    "reminders.http",
    "reminders.coverage_http",
    "notices.http",
    "notices.reports_http",
    "notices.letters_http",
    "emergency.http",
    "care.http",
)
"""the modules whose `api` declares routes, in the order of the documentation"""

TABLE = "routes.csv"


def capabilities() -> list[Api]:
    """Load everything; return all capabilities."""
    return [load(module) for module in MODULES]


def ways() -> list[Way]:
    """Return every way in without loading what lies behind it."""
    return [*_listed(), *declared([system_api(capabilities)])]


def _listed() -> Iterator[Way]:
    text = resources.files("chalicelib").joinpath(TABLE).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield Way(row["method"], row["path"], row["name"], partial(_route, row["module"], row["name"]))


def _route(module: str, name: str) -> Route:
    return _routes(module)[name]


@cache
def _routes(module: str) -> dict[str, Route]:
    return {route.name: route for route in load(module).routes}


def load(module: str) -> Api:
    """Return the routes of one module of MODULES."""
    with undisturbed():
        found: Api = import_module(f"{__package__}.{module}").api
    return found
