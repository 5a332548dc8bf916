"""Writes docs/openapi.json, the specification that `/openapi.json` serves: `python -m infra.specification`."""

import json
from pathlib import Path

from chalicelib.edge.openapi import specification
from chalicelib.edge.system import system_api
from chalicelib.routes import capabilities

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def written() -> str:
    """Return the text of the file, for a server that is not known yet."""
    apis = [*capabilities(), system_api(capabilities)]
    return json.dumps(specification(apis, server="/"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
