"""Send dead letters again, after their cause is gone: `python -m infra.redrive --stage sovereign --queue intake`."""

import argparse
from collections.abc import Mapping

import boto3

from chalicelib.hosts.aws import Place
from chalicelib.hosts.sqs import SqsQueue
from infra.perimeter import read_stage

QUEUES = ("intake", "notices", "reminders", "enrolment")


def queue_of(outputs: Mapping[str, str], place: Place) -> SqsQueue:
    """Return the queues of a data stack, those of the dead letters too."""
    urls = {name: outputs[name.capitalize()] for name in QUEUES}
    dead = {f"{name}-dead": outputs[f"{name.capitalize()}Dead"] for name in QUEUES}
    return SqsQueue(place, urls={**urls, **dead})


def main() -> None:
    """Redrive the queue named on the command line and print how many messages moved."""
    parser = argparse.ArgumentParser(description="Send dead letters again.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--queue", required=True, choices=QUEUES)
    options = parser.parse_args()
    stage = read_stage(options.stage)
    stacks = boto3.client("cloudformation", region_name=stage.region).describe_stacks(StackName=stage.data_stack)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks["Stacks"][0]["Outputs"]}
    print(f"{queue_of(outputs, Place(stage.region)).redrive(options.queue)} messages sent again")


if __name__ == "__main__":
    main()
