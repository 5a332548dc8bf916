"""Cold start of the packaged functions through the real Lambda runtime client, beside bare and naive ones.

`python -m tests.bench.coldstart --package build/test` prints milliseconds from the start of the process until the
runtime asks for the first event (init), and until it answers: GET /health, which needs no capability, and GET /labels,
which needs one of the largest. Beside them in the same run: a handler that does nothing, one that makes the clients
of both stores, and the package as Chalice ships it: no bytecode, the Encryption SDK imported at the top. How many times
the last is faster does not depend on the machine.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import threading
import time
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.package import CODE, LAYER
from infra.perimeter import environment, read_stage

OURS, NAIVE = "our package", "naive package"
_CLIENT = ("awslambdaric", "simplejson", "snapshot_restore_py.py")
_RUNS = 5
_SECONDS = 60
_BARE = "def handler(event, context):\n    return {'statusCode': 200}\n"
_SDK = "import boto3\nboto3.client('dynamodb', 'eu-west-3'), boto3.client('s3', 'eu-west-3')\n" + _BARE
_NAIVE = "import chalicelib.kernel.parts_sdk\nfrom app import app\n"
_AIM, _NAIVE_THERE = 400, 1695
"""milliseconds: what is aimed at, and the naive package, both on the machine that the aim was set for (issue 2)"""


def _event(path: str) -> dict[str, Any]:
    return {
        "httpMethod": "GET",
        "path": path,
        "resource": path,
        "headers": {"Accept": "*/*"},
        "multiValueHeaders": {"Accept": ["*/*"]},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"httpMethod": "GET", "resourcePath": path, "requestId": "c" * 36},
        "body": None,
        "isBase64Encoded": False,
    }


@dataclass(slots=True)
class Times:
    """When things happened in one start, in seconds of the monotonic clock."""

    ready: float = 0
    answered: float = 0
    answer: bytes = b""
    done: threading.Event = field(default_factory=threading.Event)


class RuntimeApi(ThreadingHTTPServer):
    """The runtime API of Lambda for one event: a GET of a path."""

    daemon_threads = True

    def __init__(self, path: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.times, self.event = Times(), _event(path)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeApi

    def do_GET(self) -> None:
        times = self.server.times
        if times.ready:  # the next event never comes
            threading.Event().wait(_SECONDS)
            return
        times.ready = time.perf_counter()
        body = json.dumps(self.server.event).encode()
        self.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": "1",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 30_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        times = self.server.times
        times.answer = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        times.answered = time.perf_counter()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        times.done.set()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function lies: its code, its layer."""

    code: Path
    layer: Path


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds of one start: until the first event was asked for, until it was answered, and of processor."""

    ready: float
    answered: float
    cpu: float


def start(place: Place, handler: str, settings: dict[str, str], path: str) -> Start:
    """Start a function, let it answer one event, end it."""
    server = RuntimeApi(path)
    began = time.perf_counter()
    process = subprocess.Popen(
        [_python(), "-S", "-m", "awslambdaric", handler],
        cwd=place.code,
        env=_environment(place, server.server_port, settings),
        stdout=subprocess.DEVNULL,
    )
    try:
        assert server.times.done.wait(_SECONDS), "the function did not answer"
        assert b"errorMessage" not in server.times.answer, server.times.answer
    finally:
        process.kill()
        used = os.wait4(process.pid, 0)[2]
        server.shutdown()
        server.server_close()
    ready, answered = server.times.ready - began, server.times.answered - began
    return Start(ready * 1000, answered * 1000, (used.ru_utime + used.ru_stime) * 1000)


def _python() -> Path:
    return Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


def _environment(place: Place, port: int, settings: dict[str, str]) -> dict[str, str]:
    path = os.pathsep.join(map(str, (place.code, place.layer / "python", place.layer / "client")))
    return {
        **settings,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "AWS_REGION": settings["CARNET_REGION"],
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "LAMBDA_TASK_ROOT": str(place.code),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _unpacked(package: Path, folder: Path, *, bytecode: bool) -> Place:
    place = Place(folder / "code", folder / "layer")
    for archive, to in ((CODE, place.code), (LAYER, place.layer)):
        with zipfile.ZipFile(package / archive) as opened:
            opened.extractall(to)
    if not bytecode:
        for cache in list(folder.rglob("__pycache__")):
            shutil.rmtree(cache)
    return _with_client(place)


def _bare(folder: Path) -> Place:
    place = Place(folder / "code", folder / "layer")
    place.code.mkdir(parents=True)
    return _with_module(_with_client(place), "bare", _BARE)


def _with_module(place: Place, name: str, text: str) -> Place:
    (place.code / f"{name}.py").write_text(text)
    return place


def _with_client(place: Place) -> Place:
    """Put the runtime client where no other package of this environment is; its bytecode is there on Lambda, too."""
    to, packages = place.layer / "client", Path(sysconfig.get_path("platlib"))
    to.mkdir(parents=True)
    for source in [*(packages / name for name in _CLIENT), *packages.glob("runtime_client*.so")]:
        (shutil.copytree if source.is_dir() else shutil.copy)(source, to / source.name)
    return place


def measure(package: Path) -> dict[str, Start]:
    """Return what was started and the medians of some starts, the first one not counted."""
    settings = environment(read_stage("test"))
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        ours = _unpacked(package, root / "ours", bytecode=True)
        as_is = _unpacked(package, root / "as_is", bytecode=False)
        places = {
            "bare handler": (_bare(root / "bare"), "bare.handler", "/health"),
            "bare SDK clients": (_with_module(ours, "sdk", _SDK), "sdk.handler", "/health"),
            OURS: (ours, "app.app", "/health"),
            "our package, /labels": (ours, "app.app", "/labels"),
            "without bytecode": (as_is, "app.app", "/health"),
            NAIVE: (_with_module(as_is, "naive", _NAIVE), "naive.app", "/health"),
        }
        return {name: _median(*asked, settings) for name, asked in places.items()}


def _median(place: Place, handler: str, path: str, settings: dict[str, str]) -> Start:
    runs = [start(place, handler, settings, path) for _ in range(_RUNS + 1)][1:]
    return Start(*(statistics.median(getattr(run, name) for run in runs) for name in ("ready", "answered", "cpu")))


def main() -> None:
    """Print one line per package."""
    parser = argparse.ArgumentParser(description="Measure cold starts.")
    parser.add_argument("--package", type=Path, required=True, help="what infra.package wrote")
    options = parser.parse_args()
    found = measure(options.package)
    for name, one in found.items():
        print(f"{name:20} ready {one.ready:5.0f} ms, answers {one.answered:5.0f} ms, processor {one.cpu:5.0f} ms")
    ours, naive = found[OURS].answered, found[NAIVE].answered
    print(
        f"our package answers after {ours:.0f} ms (aim {_AIM}): {ours / naive:.2f} of the naive package "
        f"(aim {_AIM / _NAIVE_THERE:.2f}, from {_AIM} and {_NAIVE_THERE} ms)"
    )


if __name__ == "__main__":
    main()
