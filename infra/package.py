"""Make the package of one stage: `python -m infra.package --stage sovereign --out build/sovereign`.

`chalice package` writes two archives and a template; this adds what it leaves out: bytecode, only the parts of
botocore in use, the same bytes on every run, roles that name the real resources, answers of the gateway.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml  # type: ignore[import-untyped]

from chalicelib.config.environment import environment
from chalicelib.reminders.rules import set_in
from infra.archives import digest, repack
from infra.gateway import gateway_responses
from infra.perimeter import ROOT, Stage, read_stage
from infra.wheels import check_complete

CODE, LAYER, TEMPLATE = "deployment.zip", "layer-deployment.zip", "edge.json"
_SHIPPED = ("app.py", "requirements.txt", ".chalice/config.json", "policies/iam", "infra/edge.yaml", "chalicelib")
_NAME = re.compile(r"\$\{([A-Za-z]+)\}")


def package(stage: Stage, out: Path, project: Path = ROOT) -> dict[str, str]:
    """Write archives and template to `out`; return the SHA-256 of each archive by its name."""
    _check_rules(project)
    with TemporaryDirectory() as scratch:
        # A copy: the cache of Chalice ignores file names and would hand out yesterday's archive.
        copy = _copy(project, Path(scratch) / "project")
        made = _chalice(stage, copy, Path(scratch) / "made")
        repack(made / CODE)
        repack(made / LAYER, site=f"python/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages")
        hashes = {name: digest(made / name) for name in (CODE, LAYER)}
        template = finished(yaml.safe_load((made / "sam.yaml").read_text()), hashes)
        out.mkdir(parents=True, exist_ok=True)
        for name in hashes:
            shutil.move(made / name, out / name)
        (out / TEMPLATE).write_text(json.dumps(template, indent=1, sort_keys=True))
        return hashes


def _check_rules(project: Path) -> None:
    """End here when the prevention rules do not load, rather than in every function that reminds."""
    try:
        set_in(project / "chalicelib" / "reminders")
    except ValueError as error:
        raise SystemExit(f"prevention rules: {error}") from None


def _copy(project: Path, to: Path) -> Path:
    for name in _SHIPPED:
        source, target = project / name, to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return to


def _chalice(stage: Stage, project: Path, out: Path) -> Path:
    command = [sys.executable, "-c", _program(stage), "--project-dir", str(project), "package", "--stage", stage.name]
    options = ["--merge-template", str(project / "infra/edge.yaml"), str(out)]
    told = {**environment(), "AWS_DEFAULT_REGION": stage.region, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, *options], env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    check_complete(out / LAYER, (project / "requirements.txt").read_text())
    return out


def _program(stage: Stage) -> str:
    runtime = f"cp{sys.version_info.major}{sys.version_info.minor}"
    told = f"DependencyBuilder._RUNTIME_GLIBC[{runtime!r}] = {tuple(stage.glibc)}; " if stage.glibc else ""
    # Not compressed: each archive is packed again, which is when it is.
    stored = "OSUtils.ZIP_DEFLATED = 0; "
    imports = (("cli", "main"), ("deploy.packager", "DependencyBuilder"), ("utils", "OSUtils"))
    return "".join([*(f"from chalice.{module} import {name}; " for module, name in imports), stored, told, "main()"])


def finished(template: dict[str, Any], hashes: dict[str, str]) -> dict[str, Any]:
    """Return Chalice's template with real resources in roles, the gateway's answers, archives named by content."""
    resources = template["Resources"]
    for resource in resources.values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::IAM::Role":
            properties["Policies"] = _named(properties["Policies"])
        for key, name in (("CodeUri", CODE), ("ContentUri", LAYER)):
            if key in properties:
                properties[key] = {"Bucket": _output("Packages"), "Key": f"{hashes[name]}.zip"}
    answers = gateway_responses()
    resources["RestAPI"]["Properties"]["DefinitionBody"]["x-amazon-apigateway-gateway-responses"] = answers
    return template


def _named(value: Any) -> Any:
    """Replace `${Name}` in every text by the output of that name of the data stack."""
    if isinstance(value, dict):
        return {key: _named(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part) for part in value]
    names = _NAME.findall(value) if isinstance(value, str) else []
    return {"Fn::Sub": [value, {name: _output(name) for name in names}]} if names else value


def _output(name: str) -> dict[str, Any]:
    return {"Fn::ImportValue": {"Fn::Sub": f"${{DataStack}}-{name}"}}


def main() -> None:
    """Package the stage named on the command line and print sizes and hashes."""
    parser = argparse.ArgumentParser(description="Make the package of one stage.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for name, sha256 in package(read_stage(options.stage), options.out).items():
        print(f"{name}: {(options.out / name).stat().st_size:,} bytes, SHA-256 {sha256}")


if __name__ == "__main__":
    main()
