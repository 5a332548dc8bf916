"""Apply the stacks of one stage: `python -m infra.deploy --stage sovereign --package build/sovereign`."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError, WaiterError

from infra.archives import digest
from infra.package import CODE, LAYER, TEMPLATE
from infra.perimeter import ROOT, Stage, read_stage

_WAIT = {"Delay": 1, "MaxAttempts": 1800}
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


class NotApplied(Exception):
    """A stack ended in another state than the one asked for; the message holds the causes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one stack."""

    stack: str
    changes: tuple[str, ...]
    outputs: Mapping[str, str]


def deploy(stage: Stage, folder: Path, formation: Any, objects: Any) -> list[Applied]:
    """Apply data, edge and watch stack, in this order; an unchanged stack is left alone.

    `formation` and `objects` are clients of CloudFormation and S3 in the region of the stage.
    """
    data = _apply(formation, stage.data_stack, {"TemplateBody": (ROOT / "infra/data.yaml").read_text()}, stage.data)
    bucket = data.outputs["Packages"]
    for name in (CODE, LAYER):
        _upload(objects, bucket, f"{digest(folder / name)}.zip", folder / name)
    # Too long to travel in the request.
    _upload(objects, bucket, f"{digest(folder / TEMPLATE)}.json", folder / TEMPLATE)
    where = {"Bucket": bucket, "Key": f"{digest(folder / TEMPLATE)}.json"}
    url = objects.generate_presigned_url("get_object", Params=where, ExpiresIn=300)
    parent = {"DataStack": stage.data_stack}
    told = {**parent, "Stage": stage.name, **stage.edge}
    edge = _apply(formation, stage.edge_stack, {"TemplateURL": url}, told)
    watch = {"TemplateBody": (ROOT / "infra/watch.yaml").read_text()}
    return [data, edge, _apply(formation, stage.watch_stack, watch, parent)]


def _upload(objects: Any, bucket: str, key: str, path: Path) -> None:
    """Put the file under a name made from its content, unless it is already there."""
    try:
        objects.head_object(Bucket=bucket, Key=key)
    except ClientError:
        objects.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


def _apply(formation: Any, stack: str, template: dict[str, str], parameters: Mapping[str, str]) -> Applied:
    kind = "UPDATE" if _exists(formation, stack) else "CREATE"
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    change = formation.create_change_set(
        StackName=stack,
        ChangeSetName=f"carnet-{uuid4().hex}",
        ChangeSetType=kind,
        Parameters=given,
        Capabilities=_CAPABILITIES,
        **template,
    )["Id"]
    changes = _changes(formation, change)
    if changes:
        _execute(formation, stack, change, kind)
    else:
        formation.delete_change_set(ChangeSetName=change)
    return Applied(stack, changes, _outputs(formation, stack))


def _exists(formation: Any, stack: str) -> bool:
    try:
        found = formation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError:
        return False
    # A change set that was never executed leaves a stack behind in this state.
    return bool(found[0]["StackStatus"] != "REVIEW_IN_PROGRESS")


def _changes(formation: Any, change: str) -> tuple[str, ...]:
    try:
        formation.get_waiter("change_set_create_complete").wait(ChangeSetName=change, WaiterConfig=_WAIT)
    except WaiterError as error:
        made = formation.describe_change_set(ChangeSetName=change)
        if "contain changes" in made.get("StatusReason", "") or "No updates" in made.get("StatusReason", ""):
            return ()
        raise NotApplied(made.get("StatusReason", "the change set failed")) from error
    pages = formation.get_paginator("describe_change_set").paginate(ChangeSetName=change)
    found = [one["ResourceChange"] for page in pages for one in page["Changes"]]
    return tuple(f"{one['Action']} {one['LogicalResourceId']}" for one in found)


def _execute(formation: Any, stack: str, change: str, kind: str) -> None:
    formation.execute_change_set(ChangeSetName=change)
    try:
        formation.get_waiter(f"stack_{kind.lower()}_complete").wait(StackName=stack, WaiterConfig=_WAIT)
    except WaiterError as error:
        events = formation.describe_stack_events(StackName=stack)["StackEvents"]
        causes = [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in events]
        raise NotApplied("\n".join([stack, *causes])) from error


def _outputs(formation: Any, stack: str) -> dict[str, str]:
    described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def main() -> None:
    """Apply the stage named on the command line and print what changed."""
    parser = argparse.ArgumentParser(description="Apply the stacks of one stage.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--package", type=Path, required=True, help="what infra.package wrote")
    options = parser.parse_args()
    stage = read_stage(options.stage)
    session = boto3.Session(region_name=stage.region)
    for applied in deploy(stage, options.package, session.client("cloudformation"), session.client("s3")):
        print(f"{applied.stack}: {', '.join(applied.changes) or 'nothing changes'}")
        for key, value in sorted(applied.outputs.items()):
            print(f"  {key} = {value}")


if __name__ == "__main__":
    main()
