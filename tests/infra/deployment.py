"""What the tests of this folder share: a package, and a stand-in that it is deployed to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy import Applied
from infra.package import TEMPLATE
from infra.perimeter import Stage
from tests.infra.ministack import Cloud


@dataclass(frozen=True, slots=True)
class Made:
    """What `infra.package` wrote."""

    folder: Path
    hashes: dict[str, str]

    @property
    def resources(self) -> dict[str, Any]:
        """Return the resources of the template by their logical names."""
        found: dict[str, Any] = json.loads((self.folder / TEMPLATE).read_text())["Resources"]
        return found


@dataclass(frozen=True, slots=True)
class Mails:
    """A mail server and the folder where it keeps what it takes."""

    url: str
    folder: Path

    def to(self, mailbox: str) -> list[Path]:
        """Return the mails to this address."""
        return [path for path in self.folder.glob("*.eml") if f"To: {mailbox}" in path.read_text()]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stand-in with the three stacks in it."""

    cloud: Cloud
    stage: Stage
    first: list[Applied]

    @property
    def data(self) -> dict[str, str]:
        """Return the outputs of the data stack."""
        return dict(self.first[0].outputs)

    @property
    def edge(self) -> dict[str, str]:
        """Return the outputs of the edge stack."""
        return dict(self.first[1].outputs)
