"""What the story on one machine says when it has to wait for too long."""

import pytest

from infra.local.home import Home
from infra.local.instance import Instance
from infra.local.told import Embedded


def test_what_does_not_come_is_named(tmp_path):
    with pytest.raises(TimeoutError, match=r"^an e-mail did not come within 0 s$"):
        Embedded(Instance(Home(tmp_path))).until(lambda: False, "an e-mail", 0)
