"""Reading of the templates as the tests want them."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("app", "on_intake", "on_notices", "on_reminders", "on_enrolment", "every_minute", "every_night")


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation."""


def _short(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value = loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else loader.construct_sequence(node)  # type: ignore[arg-type]
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short)


def template(name: str) -> dict[str, Any]:
    """Return one of the templates in infra/."""
    found: dict[str, Any] = yaml.load((ROOT / "infra" / name).read_text(), _Loader)
    return found


def statements(function: str) -> list[dict[str, Any]]:
    """Return the statements of one function's role."""
    found: list[dict[str, Any]] = json.loads((ROOT / "policies" / "iam" / f"{function}.json").read_text())["Statement"]
    return found


def listed(value: str | list[str]) -> list[str]:
    """Return a list, whichever of the two notations was used."""
    return [value] if isinstance(value, str) else value


def settings(function: str) -> dict[str, Any]:
    """Return what .chalice/config.json says about one function."""
    config: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text())
    return config | config["lambda_functions"].get(function, {})
