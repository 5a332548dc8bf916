"""With roles enforced: each function may do what its policy lists, and is denied what it does not."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.infra.deployment import Deployed
from tests.infra.templates import FUNCTIONS, listed, statements

_NEVER = 900
"""seconds; the messages of this test are not to reach a function"""
_DENIED = {"AccessDenied", "AccessDeniedException"}
_KEY = {"pk": {"S": "r#nobody"}, "sk": {"S": "0facts"}}
_INDEX = {
    "IndexName": "work",
    "KeyConditionExpression": "#work = :shard",
    "ExpressionAttributeNames": {"#work": "work"},
    "ExpressionAttributeValues": {":shard": {"S": "none"}},
}
_QUERY = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "none"}}}
Calls = dict[tuple[str, str], Callable[[], object]]


def _role(deployed: Deployed, function: str) -> str:
    name = f"{deployed.stage.data_stack}-{function.replace('_', '-')}"
    role: str = deployed.cloud.client("lambda").get_function_configuration(FunctionName=name)["Role"]
    return role


def _as_function(deployed: Deployed, function: str) -> Callable[[str], Any]:
    """Return a maker of clients in the role of the function, which the account's root takes on for the test."""
    cloud, role = deployed.cloud, _role(deployed, function)
    identity = cloud.client("sts").get_caller_identity()["Arn"]
    trust = {"Effect": "Allow", "Principal": {"AWS": identity}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    cloud.client("iam").update_assume_role_policy(RoleName=role.rpartition("/")[2], PolicyDocument=document)
    found = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="trial")["Credentials"]
    session = cloud.session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    return lambda service: cloud.client(service, session)


def _calls(deployed: Deployed, client: Callable[[str], Any]) -> Calls:
    """Return one harmless call for each (action, resource) that any function might want."""
    data, rows, blobs, queue, keys = deployed.data, client("dynamodb"), client("s3"), client("sqs"), client("kms")
    table, bucket, root, context = data["Table"], data["Documents"], data["RootArn"], {"use": "policy"}
    deployed.cloud.client("s3").put_object(Bucket=bucket, Key="none", Body=b"")
    wrapped = deployed.cloud.client("kms").encrypt(KeyId=root, Plaintext=b"key", EncryptionContext=context)
    calls: Calls = {
        ("dynamodb:BatchGetItem", "TableArn"): lambda: rows.batch_get_item(RequestItems={table: {"Keys": [_KEY]}}),
        ("dynamodb:DeleteItem", "TableArn"): lambda: rows.delete_item(TableName=table, Key=_KEY),
        ("dynamodb:DeleteTable", "TableArn"): lambda: rows.delete_table(TableName=table),
        ("dynamodb:GetItem", "TableArn"): lambda: rows.get_item(TableName=table, Key=_KEY),
        ("dynamodb:PutItem", "TableArn"): lambda: rows.put_item(TableName=table, Item=_KEY),
        ("dynamodb:Query", "TableArn"): lambda: rows.query(TableName=table, **_QUERY),
        ("dynamodb:Query", "TableArn/index/work"): lambda: rows.query(TableName=table, **_INDEX),
        ("dynamodb:Scan", "TableArn"): lambda: rows.scan(TableName=table),
        ("dynamodb:UpdateItem", "TableArn"): lambda: rows.update_item(TableName=table, Key=_KEY),
        ("kms:Decrypt", "RootArn"): lambda: keys.decrypt(
            KeyId=root, CiphertextBlob=wrapped["CiphertextBlob"], EncryptionContext=context
        ),
        ("kms:Encrypt", "RootArn"): lambda: keys.encrypt(KeyId=root, Plaintext=b"key", EncryptionContext=context),
        ("kms:ScheduleKeyDeletion", "RootArn"): lambda: keys.schedule_key_deletion(KeyId=root),
        ("s3:DeleteObject", "DocumentsArn/*"): lambda: blobs.delete_object(Bucket=bucket, Key="none"),
        ("s3:GetObject", "DocumentsArn/*"): lambda: blobs.get_object(Bucket=bucket, Key="none"),
        ("s3:ListBucket", "DocumentsArn"): lambda: blobs.list_objects_v2(Bucket=bucket),
        ("s3:PutObject", "DocumentsArn/*"): lambda: blobs.put_object(Bucket=bucket, Key="none", Body=b""),
    }
    for name in ("Intake", "Notices", "Reminders", "Enrolment"):
        calls["sqs:SendMessage", f"{name}Arn"] = partial(
            queue.send_message, QueueUrl=data[name], MessageBody="{}", DelaySeconds=_NEVER
        )
        calls["sqs:ReceiveMessage", f"{name}Arn"] = partial(queue.receive_message, QueueUrl=data[name])
    return calls


def _is_denied(call: Callable[[], object]) -> bool:
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] in _DENIED
    return False


def _allowed(function: str) -> set[tuple[str, str]]:
    return {
        (action, resource.replace("${", "").replace("}", ""))
        for statement in statements(function)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_denied_exactly_what_its_policy_does_not_list(deployed: Deployed, function: str) -> None:
    calls = _calls(deployed, _as_function(deployed, function))
    denied = {name for name, call in calls.items() if _is_denied(call)}
    assert denied == calls.keys() - _allowed(function)
    print(f"{function}: {len(calls) - len(denied)} calls allowed as listed, {len(denied)} denied")
