"""Send one request as a seeded caller: `python -m infra.local.send WHO METHOD PATH [--json …]`.

A deposit takes `--metadata JSON --content FILE`.

WHO is a name of people.json. Tokens come from the development issuer; machines prove their key (DPoP) by themselves.
"""

import argparse
import http.client
import json
import mimetypes
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .callers import Caller
from .home import default_home
from .instance import Instance
from .oidc.people import people
from .story import NOBODY, Answer, Ask

_callers: dict[tuple[str, str, str], Caller] = {}


def _caller(instance: Instance, who: str) -> Caller:
    """Return the caller with the token it has, as long as the issuer is the same."""
    name = (str(instance.home.root), str(instance.state["issuer"]), who)
    if name not in _callers:
        _callers[name] = instance.caller(who)
    return _callers[name]


def send(instance: Instance, ask: Ask) -> Answer:
    """Send it and return the answer."""
    base = instance.base_url
    body, headers = encoded(ask)
    known = {} if ask.who == NOBODY else _caller(instance, ask.who).headers(ask.method, base + ask.path)
    headers |= {**known, **ask.headers}
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        connection.request(ask.method, ask.path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def encoded(ask: Ask) -> tuple[bytes | None, dict[str, str]]:
    """Return body and content type of a request."""
    if ask.form is not None:
        boundary = secrets.token_hex(12)
        return form(*ask.form, boundary), {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if ask.json is not None:
        return json.dumps(ask.json).encode(), {"Content-Type": "application/json"}
    return None, {}


def form(metadata: dict[str, Any], content: bytes, media: str, boundary: str) -> bytes:
    """Return the two parts of a deposit as one form."""
    line = f"--{boundary}\r\nContent-Disposition: form-data; name="
    head = f'{line}"metadata"\r\nContent-Type: application/json\r\n\r\n{json.dumps(metadata)}\r\n'
    middle = f'{line}"content"; filename="document"\r\nContent-Type: {media}\r\n\r\n'
    return head.encode() + middle.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def _file(name: str) -> Path:
    file = Path(name)
    if not file.is_file():
        message = f"there is no file {name}"
        raise argparse.ArgumentTypeError(message)
    return file


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(": ")
    if not colon:
        message = f"a header is written 'Name: value', not {text}"
        raise argparse.ArgumentTypeError(message)
    return name, value


def main() -> int:
    """Read the command line, send, print the answer."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("who", choices=[*people(), NOBODY], metavar="who")
    arguments.add_argument("method")
    arguments.add_argument("path")
    arguments.add_argument("--json", type=json.loads)
    arguments.add_argument("--metadata", type=json.loads)
    arguments.add_argument("--content", type=_file)
    arguments.add_argument("--header", type=_header, action="append", default=[])
    given, instance = arguments.parse_args(), Instance(default_home())
    if (given.metadata is None) != (given.content is None):
        arguments.error("a deposit needs both --metadata and --content")
    if not instance.is_ready():
        arguments.error("nothing runs here: `make run` starts it")
    sent = None
    if given.metadata is not None:
        media = mimetypes.guess_type(given.content.name)[0] or "application/octet-stream"
        sent = (given.metadata, given.content.read_bytes(), media)
    answer = send(instance, Ask(given.who, given.method, given.path, given.json, sent, dict(given.header)))
    print(answer.status, file=sys.stderr)
    sys.stdout.buffer.write(answer.body + (b"\n" if sys.stdout.isatty() else b""))
    return 0 if answer.status < http.client.BAD_REQUEST else 1


if __name__ == "__main__":
    sys.exit(main())
