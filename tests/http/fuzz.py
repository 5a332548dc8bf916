"""Fuzzing per role: requests that schemathesis makes from the served specification, sent with valid tokens.

    python -m tests.http.fuzz [requests wanted] [seed]

Every answer is held to the specification: status, content type, headers and schema. A role may do what api_matrix.csv
says; it gets few cases of what it may not do, so that the share of 2xx says how deep the fuzzing goes.
"""

import logging
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.edge.logs import silence
from infra.local.report import signed

from .api_people import headers
from .api_requests import Operation, document, operations
from .api_scene import LIVE, NEEDS, Scene, sender
from .api_table import expected
from .api_world import REPORTS_SECRET, World
from .fuzz_filling import OFTEN, Filler

ROLES = ("holder", "allowed_doctor", "author_lab", "enrolment", "support", "insurer")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
AIM = 0.30
"""least share of 2xx on every route"""
LEAST = 5_000
"""cases that a run which asks for as many has to send (issue 2)"""
_PER_SCENE = 100
"""cases after which the record is a fresh one: lists stay short"""


@dataclass(slots=True)
class Report:
    """What was sent and answered."""

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: Counter[str] = field(default_factory=Counter)

    def note(self, route: str, status: int) -> None:
        """Count one answer."""
        self.statuses[route][status] += 1

    @property
    def cases(self) -> int:
        """Return how many requests were sent."""
        return sum(found.total() for found in self.statuses.values())

    @property
    def faults(self) -> int:
        """Return how many answers were 5xx."""
        return sum(count for found in self.statuses.values() for status, count in found.items() if status >= 500)

    def shares(self) -> dict[str, float]:
        """Return the share of 2xx per route, lowest first."""
        shares = {
            route: sum(count for status, count in found.items() if 200 <= status < 300) / found.total()
            for route, found in self.statuses.items()
        }
        return dict(sorted(shares.items(), key=lambda one: one[1]))

    def lines(self) -> Iterator[str]:
        """Yield the table, what was wrong, and one line that says it all."""
        shares = self.shares()
        for route, share in shares.items():
            counts = "  ".join(f"{status}×{count}" for status, count in sorted(self.statuses[route].items()))
            yield f"{share:4.0%}  {self.statuses[route].total():5}  {route:62} {counts}"
        yield from (f"undocumented ({count}×): {what}" for what, count in self.wrong.items())
        lowest = min(shares, key=lambda route: shares[route])
        totals = f"fuzz: {self.cases} cases, {self.faults} 5xx, {self.wrong.total()} undocumented"
        yield f"{totals}, lowest share of 2xx {shares[lowest]:.0%} ({lowest})"

    @property
    def good(self) -> bool:
        """Tell whether all of it is as it must be."""
        return not self.faults and not self.wrong and min(self.shares().values()) >= AIM


def fuzz(cases: int, seed: int) -> Report:
    """Send up to this many cases (fewer where a route has little to vary); the same seed sends the same ones."""
    report, schema = Report(), schemathesis.openapi.from_dict(deepcopy(document()))  # it writes into what it is given
    may = [(one, role) for one in operations() for role in {**dict.fromkeys(ROLES), **_own(one)}]
    weights = {(one.name, role): 20 if _may(one, role) else 1 for one, role in may}
    unit = cases / sum(weights.values())
    for one, role in may:
        wanted = max(1, round(unit * weights[one.name, role]))
        described = schema[one.path][one.method]
        for mode, number in ((GenerationMode.POSITIVE, wanted - wanted // 4), (GenerationMode.NEGATIVE, wanted // 4)):
            _run(described, one, role, mode, number, seed, report)
    return report


def _own(one: Operation) -> dict[str, None]:
    """Return who sends a request that only somebody with a code of this scene can send."""
    return {sender(one.name): None} if one.name in LIVE else {}


def _may(one: Operation, role: str) -> bool:
    """Tell whether a role may do it: a record in another state than the step asks for is brought into it."""
    told = expected()[one.name].get(role, "")
    return role in _own(one) or told.startswith("2") or (one.name in NEEDS and told.startswith("409"))


def _run(described: Any, one: Operation, role: str, mode: Any, number: int, seed: int, report: Report) -> None:
    if number == 0 or (mode is GenerationMode.NEGATIVE and not (one.about["parameters"] or one.content)):
        return
    chance = random.Random(zlib.crc32(f"{seed} {one} {role} {mode}".encode()))
    fillers: list[Filler] = []

    @hypothesis.seed(chance.getrandbits(64))
    @hypothesis.settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @hypothesis.given(case=described.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        if report.statuses[str(one)].total() % _PER_SCENE == 0 or not fillers:
            fillers[:] = [Filler(Scene(), role, one.name, chance)]
        _send(case, one, role, fillers[0], report)

    send()


def _send(case: Case, one: Operation, role: str, filler: Filler, report: Report) -> None:
    filler.fill(case)
    world = filler.scene.world
    auth = headers(role, one.method, unquote(case.formatted_path), world.clock)
    app = _signing(world) if one.name == "reports_deliver" and filler.random.random() < OFTEN else world.wsgi
    response = case.call(app=app, base_url="http://localhost", headers=auth)
    report.note(str(one), response.status_code)
    try:
        case.validate_response(response, checks=CHECKS)
    except (Failure, FailureGroup) as failure:
        found = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
        answer = f"{one} as {role}: {response.status_code}"
        report.wrong.update(f"{answer} {type(each).__name__} {_first(each)}" for each in found)


def _signing(world: World) -> Any:
    """Return the application with a provider before it that signs every body."""

    def app(asked: dict[str, Any], start_response: Any) -> Any:
        body = asked["wsgi.input"].read(int(asked.get("CONTENT_LENGTH") or 0))
        signature = signed(REPORTS_SECRET, body, int(world.clock.now().timestamp()))["Carnet-Signature"]
        return world.wsgi({**asked, "wsgi.input": BytesIO(body), "HTTP_CARNET_SIGNATURE": signature}, start_response)

    return app


def _first(failure: Failure) -> str:
    return " ".join(str(failure).split())[:300]


def main() -> int:
    """Read the command line, fuzz, print."""
    silence(logging.getLogger("chalicelib"))
    given = [int(word) for word in sys.argv[1:]]
    asked = given[0] if given else 8000
    report = fuzz(asked, given[1] if len(given) > 1 else 1)
    print("\n".join(report.lines()))
    return 0 if report.good and report.cases >= min(asked, LEAST) else 1


if __name__ == "__main__":
    sys.exit(main())
