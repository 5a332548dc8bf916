"""Writes chalicelib/routes.csv, the table that finds a route without loading all of them: `python -m infra.routes`."""

import csv
import io
from pathlib import Path

from chalicelib.routes import MODULES, TABLE, load

FILE = Path(__file__).parents[1] / "chalicelib" / TABLE


def written() -> str:
    """Return the text of the file."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("method", "path", "name", "module"))
    for module in MODULES:
        table.writerows((route.method, route.path, route.name, module) for route in load(module).routes)
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
