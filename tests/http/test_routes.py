"""The table of routes: it is what the modules declare, and what saves a start from loading all of them."""

import json
import subprocess
import sys
from pathlib import Path

from chalicelib.routes import MODULES
from infra.routes import FILE, written

ROOT = Path(__file__).parents[2]
LOADED = "print(json.dumps([name[11:] for name in sys.modules if name.startswith('chalicelib.')]))"


def loaded(code: str) -> set[str]:
    """Return the modules of the product that a fresh process has loaded after this code."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import json, sys, app; {code}; {LOADED}"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return set(json.loads(ran.stdout))


def test_the_table_is_what_the_modules_declare() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "python -m infra.routes"


def test_no_module_that_declares_routes_is_forgotten() -> None:
    declaring = [
        path
        for path in (ROOT / "chalicelib").rglob("*.py")
        if any(line.startswith(("api = Api(", "api = prevention_api(")) for line in path.read_text().splitlines())
    ]
    names = {".".join(path.relative_to(ROOT / "chalicelib").with_suffix("").parts) for path in declaring}
    assert names == set(MODULES)


def test_a_start_loads_no_capability_and_a_request_its_own() -> None:
    nothing, labels = loaded("pass"), loaded("next(w for w in app.routes.ways() if w.path == '/labels').route()")
    assert not nothing & {*MODULES, "jobs", "edge.openapi", "callers", "edge.authn", "hosts.webpush"}
    assert labels & set(MODULES) == {"vault.reading_http"}
