"""The templates keep what must be kept, open nothing, and name no partition."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.gateway import KINDS
from infra.package import TEMPLATE
from infra.perimeter import read_stage
from tests.infra.deployment import Made
from tests.infra.templates import FUNCTIONS, ROOT, listed, settings, template

DATA = template("data.yaml")["Resources"]
KEPT = ("AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket")
BUCKETS = sorted(name for name, resource in DATA.items() if resource["Type"] == "AWS::S3::Bucket")
QUEUES = ("Intake", "Notices", "Reminders", "Enrolment")


def _lint(*paths: Path) -> str:
    program = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([program, *map(str, paths)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_the_linter_finds_nothing_in_the_stacks_written_by_hand() -> None:
    assert _lint(ROOT / "infra/data.yaml", ROOT / "infra/watch.yaml") == ""


def test_the_linter_finds_nothing_in_the_packaged_stack(made: Made) -> None:
    assert _lint(made.folder / TEMPLATE) == ""


def test_whatever_holds_data_outlives_its_stack() -> None:
    for resource in DATA.values():
        if resource["Type"] in KEPT:
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_no_file_names_a_partition_or_its_domain() -> None:
    files = [*ROOT.glob("infra/*.yaml"), *ROOT.glob("policies/iam/*.json"), *ROOT.glob(".chalice/*.json")]
    for path in files:
        text = path.read_text()
        assert "arn:aws" not in text
        assert "amazonaws" not in text


def test_the_packaged_stack_names_no_partition_but_in_service_principals(made: Made) -> None:
    text = (made.folder / TEMPLATE).read_text()
    assert "arn:aws" not in text
    for principal in ("lambda.amazonaws.com", "apigateway.amazonaws.com"):
        text = text.replace(principal, "")
    assert "amazonaws" not in text


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_private_versioned_encrypted_and_tls_only(name: str) -> None:
    bucket = DATA[name]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == len(("acls", "policy", "ignored", "restricted"))
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (statement,) = DATA[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_older_versions_of_a_document_are_forgotten_after_a_month() -> None:
    (rule,) = DATA["Documents"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= 30


def test_the_table_can_be_restored_and_not_be_deleted_by_mistake() -> None:
    table = DATA["Table"]["Properties"]
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    (index,) = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["Projection"]) == ("work", {"ProjectionType": "KEYS_ONLY"})


def test_nobody_may_schedule_the_end_of_the_root_key() -> None:
    key = DATA["Root"]["Properties"]
    assert (key["EnableKeyRotation"], key["PendingWindowInDays"]) == (True, 30)
    for statement in key["KeyPolicy"]["Statement"]:
        assert list(statement["Principal"]) == ["AWS"]
        actions = listed(statement["Action"])
        assert not {"kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant"} & set(actions)
        assert not any("*" in action for action in actions)


@pytest.mark.parametrize("name", QUEUES)
def test_a_message_is_given_up_after_five_tries_and_kept_for_two_weeks(name: str) -> None:
    queue, dead = DATA[name]["Properties"], DATA[f"{name}Dead"]["Properties"]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": f"{name}Dead.Arn"}, "maxReceiveCount": 5}
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"]
    assert dead["SqsManagedSseEnabled"]


def test_a_message_stays_out_of_sight_for_six_times_its_function() -> None:
    longest = max(settings(name)["lambda_timeout"] for name in FUNCTIONS if name.startswith("on_"))
    assert int(read_stage("sovereign").data["VisibilitySeconds"]) >= 6 * longest


def test_dead_letters_and_errors_of_every_function_wake_somebody_up() -> None:
    alarms = [one for one in template("watch.yaml")["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == len(QUEUES) + len(FUNCTIONS)
    assert all(one["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}] for one in alarms)


@pytest.mark.abuse("Q02")
def test_every_queue_function_reports_single_failures(made: Made) -> None:
    sources = [
        event["Properties"]
        for resource in made.resources.values()
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "SQS"
    ]
    assert len(sources) == len(QUEUES)
    assert all(source["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for source in sources)


@pytest.mark.abuse("I08")
def test_answers_of_the_gateway_are_problems_like_ours(made: Made) -> None:
    body = made.resources["RestAPI"]["Properties"]["DefinitionBody"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    assert answers.keys() == KINDS.keys()
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= answers.keys()
    for answer in answers.values():
        assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_the_gateway_logs_neither_bodies_nor_tokens(made: Made) -> None:
    (every,) = made.resources["RestAPI"]["Properties"]["MethodSettings"]
    assert (every["DataTraceEnabled"], every["LoggingLevel"]) == (False, "OFF")
