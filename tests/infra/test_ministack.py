"""The three stacks on a real server, through the packaged functions: HTTP, queue, dead letters, second deployment."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.hosts.aws import Place
from infra.deploy import deploy
from infra.redrive import queue_of
from tests.infra.api import INS, DeployedApi
from tests.infra.deployment import Deployed, Made, Mails
from tests.infra.issuers import RunningIssuer

_SECONDS = 300
MAILBOX = "ondine@example.org"
_META = {"type": "11502-2", "title": "Bilan sanguin"}


@pytest.fixture(scope="module")
def api(deployed: Deployed) -> DeployedApi:
    return DeployedApi(deployed)


@pytest.fixture(scope="module")
def record(api: DeployedApi, issuer: RunningIssuer) -> str:
    return _open(api, issuer)


def _until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + _SECONDS
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.3)


def _open(api: DeployedApi, issuer: RunningIssuer) -> str:
    """Open a record for which the laboratory may deposit."""
    traits = {
        "family_name": "ESSAI",
        "given_names": ["Ondine"],
        "birth_date": "1976-11-23",
        "sex": "F",
        "email": MAILBOX,
    }
    holder = {"issuer": f"{issuer.base}/citizens", "subject": "b1f5c2a09d7e4c36"}
    opening = {"ins": INS, **traits, "birth_place": "99990", "email": MAILBOX, "holder": holder}
    answer = api.call("POST", "/records", issuer.caller("enrolment"), json=opening)
    assert answer.status == 201, answer.body
    return str(answer.body["record"])


def _deposit(api: DeployedApi, issuer: RunningIssuer, record: str) -> str:
    content = f"Hémoglobine {secrets.token_hex(4)}\n".encode()
    files = {"metadata": (None, json.dumps(_META), "application/json"), "content": ("b.txt", content, "text/plain")}
    answer = api.call("POST", f"/records/{record}/documents", issuer.caller("laboratory"), files=files)
    assert answer.status == 202, answer.body
    return str(answer.body["document"])


def _state(api: DeployedApi, issuer: RunningIssuer, record: str, document: str) -> str:
    path = f"/records/{record}/documents/{document}/status"
    return str(api.call("GET", path, issuer.caller("laboratory")).body["state"])


def test_the_second_deployment_changes_nothing(deployed: Deployed, made: Made) -> None:
    assert all(applied.changes for applied in deployed.first)
    cloud = deployed.cloud
    second = deploy(deployed.stage, made.folder, cloud.client("cloudformation"), cloud.client("s3"))
    assert [applied.changes for applied in second] == [(), (), ()]
    print(f"first deployment: {sum(len(one.changes) for one in deployed.first)} resources; second: 0 changes")


def test_the_deployed_api_answers(api: DeployedApi) -> None:
    assert api.call("GET", "/health").status == 200
    described = api.call("GET", "/openapi.json")
    assert described.body["openapi"].startswith("3.1")


@pytest.mark.abuse("I08")
def test_the_deployed_api_refuses_in_problems(api: DeployedApi) -> None:
    answer = api.call("GET", "/me")
    assert (answer.status, answer.media) == (401, "application/problem+json")


class _Intake:
    """The intake queue of a deployment, whose function can be held back."""

    def __init__(self, deployed: Deployed) -> None:
        self._functions = deployed.cloud.client("lambda")
        self._queues = deployed.cloud.client("sqs")
        self.url, self.dead = deployed.data["Intake"], deployed.data["IntakeDead"]
        sources = self._functions.list_event_source_mappings(EventSourceArn=deployed.data["IntakeArn"])
        self._source = sources["EventSourceMappings"][0]["UUID"]

    def work(self, enabled: bool) -> None:
        self._functions.update_event_source_mapping(UUID=self._source, Enabled=enabled)

    def replace_all(self, bodies: list[dict[str, Any]]) -> None:
        """Forget what waits and hand over these, in one batch."""
        self._queues.purge_queue(QueueUrl=self.url)
        entries = [{"Id": str(number), "MessageBody": json.dumps(body)} for number, body in enumerate(bodies)]
        assert len(self._queues.send_message_batch(QueueUrl=self.url, Entries=entries)["Successful"]) == len(bodies)

    def dead_letters(self) -> int:
        name = "ApproximateNumberOfMessages"
        found = self._queues.get_queue_attributes(QueueUrl=self.dead, AttributeNames=[name])
        return int(found["Attributes"][name])


class _Row:
    """A row that a fault of the store damages, until it is restored from a backup: the poison."""

    def __init__(self, deployed: Deployed, partition: str, sort: str) -> None:
        self._rows, self._table = deployed.cloud.client("dynamodb"), deployed.data["Table"]
        key = {"pk": {"S": partition}, "sk": {"S": sort}}
        self._backup = self._rows.get_item(TableName=self._table, Key=key)["Item"]

    def damage(self) -> None:
        self._rows.put_item(TableName=self._table, Item={**self._backup, "body": {"B": b"damaged"}})

    def restore(self) -> None:
        self._rows.put_item(TableName=self._table, Item=self._backup)


@pytest.mark.abuse("Q02")
def test_nine_of_ten_messages_settle_and_the_tenth_comes_back_from_the_dead(
    deployed: Deployed, api: DeployedApi, issuer: RunningIssuer, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = _Intake(deployed)
    intake.work(enabled=False)
    documents = [_deposit(api, issuer, record) for _ in range(10)]
    row = _Row(deployed, f"r#{record}", f"1doc#{documents[9]}")
    row.damage()

    intake.replace_all([{"record": record, "document": document, "version": 1} for document in documents])
    intake.work(enabled=True)
    _until(lambda: intake.dead_letters() == 1)
    assert [_state(api, issuer, record, document) for document in documents[:9]] == ["available"] * 9

    row.restore()
    assert _state(api, issuer, record, documents[9]) == "received"
    monkeypatch.setenv("AWS_CA_BUNDLE", str(deployed.cloud.certificate))
    assert _redrive(deployed) == 1
    _until(lambda: _state(api, issuer, record, documents[9]) == "available")
    assert intake.dead_letters() == 0
    print("ten messages, one poisoned: 9 settled, 1 dead letter, redriven, 10 settled")


def _redrive(deployed: Deployed) -> int:
    return queue_of(deployed.data, _place(deployed)).redrive("intake")


def _place(deployed: Deployed) -> Place:
    root = deployed.cloud.session().get_credentials()
    assert root
    return Place(deployed.stage.region, deployed.cloud.url, root.access_key, root.secret_key)


def test_the_holder_is_told_by_mail(api: DeployedApi, issuer: RunningIssuer, mails: Mails, record: str) -> None:
    _deposit(api, issuer, record)
    _until(lambda: bool(mails.to(MAILBOX)))
    assert "Bilan" not in mails.to(MAILBOX)[0].read_text()


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("schedule", ["every-minute", "every-night"])
def test_a_schedule_needs_nothing_that_its_role_does_not_give(deployed: Deployed, schedule: str) -> None:
    name = f"{deployed.stage.data_stack}-{schedule}"
    event = {"time": "2026-11-22T02:00:00Z", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
    more = {"version": "0", "id": "0", "account": "0", "region": deployed.stage.region, "resources": []}
    done = deployed.cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps({**event, **more}))
    assert "FunctionError" not in done, done["Payload"].read()


@pytest.mark.usefixtures("record")
def test_no_other_message_was_given_up(deployed: Deployed) -> None:
    queues = deployed.cloud.client("sqs")
    for name in ("NoticesDead", "RemindersDead"):
        found = queues.get_queue_attributes(
            QueueUrl=deployed.data[name], AttributeNames=["ApproximateNumberOfMessages"]
        )
        assert found["Attributes"]["ApproximateNumberOfMessages"] == "0"
