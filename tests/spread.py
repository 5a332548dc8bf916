"""A pytest plugin (`-p tests.spread`): which tests run in one process, and the longest of them first.

pytest-xdist's own groups (`--dist loadgroup`) are told by a suffix of the test's name, which pytest 9.2 does not take.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

DEPLOYED = ("tests/infra/test_ministack", "tests/infra/test_package", "tests/infra/test_templates")
"""files that share one package and one deployment, which take a minute to make"""
LONG = (
    DEPLOYED[0],
    "tests/crash/test_kills",
    "tests/crash/test_real_pair",
    "tests/http/test_api_fuzz",
    "tests/journeys/",
)
"""what would hold one process up when the other has nothing left to do, longest first"""


class Spread(LoadFileScheduling):
    """Give each process a file at a time."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = min(self.workqueue, key=_rank)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        name: str = super()._split_scope(nodeid)
        return DEPLOYED[0] if name.startswith(DEPLOYED) else name


def _rank(name: str) -> int:
    return next((place for place, begins in enumerate(LONG) if name.startswith(begins)), len(LONG))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spread:
    """Tell pytest-xdist."""
    return Spread(config, log)
