"""A stand-in of the AWS APIs on this machine, roles enforced: a real server, in an environment of its own."""

import fcntl
import os
import signal
import subprocess
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import requests

from chalicelib.hosts.aws import Place
from infra.local.ports import LOOPBACK, free_port

TOOL = Path(__file__).parents[2] / ".carnet" / "tools" / "ministack"
_PINS = ("ministack==1.5.33", "aws-sam-translator==1.115.0", "cryptography==50.0.2")
_ROOT = ("AKIAAAAAAAAAAAAAROOT", "root-of-the-stand-in")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running stand-in."""

    url: str
    region: str
    certificate: Path

    def session(
        self, access_key: str = _ROOT[0], secret_key: str = _ROOT[1], token: str | None = None
    ) -> boto3.Session:
        """Return a session of the account's root, or of the credentials given."""
        return boto3.Session(access_key, secret_key, token, region_name=self.region)

    @property
    def place(self) -> Place:
        """Return where the product's own adapters find it, as the account's root."""
        return Place(self.region, self.url, *_ROOT)

    def client(self, service: str, session: boto3.Session | None = None) -> Any:
        """Return a client of one service."""
        return (session or self.session()).client(service, endpoint_url=self.url, verify=str(self.certificate))


@contextmanager
def ministack(folder: Path, region: str, *, tls: bool = True) -> Iterator[Cloud]:
    """Start the stand-in on a free port of the loopback interface; stop it at the end. Nothing is kept.

    TLS, because the buckets of a deployment refuse anything else.
    """
    port = free_port()
    scheme = "https" if tls else "http"
    cloud = Cloud(f"{scheme}://{LOOPBACK}:{port}", region, folder / "ministack-tls" / "server.crt")
    with (folder / "ministack.log").open("wb") as log:
        server = subprocess.Popen(
            [_installed()],
            cwd=folder,
            env=_environment(folder, port, region) | {"USE_SSL": str(int(tls))},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server, cloud)
            yield cloud
        finally:
            # It would wait half a minute for idle connections, and nothing of it is kept.
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _installed() -> Path:
    """Return the program, installed on first use by one process alone: it pins another botocore than ours."""
    program = TOOL / "bin" / "ministack"
    TOOL.parent.mkdir(parents=True, exist_ok=True)
    with TOOL.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            venv.create(TOOL, with_pip=True, clear=True)
            pip = [str(TOOL / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *_PINS]
            subprocess.run(pip, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return program


def _environment(folder: Path, port: int, region: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "AWS_ACCESS_KEY_ID": _ROOT[0],
        "AWS_SECRET_ACCESS_KEY": _ROOT[1],
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "MINISTACK_REGION": region,
    }


def _wait(server: "subprocess.Popen[bytes]", cloud: Cloud) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            requests.get(f"{cloud.url}/_ministack/health", verify=str(cloud.certificate), timeout=5).raise_for_status()
        except (requests.RequestException, OSError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the stand-in did not start")
