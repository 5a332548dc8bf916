"""Property tests draw the same examples at every run, and no deadline: `HYPOTHESIS_PROFILE=search` draws new ones."""

import os

import pytest
from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one file, or those that share one deployment, in one process of pytest-xdist."""
    for item in items:
        shared = {"made", "deployed"} & {*getattr(item, "fixturenames", ())}
        item.add_marker(pytest.mark.xdist_group("deployed" if shared else item.nodeid.partition("::")[0]))
