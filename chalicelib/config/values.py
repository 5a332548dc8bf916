"""How each kind of setting is written. Every reader raises ValueError or TypeError for what is not valid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_HOST = re.compile(r"\.?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_STAGE = re.compile(r"[a-z][a-z0-9-]{0,30}")


class Issuer(BaseModel):
    """One issuer of access tokens, as JSON in CARNET_ISSUERS. Its keys are fetched from `jwks_uri` only."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    issuer: str
    audience: str
    kind: Literal["citizens", "professionals", "machines", "staff"]
    jwks_uri: str
    algorithms: list[str]
    development: bool


@dataclass(frozen=True, slots=True)
class MailUrl:
    """`smtp://`, `smtp+starttls://` or `smtps://`, with user:password@ where the server wants them."""

    security: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Root:
    """The root of keys: `file:<path>` or `kms:<key id>`."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    """Nothing, `file:<path>`, or `text:<the secret>` where the host puts secrets into settings."""

    path: str = ""
    text: str = field(default="", repr=False)

    def read(self) -> bytes:
        """Return the secret, empty when there is none."""
        return Path(self.path).read_bytes().strip() if self.path else self.text.encode()


@dataclass(frozen=True, slots=True)
class Queues:
    """`rows` (polled; both empty), `sqs:<URL prefix>` or `sqs:{"<name>": "<URL>", …}`."""

    prefix: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)

    def addresses(self) -> tuple[str, ...]:
        """Return every address that messages go to."""
        return tuple(address for address in (self.prefix, *self.urls.values()) if address)


@dataclass(frozen=True, slots=True)
class ScannerPlace:
    """`none` (both empty), `clamd://host:port` or `clamd-unix:<path>`."""

    host: str = ""
    port: int = 0
    socket: str = ""


def _valid(holds: object) -> None:
    if not holds:
        raise ValueError


def read_text(text: str) -> str:
    """Read any text without blanks around it."""
    _valid(text and text == text.strip())
    return text


def read_stage(text: str) -> str:
    """Read the name of a stage."""
    _valid(_STAGE.fullmatch(text))
    return text


def read_url(text: str) -> str:
    """Read an http or https address without credentials, query or fragment."""
    parts = urlsplit(text)
    _valid(
        parts.scheme in ("http", "https") and parts.hostname and not (parts.username or parts.query or parts.fragment)
    )
    return text


def read_endpoint(text: str) -> str:
    """Read an address, or nothing."""
    return read_url(text) if text else ""


def read_credentials(text: str) -> str:
    """Read `file:<path>`, or nothing; return the path."""
    _valid(not text or (text.startswith("file:") and len(text) > len("file:")))
    return text.removeprefix("file:")


def read_secret(text: str) -> Secret:
    """Read where a secret is, or nothing."""
    kind, _, rest = text.partition(":")
    _valid(not text or (kind in ("file", "text") and rest))
    return Secret(path=rest) if kind == "file" else Secret(text=rest)


def read_origins(text: str) -> tuple[str, ...]:
    """Read exact origins, separated by blanks."""
    origins = tuple(text.split())
    for origin in origins:
        parts = urlsplit(read_url(origin))
        _valid(not parts.path)
    return origins


def read_issuers(text: str) -> tuple[Issuer, ...]:
    """Read a JSON list of issuers."""
    return tuple(TypeAdapter(list[Issuer]).validate_json(text))


def read_root(text: str) -> Root:
    """Read where the root of keys is."""
    kind, _, name = text.partition(":")
    _valid(kind in ("file", "kms") and name)
    return Root(kind, name)


def read_queues(text: str) -> Queues:
    """Read where the queues are."""
    if text == "rows":
        return Queues()
    _valid(text.startswith("sqs:"))
    rest = text.removeprefix("sqs:")
    if not rest.startswith("{"):
        return Queues(prefix=read_url(rest))
    urls = TypeAdapter(dict[str, str]).validate_json(rest)
    return Queues(urls={name: read_url(url) for name, url in urls.items()})


def read_mail(text: str) -> MailUrl:
    """Read where mail is handed over."""
    parts = urlsplit(text)
    _valid(parts.scheme in _PORTS and parts.hostname and not parts.path.strip("/"))
    port = parts.port or _PORTS[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailUrl(parts.scheme, parts.hostname or "", port, user, password)


def read_scanner(text: str) -> ScannerPlace:
    """Read where the virus scanner is."""
    if text == "none":
        return ScannerPlace()
    parts = urlsplit(text)
    if parts.scheme == "clamd-unix":
        return ScannerPlace(socket=read_text(parts.path))
    _valid(parts.scheme == "clamd" and parts.hostname and parts.port)
    return ScannerPlace(host=parts.hostname or "", port=parts.port or 0)


def read_sms(text: str) -> str:
    """Read the address of the provider of short messages, or `none`."""
    return "" if text == "none" else read_url(text)


def read_hosts(text: str) -> tuple[str, ...]:
    """Read names of hosts, separated by blanks; with a leading dot every name below it."""
    hosts = tuple(text.split())
    _valid(all(_HOST.fullmatch(host) for host in hosts))
    return hosts


def read_address(text: str) -> str:
    """Read one e-mail address."""
    _valid(re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text))
    return text


def read_count(text: str) -> int:
    """Read a whole number above 0."""
    _valid(text.isascii() and text.isdigit() and int(text) > 0)
    return int(text)
