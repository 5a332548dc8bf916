"""The settings of one deployment: read once by app.py, typed, without defaults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import values
from .values import Issuer, MailUrl, Queues, Root, ScannerPlace, Secret

PREFIX = "CARNET_"
REHEARSALS = ("local", "test")
"""the stages without real people; every other one is real"""


class ConfigError(Exception):
    """A setting is missing, unknown or not valid; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of CARNET_*, in lower case and without the prefix.

    An empty endpoint is the provider's own for the region; empty credentials are the ones the SDK finds (a role),
    otherwise `file:<path>` of JSON with `access_key` and `secret_key`. Deposits are counted per day.

    `sms` is empty where no provider is. `push_key` is a P-256 key in PEM (VAPID); without it there is no Web Push,
    without `reports_secret` no report.
    """

    stage: str
    region: str
    public_url: str
    portal_url: str
    cors_origins: tuple[str, ...]
    issuers: tuple[Issuer, ...]
    rows_endpoint: str
    rows_credentials: str
    table: str
    blobs_endpoint: str
    blobs_credentials: str
    bucket: str
    keys: Root
    queue: Queues
    smtp: MailUrl
    mail_from: str
    sms: str
    sms_secret: Secret
    push_hosts: tuple[str, ...]
    push_key: Secret
    reports_secret: Secret
    scanner: ScannerPlace
    deposits_per_organisation: int
    deposits_per_record: int

    @classmethod
    def read(cls, mapping: Mapping[str, str]) -> "Config":
        """Return the settings. Raise ConfigError; what has not our prefix is not ours and ignored."""
        given = {name for name in mapping if name.startswith(PREFIX)}
        _refuse("unknown settings", given - set(_NAMES))
        _refuse("missing settings", set(_NAMES) - given)
        return cls(**{field: _read(name, field, mapping[name]) for name, field in _NAMES.items()})

    @property
    def is_rehearsal(self) -> bool:
        """Tell whether no real person can be concerned."""
        return self.stage in REHEARSALS


def _refuse(what: str, names: set[str]) -> None:
    if names:
        raise ConfigError(f"{what}: {', '.join(sorted(names))}")


def _read(name: str, field: str, text: str) -> Any:
    try:
        return _READERS[field](text)
    except (ValueError, TypeError):
        raise ConfigError(f"{name} is not valid") from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "stage": values.read_stage,
    "region": values.read_text,
    "public_url": values.read_url,
    "portal_url": values.read_url,
    "cors_origins": values.read_origins,
    "issuers": values.read_issuers,
    "rows_endpoint": values.read_endpoint,
    "rows_credentials": values.read_credentials,
    "table": values.read_text,
    "blobs_endpoint": values.read_endpoint,
    "blobs_credentials": values.read_credentials,
    "bucket": values.read_text,
    "keys": values.read_root,
    "queue": values.read_queues,
    "smtp": values.read_mail,
    "mail_from": values.read_address,
    "sms": values.read_sms,
    "sms_secret": values.read_secret,
    "push_hosts": values.read_hosts,
    "push_key": values.read_secret,
    "reports_secret": values.read_secret,
    "scanner": values.read_scanner,
    "deposits_per_organisation": values.read_count,
    "deposits_per_record": values.read_count,
}
_NAMES = {PREFIX + field.upper(): field for field in _READERS}
