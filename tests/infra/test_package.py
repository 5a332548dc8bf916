"""The package: what is in it, that it is the same every time, and that no stage leaves the perimeter."""

import gzip
import importlib.util
import io
import json
import marshal
import zipfile
from concurrent.futures import Future
from pathlib import Path
from types import CodeType

import botocore
import pytest

from infra.archives import SERVICES
from infra.package import CODE, LAYER
from infra.perimeter import OutsidePerimeter, read_stage
from infra.slim import undocumented
from tests.infra.deployment import Made
from tests.infra.templates import ROOT

WHOLE = Path(botocore.__path__[0]) / "data"
ENDPOINTS = "python/botocore/data/endpoints.json"
_UNCHECKED_HASH = 1
_HEADER = 16


def _names(archive: Path) -> list[str]:
    return zipfile.ZipFile(archive).namelist()


def test_a_second_run_gives_the_same_bytes(made: Made, made_again: Future[Made]) -> None:
    again = made_again.result()
    assert again.hashes == made.hashes
    assert (again.folder / "edge.json").read_bytes() == (made.folder / "edge.json").read_bytes()
    print(f"two packages, one hash: code {again.hashes[CODE][:16]}…, layer {again.hashes[LAYER][:16]}…")


@pytest.mark.parametrize("name", [CODE, LAYER])
def test_every_module_is_there_as_bytecode_that_is_never_checked(made: Made, name: str) -> None:
    with zipfile.ZipFile(made.folder / name) as archive:
        names = set(archive.namelist())
        for source in (name for name in names if name.endswith(".py")):
            compiled = importlib.util.cache_from_source(source)
            header = archive.read(compiled)[:_HEADER]
            assert header[:4] == importlib.util.MAGIC_NUMBER
            assert int.from_bytes(header[4:8], "little") == _UNCHECKED_HASH


def test_nothing_says_where_it_was_made(made: Made) -> None:
    with zipfile.ZipFile(made.folder / CODE) as archive:
        code: CodeType = marshal.load(io.BytesIO(archive.read("__pycache__/app.cpython-311.pyc")[_HEADER:]))
    assert code.co_filename == "app.py"


def test_the_layer_describes_only_the_services_in_use(made: Made) -> None:
    found = {
        name.split("/")[3] for name in _names(made.folder / LAYER) if name.count("/") > 3 and "botocore/data" in name
    }
    assert found == SERVICES


def test_what_the_layer_describes_lacks_nothing_but_words(made: Made) -> None:
    """The botocore of this environment is the same version (`requirements.txt`), with its words."""
    with zipfile.ZipFile(made.folder / LAYER) as archive:
        packed = [path for service in SERVICES for path in WHOLE.glob(f"{service}/*/*.json.gz")]
        assert len(packed) >= 2 * len(SERVICES)
        for path in packed:
            whole, name = json.loads(gzip.decompress(path.read_bytes())), path.relative_to(WHOLE).with_suffix("")
            assert json.loads(archive.read(f"python/botocore/data/{name}")) == undocumented(whole) != whole
        slim, whole = (json.loads(text) for text in (archive.read(ENDPOINTS), (WHOLE / "endpoints.json").read_bytes()))
        for ours, theirs in zip(slim["partitions"], whole["partitions"], strict=True):
            named = {name: one for name, one in theirs["services"].items() if name in SERVICES}
            assert ours == {**theirs, "services": named}


def test_a_member_that_is_called_documentation_stays() -> None:
    described = {"documentation": "words", "members": {"documentation": {"shape": "Text", "documentation": "words"}}}
    bare = {"documentation": "", "members": {"documentation": {"shape": "Text", "documentation": ""}}}
    assert undocumented(described) == bare


def test_policies_travel_as_files(made: Made) -> None:
    with zipfile.ZipFile(made.folder / CODE) as archive:
        linked = [path for path in ROOT.glob("chalicelib/**/*") if path.is_symlink()]
        assert ROOT / "chalicelib/perimeter.toml" in linked
        for path in linked:
            assert archive.read(path.relative_to(ROOT).as_posix()) == path.read_bytes()


def test_the_code_holds_no_test_and_no_tool(made: Made) -> None:
    assert {name.split("/")[0] for name in _names(made.folder / CODE)} == {
        "__pycache__",
        "app.py",
        "chalice",
        "chalicelib",
    }


_DEVELOPMENT = json.dumps(
    [
        {
            "issuer": "https://issuer.example",
            "audience": "carnet",
            "kind": "staff",
            "jwks_uri": "https://issuer.example/jwks",
            "algorithms": ["ES256"],
            "development": True,
        }
    ]
)
_OUTSIDE = {
    "partition aws ": ('partition = "aws-eusc"', 'partition = "aws"'),
    "CARNET_REGION": ('region = "eusc-de-east-1"', 'region = "us-east-1"'),
    "CARNET_SCANNER": ('Scanner = "none"', 'Scanner = "clamd://scanner.elsewhere.example:3310"'),
    "CARNET_ISSUERS": ('Issuers = "[]"', f"Issuers = '{_DEVELOPMENT}'"),
}


@pytest.mark.abuse("C10")
@pytest.mark.parametrize("what", _OUTSIDE)
def test_a_stage_outside_the_perimeter_is_refused(what: str, tmp_path: Path) -> None:
    inside = (ROOT / "infra/stages/sovereign.toml").read_text()
    (tmp_path / "sovereign.toml").write_text(inside)
    assert read_stage("sovereign", tmp_path).region == "eusc-de-east-1"
    (tmp_path / "sovereign.toml").write_text(inside.replace(*_OUTSIDE[what]))
    with pytest.raises(OutsidePerimeter, match=what):
        read_stage("sovereign", tmp_path)


@pytest.mark.abuse("C10")
def test_a_stage_that_the_perimeter_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text((ROOT / "infra/stages/sovereign.toml").read_text())
    with pytest.raises(OutsidePerimeter, match="elsewhere"):
        read_stage("elsewhere", tmp_path)
