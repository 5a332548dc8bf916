"""Where data and keys may be: a place that policies/perimeter.toml does not name for this stage is refused."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .settings import Config, ConfigError
from .values import Root

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def check_perimeter(config: Config, perimeter: Mapping[str, Any]) -> None:
    """Refuse every place outside `perimeter["stages"][<stage>]` (policies/perimeter.toml). Raise ConfigError.

    Mail, short messages, push services and issuers hold neither data nor keys of a record: they may be anywhere, yet
    never a rehearsal's.
    """
    allowed = perimeter["stages"].get(config.stage)
    if allowed is None:
        raise ConfigError("CARNET_STAGE is not in the perimeter")
    _require("CARNET_REGION", config.region in allowed["regions"])
    _require("CARNET_KEYS", _root_is_inside(config.keys, allowed))
    for name, address in _places(config):
        _require(name, _is_listed(address, allowed["hosts"]))
    if not config.is_rehearsal:
        _require("CARNET_SMS", not config.sms or config.sms.startswith("https://"))
        _require("CARNET_PUSH_HOSTS", not set(config.push_hosts) & _LOOPBACK)
        _require("CARNET_ISSUERS", not any(issuer.development for issuer in config.issuers))
        _require("CARNET_ISSUERS", all(issuer.jwks_uri.startswith("https://") for issuer in config.issuers))
    if config.stage == "local":  # without endpoints the SDK would leave the machine
        _require("CARNET_ROWS_ENDPOINT", bool(config.rows_endpoint))
        _require("CARNET_BLOBS_ENDPOINT", bool(config.blobs_endpoint))
        _require("CARNET_SMS", not config.sms or _is_listed(config.sms, allowed["hosts"]))
        _require("CARNET_PUSH_HOSTS", set(config.push_hosts) <= set(allowed["hosts"]))


def _places(config: Config) -> list[tuple[str, str]]:
    places = [("CARNET_ROWS_ENDPOINT", config.rows_endpoint), ("CARNET_BLOBS_ENDPOINT", config.blobs_endpoint)]
    places += [("CARNET_QUEUE", address) for address in config.queue.addresses()]
    places += [("CARNET_SCANNER", f"clamd://{config.scanner.host}" if config.scanner.host else "")]
    return [(name, address) for name, address in places if address]


def _is_listed(address: str, hosts: list[str]) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == known or (known.startswith(".") and host.endswith(known)) for known in hosts)


def _root_is_inside(root: Root, allowed: Mapping[str, Any]) -> bool:
    if root.kind == "kms" and root.name.startswith("arn:"):
        _, partition, _, region, *_ = root.name.split(":")
        return partition in allowed["partitions"] and region in allowed["regions"]
    return True


def _require(name: str, holds: bool) -> None:
    if not holds:
        raise ConfigError(f"{name} leaves the perimeter of this stage")
