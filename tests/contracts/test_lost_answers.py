"""What the table's adapter says when the service fails, tried against a server that fails on purpose."""

import json
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chalicelib.hosts.aws import Place
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.kernel.errors import Ambiguous, Unavailable
from chalicelib.kernel.ports import NEW, Change
from infra.local.servers import free_port
from tests.contracts.tls import certificate

KEY = ("r#1", "0facts")
CHANGE = Change(append={"pending": b"entry"})


class Failing:
    """Answers requests as told, in order; the last answer goes on. An answer is (status, body), or None: hang up.

    A status of 0 keeps silent, of -1 writes below TLS what is none.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[int, object] | None] = [None]
        self.seen: list[dict[str, object]] = []
        self.silence = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def place(self) -> Place:
        return Place("local", f"http://127.0.0.1:{self.server.server_port}", "AKIAEXAMPLE", "example")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        failing = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                failing.seen.append(json.loads(body))
                answer = failing.answers[0] if len(failing.answers) == 1 else failing.answers.pop(0)
                if answer is None:
                    self.close_connection = True
                    return
                if answer[0] == 0:
                    failing.silence.wait(20)
                    return
                if answer[0] < 0:
                    os.write(self.connection.fileno(), b"none of this is TLS")
                    self.close_connection = True
                    return
                content = answer[1] if isinstance(answer[1], bytes) else json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def failing() -> Iterator[Failing]:
    server = Failing()
    yield server
    server.silence.set()
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def rows(failing: Failing) -> DynamoRows:
    return DynamoRows(failing.place, "carnet")


def fault(status: int, code: str) -> tuple[int, object]:
    return status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}


ONCE: dict[str, Callable[[DynamoRows], None]] = {
    "update": lambda rows: rows.update(KEY, CHANGE),
    "conditional put": lambda rows: rows.put({"pk": "p", "sk": "s"}, NEW),
    "conditional delete": lambda rows: rows.delete(KEY, NEW),
}


@pytest.mark.parametrize("write", ONCE)
@pytest.mark.parametrize("answer", [None, fault(500, "InternalServerError"), fault(503, "ServiceUnavailable")])
def test_a_write_that_may_have_happened_is_ambiguous_and_was_sent_once(
    failing: Failing, rows: DynamoRows, write: str, answer: tuple[int, object] | None
) -> None:
    failing.answers = [answer]
    with pytest.raises(Ambiguous):
        ONCE[write](rows)
    assert len(failing.seen) == 1


@pytest.mark.parametrize("body", [b"", b'{"Item": {', b"[]", b"null", b'{"Item": {"body": {"B": "A"}}}'])
def test_an_answer_that_cannot_be_read_is_a_lost_one(failing: Failing, rows: DynamoRows, body: bytes) -> None:
    failing.answers = [(200, body)]
    with pytest.raises(Ambiguous):
        rows.update(KEY, CHANGE)
    with pytest.raises(Unavailable):
        rows.get([KEY])


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "AccessDeniedException"]
)
def test_a_write_that_was_refused_is_unavailable_and_surely_did_not_happen(
    failing: Failing, rows: DynamoRows, code: str
) -> None:
    failing.answers = [fault(400, code)]
    with pytest.raises(Unavailable) as raised:
        rows.update(KEY, CHANGE)
    assert type(raised.value) is Unavailable
    assert len(failing.seen) == 1


def test_an_update_without_an_answer_in_time_is_ambiguous(failing: Failing, rows: DynamoRows) -> None:
    failing.answers = [(0, None)]
    with pytest.raises(Ambiguous):
        rows.update(KEY, CHANGE)
    assert len(failing.seen) == 1


def test_a_secure_connection_that_breaks_after_the_request_leaves_a_write_ambiguous(
    failing: Failing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    failing.server.socket = context.wrap_socket(failing.server.socket, server_side=True)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(cert))
    secure = Place("local", f"https://localhost:{failing.server.server_port}", "AKIAEXAMPLE", "example")
    failing.answers = [(-1, None)]
    with pytest.raises(Ambiguous):
        DynamoRows(secure, "carnet").update(KEY, CHANGE)
    assert len(failing.seen) == 1


def test_a_service_that_is_not_there_is_unavailable_and_surely_did_nothing() -> None:
    gone = Place("local", f"http://127.0.0.1:{free_port()}", "AKIAEXAMPLE", "example")
    rows = DynamoRows(gone, "carnet")
    calls: list[Callable[[], object]] = [
        lambda: rows.update(KEY, CHANGE),
        lambda: rows.get([KEY]),
        lambda: rows.begin_get([KEY]).result(),
        lambda: rows.query("r#1"),
        lambda: rows.put({"pk": "p", "sk": "s"}),
        lambda: S3Blobs(gone, "carnet").put("1", b""),
        lambda: S3Blobs(gone, "carnet").begin_get("1").result(),
        lambda: list(S3Blobs(gone, "carnet").list()),
    ]
    for call in calls:
        with pytest.raises(Unavailable) as raised:
            call()
        assert type(raised.value) is Unavailable


@pytest.mark.parametrize("answer", [None, fault(500, "InternalServerError"), fault(400, "ThrottlingException")])
def test_what_may_be_repeated_is_tried_again(
    failing: Failing, rows: DynamoRows, answer: tuple[int, object] | None
) -> None:
    failing.answers = [answer, answer, (200, {"Item": {"pk": {"S": "r#1"}, "sk": {"S": "0facts"}}})]
    assert KEY in rows.get([KEY])
    failing.answers = [answer, (200, {})]
    rows.put({"pk": "p", "sk": "s"})
    failing.answers = [answer, (200, {"Items": [], "Count": 0, "ScannedCount": 0})]
    assert rows.query("r#1") == []
    failing.answers, failing.seen = [answer], []
    with pytest.raises(Unavailable):
        rows.get([KEY])
    assert len(failing.seen) == 3


def test_keys_left_out_of_an_answer_are_asked_for_again(failing: Failing, rows: DynamoRows) -> None:
    keys = [("r#1", "a"), ("r#1", "b")]
    items = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
    left = {"carnet": {"Keys": items[1:], "ConsistentRead": True}}
    failing.answers = [
        (200, {"Responses": {"carnet": items[:1]}, "UnprocessedKeys": left}),
        (200, {"Responses": {"carnet": items[1:]}, "UnprocessedKeys": {}}),
    ]
    assert set(rows.get(keys)) == set(keys)
    assert failing.seen[1]["RequestItems"] == left


def test_rows_left_unwritten_are_sent_again(failing: Failing, rows: DynamoRows) -> None:
    left = {"carnet": [{"PutRequest": {"Item": {"pk": {"S": "r#1"}, "sk": {"S": "b"}}}}]}
    failing.answers = [(200, {"UnprocessedItems": left}), (200, {"UnprocessedItems": {}})]
    rows.put_many([{"pk": "r#1", "sk": "a"}, {"pk": "r#1", "sk": "b"}])
    assert failing.seen[1]["RequestItems"] == left


def test_rows_left_unwritten_again_and_again_are_unavailable(failing: Failing, rows: DynamoRows) -> None:
    left = {"carnet": [{"PutRequest": {"Item": {"pk": {"S": "r#1"}, "sk": {"S": "a"}}}}]}
    failing.answers = [(200, {"UnprocessedItems": left})]
    with pytest.raises(Unavailable):
        rows.put_many([{"pk": "r#1", "sk": "a"}])
    assert len(failing.seen) == 5


def test_keys_left_out_again_and_again_are_unavailable(failing: Failing, rows: DynamoRows) -> None:
    left = {"carnet": {"Keys": [{"pk": {"S": "r#1"}, "sk": {"S": "a"}}], "ConsistentRead": True}}
    failing.answers = [(200, {"Responses": {"carnet": []}, "UnprocessedKeys": left})]
    with pytest.raises(Unavailable):
        rows.get([("r#1", "a"), ("r#1", "b")])
    assert len(failing.seen) == 5
