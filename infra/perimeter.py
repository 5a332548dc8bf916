"""Stages, and the perimeter that none may leave (abuse C10): checked here by the rule that also runs at every start."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from chalicelib.config import Config, ConfigError, check_perimeter

ROOT = Path(__file__).parents[1]
PERIMETER = ROOT / "policies" / "perimeter.toml"
_SECRET = "{{resolve:"  # noqa: S105  how CloudFormation spells a reference to a secret


class OutsidePerimeter(Exception):
    """The stage names a place that policies/perimeter.toml does not allow; the message says which."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One file of infra/stages: where it is applied, and what infra/data.yaml and infra/edge.yaml are told."""

    name: str
    partition: str
    region: str
    data_stack: str
    data: dict[str, str]
    edge: dict[str, str]
    glibc: tuple[int, int] | None = None
    """version of the C library there, where it is not that of Lambda"""

    @property
    def edge_stack(self) -> str:
        """Return the name of the stack that carries the functions."""
        return f"{self.data_stack}-edge"

    @property
    def watch_stack(self) -> str:
        """Return the name of the stack that carries the alarms."""
        return f"{self.data_stack}-watch"


def read_stage(name: str, folder: Path = ROOT / "infra" / "stages") -> Stage:
    """Read a stage. Raise OutsidePerimeter when the perimeter does not hold it or its functions would not start."""
    stage = Stage(name, **_toml(folder / f"{name}.toml"))
    check(stage, _toml(PERIMETER))
    return stage


def check(stage: Stage, perimeter: dict[str, Any]) -> None:
    """Raise OutsidePerimeter unless partition, region and every setting lie inside the perimeter of this stage."""
    allowed = perimeter["stages"].get(stage.name)
    if allowed is None:
        raise OutsidePerimeter(f"policies/perimeter.toml knows no stage {stage.name}")
    if stage.partition not in allowed["partitions"]:
        raise OutsidePerimeter(f"partition {stage.partition} is not allowed for stage {stage.name}")
    try:
        check_perimeter(Config.read(environment(stage)), perimeter)
    except ConfigError as error:
        raise OutsidePerimeter(str(error)) from error


def environment(stage: Stage) -> dict[str, str]:
    """Return the settings of the functions, with stand-ins for what only the stacks will know."""
    merged = yaml.safe_load((ROOT / "infra" / "edge.yaml").read_text())
    variables = merged["Globals"]["Function"]["Environment"]["Variables"]
    known = {**stage.edge, "Stage": stage.name, "AWS::Region": stage.region}
    made = {
        "CARNET_TABLE": "table",
        "CARNET_BUCKET": "bucket",
        "CARNET_KEYS": f"kms:arn:{stage.partition}:kms:{stage.region}:0:key/root",
        "CARNET_QUEUE": "sqs:{}",
    }
    told = {name: known[value["Ref"]] for name, value in variables.items() if "Ref" in value}
    literal = {name: value for name, value in variables.items() if isinstance(value, str)}
    return {name: _public(name, text) for name, text in {**made, **told, **literal}.items()}


def _public(name: str, text: str) -> str:
    return "smtps://secret.invalid" if name == "CARNET_SMTP" and text.startswith(_SECRET) else text


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
