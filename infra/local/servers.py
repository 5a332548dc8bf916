"""The two stores of the one-machine host: ExtendDB (DynamoDB API on SQLite) and SeaweedFS (S3 API).

Both listen on the loopback only, keep everything in one folder, and may be killed at any time.
"""

import secrets
import socket
import string
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import processes, tools
from .kept import kept, read, write
from .ports import LOOPBACK, free_port, free_ports
from .processes import Launch

__all__ = ["Server", "blobs_launch", "free_port", "rows_launch", "start_blobs", "start_rows"]

REGION = "local"
"""the region to sign for: both stores take any name, and this one is in the perimeter of one machine"""

_WEED_PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
_WEED_MORE_PORTS = ("s3.port.grpc", "admin.port", "admin.port.grpc")
_WEED_OFF = (
    "webdav=false",
    "admin.ui=false",
    "s3.port.iceberg=0",
    "s3.port.lance=0",
    "master.telemetry=false",
    "volume.preStopSeconds=0",
)
_WEED_SOCKETS = ("filer.localSocket=filer.sock", "s3.localSocket=s3.sock")
"""in its own folder, by a relative name: a socket's path has room for a hundred characters"""
_WEED_LOGS = 9
"""log files of earlier starts that are kept: each start begins new ones"""
_WEED_TEMPORARY = Path("/tmp")  # noqa: S108  it asks nobody where to put the sockets of its inner ports


@dataclass(slots=True)
class Server:
    """One running store."""

    endpoint: str
    access_key: str
    secret_key: str
    process: subprocess.Popen[bytes]
    health: str
    folder: Path

    def healthy(self) -> bool:
        """Tell whether it answers now."""
        return self.process.poll() is None and answers(self.health)

    def stop(self) -> None:
        """End it cleanly."""
        processes.stop(self.process)
        tidy(self.folder)

    def kill(self) -> None:
        """End it as `kill -9` does."""
        processes.kill(self.process)
        tidy(self.folder)


def answers(url: str) -> bool:
    """Tell whether a GET is answered with success within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status < 400)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def credentials(folder: Path) -> tuple[str, str]:
    """Return this store's access key and secret, made on the first call."""
    alphabet = string.ascii_uppercase + "234567"
    fresh = {
        "access_key": "AKIA" + "".join(secrets.choice(alphabet) for _ in range(16)),
        "secret_key": secrets.token_hex(20),
    }
    found = kept(folder / "credentials.json", lambda: fresh)
    return found["access_key"], found["secret_key"]


def rows_launch(folder: Path, port: int) -> Launch:
    """Say how ExtendDB is started on this folder; it takes its key from the first start.

    It has one connection to its file: with several, each write of one empties the page cache of all others, and eight
    clients get a fifth to a third less done (docs/performance.md).
    """
    access_key, secret_key = credentials(folder)
    env = {
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "EXTENDDB__SERVER__PORT": str(port),
        "EXTENDDB__STORAGE__SQLITE__PATH": str(folder / "rows.sqlite"),
    }
    file = folder / "extenddb.toml"  # its environment knows no numbers
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[storage]\nbackend = "sqlite"\n\n[storage.sqlite]\npool_size = 1\n')
    command = [str(tools.extenddb()), "serve", "--foreground", "--config", str(file)]
    return Launch(command, cwd=folder / "cwd", log=folder / "log", env=env)


def blobs_launch(folder: Path, port: int) -> Launch:
    """Say how SeaweedFS is started on this folder; its inner ports are free ones, new at every start."""
    kek = kept(folder / "kek.json", lambda: {"kek": secrets.token_hex(32)})["kek"]
    data, logs = folder / "data", folder / "logs"
    for one in (data, logs):
        one.mkdir(parents=True, exist_ok=True)
    for old in sorted(logs.glob("weed.*.log.*"), key=lambda file: file.name.split(".")[-2:])[:-_WEED_LOGS]:
        old.unlink(missing_ok=True)
    command = [str(tools.weed()), f"-logdir={logs}", "mini", f"-dir={data}", f"-s3.config={_identities(folder)}"]
    command += [f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}", f"-s3.port={port}", *_inner(folder)]
    command += [f"-{one}" for one in _WEED_SOCKETS + _WEED_OFF]
    return Launch(command, cwd=folder, log=folder / "log", env={"WEED_S3_SSE_KEK": kek})


def _inner(folder: Path) -> list[str]:
    """Choose inner ports; delete the sockets that a killed start of this folder left behind."""
    tidy(folder)
    names = _WEED_PORTS + _WEED_MORE_PORTS
    chosen = dict(zip(names, free_ports(len(names)), strict=True))
    write(folder / "inner.json", chosen)
    return [f"-{name}={number}" for name, number in chosen.items()]


def tidy(folder: Path) -> None:
    """Delete the sockets of this folder's SeaweedFS, which has ended: it leaves them when it is killed.

    Another instance may have drawn one of its ports since: what somebody listens on stays.
    """
    for port in read(folder / "inner.json").values():
        for file in _WEED_TEMPORARY.glob(f"seaweedfs-*-grpc-{port}.sock"):
            if _is_dead(file):
                file.unlink(missing_ok=True)
    (folder / "inner.json").unlink(missing_ok=True)


def _is_dead(file: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(file))
        except ConnectionRefusedError:
            return True
        except OSError:  # somebody else's, or gone
            return False
    return False


def _identities(folder: Path) -> Path:
    access_key, secret_key = credentials(folder)
    identity = {
        "name": "carnet",
        "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    kept(folder / "s3.json", lambda: {"identities": [identity]})
    return folder / "s3.json"


def start_rows(folder: Path, port: int) -> Server:
    """Start ExtendDB and wait until it answers."""
    return _start(folder, port, rows_launch, "/health")


def start_blobs(folder: Path, port: int) -> Server:
    """Start SeaweedFS and wait until it answers."""
    return _start(folder, port, blobs_launch, "/healthz")


def _start(folder: Path, port: int, launch: Callable[[Path, int], Launch], path: str) -> Server:
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    endpoint = f"http://{LOOPBACK}:{port}"
    process = processes.spawn(launch(folder, port))
    server = Server(endpoint, *credentials(folder), process, endpoint + path, folder)
    _wait(server, folder)
    return server


def _wait(server: Server, folder: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not server.healthy():
        if server.process.poll() is not None or time.monotonic() > deadline:
            server.kill()
            msg = f"the store did not start: see {folder / 'log'}"
            raise RuntimeError(msg)
        time.sleep(0.05)
