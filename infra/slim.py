"""What botocore reads at every start, without what no call needs: documentation, examples, other services' endpoints.

Reading these files is half of what making the clients of both stores costs (`make coldstart`).
"""

import gzip
import json
from pathlib import Path
from typing import Any


def slim(data: Path) -> None:
    """Rewrite `botocore/data` in place: every operation, shape and endpoint of the services that are there stays."""
    services = {one.name for one in data.iterdir() if one.is_dir()}
    for examples in data.glob("*/*/examples-1.json"):
        examples.unlink()
    for packed in data.glob("*/*/*.json.gz"):
        _write(packed.with_suffix(""), undocumented(json.loads(gzip.decompress(packed.read_bytes()))))
        packed.unlink()
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        partition["services"] = {name: one for name, one in partition["services"].items() if name in services}
    _write(endpoints, known)


def undocumented(described: Any) -> Any:
    """Return a description with empty texts: botocore looks for some of them at a call.

    A member of a shape that is called `documentation` is no text.
    """
    if isinstance(described, dict):
        return {
            name: "" if name == "documentation" and isinstance(one, str) else undocumented(one)
            for name, one in described.items()
        }
    return [undocumented(one) for one in described] if isinstance(described, list) else described


def _write(to: Path, described: Any) -> None:
    to.write_text(json.dumps(described, separators=(",", ":")), encoding="utf-8")
