"""A client that a public generator makes from the served specification compiles strictly and tells the story.

The client lives in `client/`; it is built in build/typescript-client, which git ignores.
"""

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.home import REPOSITORY
from infra.local.instance import Instance, running
from infra.local.oidc.people import people
from infra.local.paper import laboratory_report

SOURCE = Path(__file__).with_name("client")
FOLDER = REPOSITORY / "build" / "typescript-client"
MODULES = "node_modules"

pytestmark = pytest.mark.real


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the client's folder."""
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300, check=False)


def done(*command: str) -> str:
    """Run a command that has to succeed; return what it printed."""
    found = run(*command)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("instance")) as found:
        yield found


@pytest.fixture(scope="module")
def built(instance: Instance) -> Path:
    """Install the pinned packages, generate the types from what the instance serves, compile."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm on this machine")
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(FOLDER / "build", ignore_errors=True)
    for file in SOURCE.iterdir():
        if file.is_file():
            shutil.copy(file, FOLDER)
    if not _installed():
        done("npm", "ci", "--ignore-scripts")
    with urllib.request.urlopen(f"{instance.base_url}/openapi.json", timeout=10) as answer:
        (FOLDER / "openapi.json").write_bytes(answer.read())
    done("npm", "run", "generate", "--", "openapi.json")
    done("npm", "run", "compile")
    return FOLDER / "build" / "story.js"


def _installed() -> bool:
    """Tell whether what is installed is what the lock file names."""
    kept = FOLDER / MODULES / ".package-lock.json"
    return kept.exists() and kept.stat().st_mtime > (SOURCE / "package-lock.json").stat().st_mtime


def test_the_generated_client_compiles_strictly_and_tells_the_story(
    instance: Instance, built: Path, tmp_path: Path
) -> None:
    report, ondine = tmp_path / "report.pdf", people()["ondine"]
    report.write_bytes(laboratory_report())
    arguments = [instance.base_url, str(instance.state["issuer"]), str(instance.home.credentials), str(report)]
    told = done("node", str(built), *arguments, ondine.ins["value"], ondine.ins["oid"], ondine.claims["sub"])
    assert told.splitlines()[-1] == "typescript: the story is told through the typed client"


def test_a_call_that_the_specification_does_not_know_does_not_compile(built: Path) -> None:
    assert (SOURCE / "refused.ts").read_text().count("@ts-expect-error") == 3
    assert built.with_name("refused.js").exists(), "it was not compiled"


def test_a_call_that_is_known_compiles_where_one_was_expected_not_to(built: Path) -> None:
    known = FOLDER / "known.ts"
    known.write_text("// @ts-expect-error: there is nothing wrong below\nexport const answer: number = 42;\n")
    try:
        found = run("npx", "tsc", "--noEmit", "--strict", "--lib", "ES2022", known.name)
    finally:
        known.unlink()
    assert "Unused '@ts-expect-error' directive" in found.stdout


def test_the_lock_file_names_no_registry() -> None:
    locked = (SOURCE / "package-lock.json").read_text()
    assert '"resolved"' not in locked
    assert "integrity" in locked
