"""The embedded stores survive `kill -9`, keep their keys, and listen on the loopback only."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.hosts.aws import Place, client
from infra.local import processes, stores
from infra.local.kept import read, write
from infra.local.servers import REGION, Server, free_port, start_blobs, start_rows

_LISTENING = "0A"


def place(server: Server) -> Place:
    return Place(REGION, server.endpoint, server.access_key, server.secret_key)


def rows(server: Server) -> Any:
    return client("dynamodb", place(server))


def blobs(server: Server) -> Any:
    return client("s3", place(server), s3={"addressing_style": "path"})


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Both stores after one `kill -9`, with one row and one object written before."""
    folder = tmp_path_factory.mktemp("stores")
    before = [start_rows(folder / "rows", free_port()), start_blobs(folder / "blobs", free_port())]
    stores.prepare(*(place(server) for server in before))
    rows(before[0]).put_item(TableName=stores.TABLE, Item={"pk": {"S": "p"}, "sk": {"S": "s"}, "n": {"N": "7"}})
    blobs(before[1]).put_object(Bucket=stores.BUCKET, Key="kept", Body=b"x" * 100_000)
    for server in before:
        server.kill()
    after = [start_rows(folder / "rows", free_port()), start_blobs(folder / "blobs", free_port())]
    stores.prepare(*(place(server) for server in after))
    yield after
    for server in after:
        server.stop()
        assert not server.healthy()


def test_a_row_is_still_there_after_a_kill_and_on_another_port(pair: list[Server]) -> None:
    key = {"pk": {"S": "p"}, "sk": {"S": "s"}}
    assert rows(pair[0]).get_item(TableName=stores.TABLE, Key=key)["Item"]["n"] == {"N": "7"}


def test_an_object_is_still_there_after_a_kill_and_on_another_port(pair: list[Server]) -> None:
    assert blobs(pair[1]).get_object(Bucket=stores.BUCKET, Key="kept")["Body"].read() == b"x" * 100_000


def test_a_stranger_with_another_key_is_refused_by_both(pair: list[Server]) -> None:
    wrong = [Place(REGION, server.endpoint, server.access_key, "another secret") for server in pair]
    with pytest.raises(ClientError):
        client("dynamodb", wrong[0]).list_tables()
    with pytest.raises(ClientError):
        client("s3", wrong[1], s3={"addressing_style": "path"}).list_buckets()


def test_both_listen_on_the_loopback_only(pair: list[Server]) -> None:
    heard = {address for server in pair for address in listening(server.process.pid)}
    assert len(heard) > len(pair)
    assert {address.partition(":")[0] for address in heard} == {"0100007F"}


def test_every_file_that_both_have_open_lies_in_their_folder(pair: list[Server]) -> None:
    found = [(server, Path(link)) for server in pair for link in held(server.process.pid) if link.startswith("/")]
    assert len({server.health for server, _ in found}) == len(pair)
    assert {
        str(file)
        for server, file in found
        if not file.is_relative_to(server.folder) and file.parts[1] not in ("dev", "proc", "sys")
    } == set()


@pytest.mark.parametrize("ended", [Server.stop, Server.kill])
def test_the_blobs_leave_nothing_outside_their_folder_once_they_have_ended(
    tmp_path: Path, ended: Callable[[Server], None]
) -> None:
    server = start_blobs(tmp_path, free_port())
    mine = sockets(tmp_path)
    ended(server)
    assert mine
    assert [one for one in mine if one.exists()] == []


def test_a_new_start_deletes_the_sockets_that_a_killed_one_left_and_none_that_somebody_listens_on(
    tmp_path: Path,
) -> None:
    killed, other = start_blobs(tmp_path / "mine", free_port()), start_blobs(tmp_path / "other", free_port())
    left, foreign = sockets(tmp_path / "mine"), list(filter(listened_on, sockets(tmp_path / "other")))
    processes.kill(killed.process)
    # The other instance drew a port of the one that was killed.
    write(tmp_path / "mine" / "inner.json", {**read(tmp_path / "mine" / "inner.json"), **drawn(tmp_path / "other")})
    again = start_blobs(tmp_path / "mine", free_port())
    assert left
    assert foreign
    assert [one for one in left if one.exists()] == []
    assert [one for one in foreign if not one.exists()] == []
    again.stop()
    other.stop()


def drawn(folder: Path) -> dict[str, int]:
    """Return the ports of the store of this folder under other names."""
    return {f"other {name}": port for name, port in read(folder / "inner.json").items()}


def listened_on(file: Path) -> bool:
    """Tell whether somebody listens: one that a server killed long ago left may bear the same port."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(file)) == 0


def sockets(folder: Path) -> list[Path]:
    """Return the sockets in the system's folder for temporary files that bear a port of the store of this folder."""
    ports = read(folder / "inner.json").values()
    return [one for one in Path("/tmp").glob("seaweedfs-*.sock") if any(str(port) in one.name for port in ports)]


def test_every_socket_of_the_blobs_is_theirs_or_one_of_an_inner_port(pair: list[Server]) -> None:
    blobs = pair[1]
    mine = {link[8:-1] for link in held(blobs.process.pid) if link.startswith("socket:[")}
    lines = [line.split() for line in Path(f"/proc/{blobs.process.pid}/net/unix").read_text().splitlines()[1:]]
    paths = {columns[7] for columns in lines if len(columns) > 7 and columns[6] in mine}
    ports = read(blobs.folder / "inner.json").values()
    assert {
        path for path in paths if path.startswith("/") and not any(f"-grpc-{port}." in path for port in ports)
    } == set()
    assert {"filer.sock", "s3.sock"} <= paths


def held(pid: int) -> set[str]:
    """Return what a process has open, as the kernel names it."""
    links = set[str]()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # the store has closed it meanwhile; what it listens on it does not close
            links.add(str(file.readlink()))
    return links


def listening(pid: int) -> Iterator[str]:
    """Iterate over the addresses, as the kernel writes them, on which a process listens."""
    inodes = {link[8:-1] for link in held(pid) if link.startswith("socket:")}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == _LISTENING and columns[9] in inodes:
                yield columns[1]
