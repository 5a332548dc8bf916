"""What this process was told: the only place that reads the environment, for app.py and for what operators run."""

import os
from collections.abc import Mapping


def environment() -> Mapping[str, str]:
    """Return the variables of this process."""
    return os.environ
