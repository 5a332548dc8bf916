"""What Chalice only warns of: packages that are missing in the layer, or that were compiled on this machine."""

import re
import zipfile
from pathlib import Path

_WHEEL = re.compile(r"([^/]+)-[^/-]+\.dist-info/WHEEL$")
_PIN = re.compile(r"^([\w.-]+)==", re.MULTILINE)
_COMPILED_HERE = re.compile(r"^Tag: .*-linux_", re.MULTILINE)


class Incomplete(Exception):
    """The layer would not run; the message names the packages."""


def check_complete(layer: Path, requirements: str) -> None:
    """Raise Incomplete unless the archive holds each pinned package, as a wheel that was made for any machine."""
    with zipfile.ZipFile(layer) as archive:
        wheels = {_plain(found[1]): archive.read(name) for name in archive.namelist() if (found := _WHEEL.search(name))}
    wanted = {_plain(name) for name in _PIN.findall(requirements)}
    usable = {name for name, text in wheels.items() if not _COMPILED_HERE.search(text.decode())}
    if missing := sorted(wanted - usable):
        names = ", ".join(missing)
        raise Incomplete(
            f"no wheel for this runtime: {names}. Python 3.12 and 3.13 on Lambda take newer wheels than 3.11"
        )


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
