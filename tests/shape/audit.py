"""`python -m tests.shape.audit`: licences and known vulnerabilities of what ships."""

import json
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
FREE = ("MIT", "BSD", "Apache", "PSF", "Python Software Foundation", "MPL-2.0", "LGPL", "Mozilla")
# Published without licence metadata; their source repository says Apache-2.0.
BY_HAND = ("aws-cryptographic-material-providers", "aws-cryptography-internal-")


def pinned() -> list[str]:
    """Return the names in requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line.split("==")[0] for line in lines if "==" in line and not line.startswith("#")]


def licence(found: Distribution) -> str:
    """Return what a distribution says about its licence."""
    about = found.metadata
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
    return " ".join(filter(None, [about.get("License-Expression"), about.get("License"), *classifiers]))


def refused_licences() -> list[str]:
    """Return the packages whose licence is not known to be free."""
    names = [name for name in pinned() if not name.startswith(BY_HAND)]
    return [name for name in names if not any(word in licence(distribution(name)) for word in FREE)]


def vulnerabilities() -> tuple[list[str], int]:
    """Return what is vulnerable, and how many packages the vulnerability service could tell about."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / "requirements.txt"), "--no-deps", "--disable-pip"]
    answer = subprocess.run(
        [*command, "-f", "json", "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        found = json.loads(answer.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], 0
    known = [one for one in found if "skip_reason" not in one]
    return [f"{one['name']} {one['version']}: {v['id']}" for one in known for v in one["vulns"]], len(known)


def main() -> int:
    """Print both audits; return 1 when one of them finds something."""
    strange, (weak, told) = refused_licences(), vulnerabilities()
    print(f"audit: {len(pinned())} packages ship, {len(strange)} with a licence not on the list {strange or ''}")
    if told:
        print(f"audit: {told} looked up, {len(weak)} known vulnerabilities {weak or ''}")
    else:
        print("audit: the vulnerability service cannot be reached from here: NOTHING WAS LOOKED UP")
    return 1 if strange or weak else 0


if __name__ == "__main__":
    sys.exit(main())
