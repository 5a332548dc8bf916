"""Plays the story against the running instance, or starts one that ends after it: `python -m infra.local.play`."""

import runpy
import subprocess
import sys

from .home import default_home
from .instance import Instance
from .supervisor import STORY


def main() -> int:
    """Return the story's exit code."""
    if Instance(default_home()).is_ready():
        runpy.run_module(STORY, run_name="__main__")
        return 0
    command = [sys.executable, "-m", "infra.local.supervisor", "--story", "--once"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
