"""A layer that Chalice made with only a warning is refused."""

import zipfile
from pathlib import Path

import pytest

from infra.wheels import Incomplete, check_complete

_PINS = "# comment\nSome_Package==1.0\nother.package==2.0\n"
_SITE = "python/lib/python3.11/site-packages"


def _layer(folder: Path, **tags: str) -> Path:
    layer = folder / "layer.zip"
    with zipfile.ZipFile(layer, "w") as archive:
        for name, tag in tags.items():
            archive.writestr(f"{_SITE}/{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
    return layer


def test_a_complete_layer_passes(tmp_path: Path) -> None:
    layer = _layer(tmp_path, some_package="py3-none-any", other_package="cp311-abi3-manylinux_2_17_x86_64")
    check_complete(layer, _PINS)


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(Incomplete, match="other-package"):
        check_complete(_layer(tmp_path, some_package="py3-none-any"), _PINS)


def test_a_package_compiled_on_this_machine_is_named(tmp_path: Path) -> None:
    layer = _layer(tmp_path, some_package="py3-none-any", other_package="cp311-cp311-linux_x86_64")
    with pytest.raises(Incomplete, match="other-package"):
        check_complete(layer, _PINS)
