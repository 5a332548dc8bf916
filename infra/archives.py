"""Deterministic archives: the same files give the same bytes, wherever and whenever they are packed."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from infra.slim import slim

_WHEN = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_UNIX = 3
SERVICES = frozenset({"dynamodb", "kms", "s3", "sqs"})
"""The only services whose description botocore needs here; the others are two thirds of its size."""


def repack(archive: Path, *, site: str = "") -> None:
    """Rewrite a zip in place: pruned, with bytecode, in fixed order, dates and modes.

    `site` is a folder whose content moves to `python/`, the search path of a layer that is looked through first.
    """
    folder = archive.with_suffix("")
    with zipfile.ZipFile(archive) as old:
        old.extractall(folder)
    if site:
        _lift(folder, site)
    _prune(folder)
    _compile(folder)
    _pack(folder, archive)
    shutil.rmtree(folder)


def digest(archive: Path) -> str:
    """Return the SHA-256 of the file, in hex."""
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def _lift(folder: Path, site: str) -> None:
    shutil.move(folder / site, folder / "lifted")
    shutil.rmtree(folder / "python")
    shutil.move(folder / "lifted", folder / "python")


def _prune(folder: Path) -> None:
    for data in folder.glob("python/botocore/data/*/"):
        if data.name not in SERVICES:
            shutil.rmtree(data)
    for data in folder.glob("python/botocore/data"):
        slim(data)
    for useless in (*folder.glob("python/bin"), *folder.rglob("__pycache__"), *folder.glob("python/boto3/examples")):
        shutil.rmtree(useless, ignore_errors=True)
    # Written at install time: the name of a folder and of a machine.
    for record in (*folder.rglob("*.dist-info/RECORD"), *folder.rglob("*.dist-info/direct_url.json")):
        record.unlink()


def _compile(folder: Path) -> None:
    # A process of its own, one file after another: bytecode depends on what its process has compiled before.
    # Unchecked: the archive is read-only where it runs, so nothing is gained by looking at the sources at each start.
    options = ["-q", "-j", "1", "-s", str(folder), "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run([sys.executable, "-I", "-m", "compileall", *options], check=True)


def _pack(folder: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                new.writestr(_entry(path.relative_to(folder).as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.external_attr, entry.create_system = _MODE, _UNIX
    return entry
