"""The adapters that every contract is held against: memory, moto, and the real servers on this machine."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from chalicelib.hosts.aws import Place, client
from chalicelib.hosts.clamd import ClamdScanner
from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.hosts.keys import CachedKeys, KeyFileKeys, KmsKeys
from chalicelib.hosts.memory import (
    MemoryBlobs,
    MemoryClock,
    MemoryKeys,
    MemoryMail,
    MemoryQueue,
    MemoryRows,
    MemoryScanner,
)
from chalicelib.hosts.outbox_queue import OutboxQueue
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.hosts.smtp import MailServer, SmtpMail
from chalicelib.hosts.table import create_table
from chalicelib.kernel.ports import Blobs, Keys, Mail, Queue, Rows, Scanner
from infra.local.provider import Desk, server
from infra.local.servers import Server, free_port, start_blobs, start_rows
from tests.contracts.queues import Harness, sqs_harness
from tests.infra.ministack import ministack

TABLE = "carnet"
BUCKET = "carnet"
IMITATED = Place("eu-west-3")
real = pytest.mark.real


def place(server: Server) -> Place:
    return Place("local", server.endpoint, server.access_key, server.secret_key)


@pytest.fixture(scope="package")
def moto() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def imitation(moto: None) -> Place:
    """An empty AWS in this process."""
    moto_api_backend.reset()
    return IMITATED


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DynamoRows]:
    """The table on a real ExtendDB; tests share it and use partitions of their own."""
    server = start_rows(tmp_path_factory.mktemp("rows"), free_port())
    create_table(client("dynamodb", place(server)), TABLE)
    yield DynamoRows(place(server), TABLE)
    server.stop()


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Blobs]:
    """The bucket on a real SeaweedFS; tests share it and use prefixes of their own."""
    server = start_blobs(tmp_path_factory.mktemp("blobs"), free_port())
    _make_bucket(place(server))
    yield S3Blobs(place(server), BUCKET)
    server.stop()


@pytest.fixture(params=["memory", "moto", pytest.param("extenddb", marks=real)])
def rows(request: pytest.FixtureRequest) -> Rows:
    if request.param == "memory":
        return MemoryRows()
    if request.param == "moto":
        imitated: Place = request.getfixturevalue("imitation")
        create_table(client("dynamodb", imitated), TABLE)
        return DynamoRows(imitated, TABLE)
    engine: DynamoRows = request.getfixturevalue("engine")
    return engine


@pytest.fixture(params=["memory", "moto", pytest.param("seaweedfs", marks=real)])
def blobs(request: pytest.FixtureRequest) -> Blobs:
    if request.param == "memory":
        return MemoryBlobs(MemoryClock())
    if request.param == "moto":
        imitated: Place = request.getfixturevalue("imitation")
        _make_bucket(imitated)
        return S3Blobs(imitated, BUCKET)
    store: S3Blobs = request.getfixturevalue("store")
    return store


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with the APIs of AWS, in a process of its own: what of them no real store here has."""
    with ministack(tmp_path_factory.mktemp("cloud"), IMITATED.region, tls=False) as cloud:
        yield cloud.place


_SERVICES = {"moto": "imitation", "ministack": "stand_in"}


@pytest.fixture(params=["memory", "file", "kms-moto", pytest.param("kms-ministack", marks=real), "cached"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Keys:
    if request.param == "file":
        return KeyFileKeys(tmp_path / "root.key")
    if request.param.startswith("kms-"):
        place: Place = request.getfixturevalue(_SERVICES[request.param.removeprefix("kms-")])
        root = client("kms", place).create_key()["KeyMetadata"]["KeyId"]
        return KmsKeys(place, root)
    return MemoryKeys() if request.param == "memory" else CachedKeys(MemoryKeys(), MemoryClock())


_OUTER = [pytest.param("outbox-extenddb", marks=real), "sqs-moto", pytest.param("sqs-ministack", marks=real)]


@pytest.fixture(params=["memory", "outbox-memory", "outbox-moto", *_OUTER])
def queue(request: pytest.FixtureRequest) -> Harness:
    clock = MemoryClock()
    if request.param.startswith("sqs-"):
        return sqs_harness(request.getfixturevalue(_SERVICES[request.param.removeprefix("sqs-")]))
    found: Queue = MemoryQueue(clock)
    if request.param == "outbox-memory":
        found = OutboxQueue(MemoryRows(), clock)
    if request.param == "outbox-moto":
        create_table(client("dynamodb", request.getfixturevalue("imitation")), TABLE)
        found = OutboxQueue(DynamoRows(IMITATED, TABLE), clock)
    if request.param == "outbox-extenddb":
        found = OutboxQueue(request.getfixturevalue("engine"), clock)
    return Harness(found, clock)


class Sink(Message):
    """Keeps what an SMTP server received."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[object] = []

    def handle_message(self, message: object) -> None:
        self.received.append(message)


@pytest.fixture(params=["memory", "smtp"])
def mail(request: pytest.FixtureRequest) -> Iterator[tuple[Mail, list[object]]]:
    """The adapter, and the list of what has arrived."""
    if request.param == "memory":
        memory = MemoryMail()
        yield memory, memory.sent  # type: ignore[misc]
        return
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield SmtpMail(MailServer("127.0.0.1", controller.port, "none"), "carnet.example"), sink.received
    controller.stop()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[int, Desk]]:
    """The real local provider, on a port of its own."""
    made = server(0, tmp_path)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield made.server_address[1], Desk(tmp_path)
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture(scope="package")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A real clamd with one signature of our own; port and socket."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if not program:
        pytest.skip("NOT TRIED AGAINST A REAL SCANNER: clamd is not installed (apt-get install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    folder.chmod(0o755)
    port = free_port()
    process = subprocess.Popen([program, "--foreground", "-c", str(_clamd_config(folder, port))])
    _wait_for(port, process)
    yield port, folder / "socket"
    process.terminate()
    process.wait()


@pytest.fixture(params=["memory", pytest.param("clamd-tcp", marks=real), pytest.param("clamd-unix", marks=real)])
def scanner(request: pytest.FixtureRequest) -> Scanner:
    if request.param == "memory":
        return MemoryScanner()
    port, path = request.getfixturevalue("clamd")
    return ClamdScanner(("127.0.0.1", port) if request.param == "clamd-tcp" else path)


def _make_bucket(where: Place) -> None:
    made = client("s3", where, s3={"addressing_style": "path"})
    for _ in range(50):
        try:
            made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": where.region})
            made.put_object(Bucket=BUCKET, Key="probe", Body=b"")
        except made.exceptions.ClientError:  # still starting
            time.sleep(0.1)
        else:
            made.delete_object(Bucket=BUCKET, Key="probe")
            return
    raise RuntimeError("the bucket cannot be made")


def _clamd_config(folder: Path, port: int) -> Path:
    data = folder / "data"
    data.mkdir()
    # The harmless EICAR test string, as a signature written here: nothing is downloaded.
    marker = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE".hex()
    (data / "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{marker}\n")
    config = folder / "clamd.conf"
    lines = [
        "Foreground yes",
        f"DatabaseDirectory {data}",
        "TCPAddr 127.0.0.1",
        f"TCPSocket {port}",
        "StreamMaxLength 6M",
    ]
    config.write_text("\n".join([*lines, f"LocalSocket {folder / 'socket'}", "LogVerbose no", ""]))
    return config


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("clamd did not start")
