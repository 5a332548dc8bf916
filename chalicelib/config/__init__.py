"""The settings of one deployment, held against the perimeter at every start."""

from .perimeter import check_perimeter
from .settings import PREFIX, REHEARSALS, Config, ConfigError
from .values import Issuer, MailUrl, Queues, Root, ScannerPlace

__all__ = [
    "PREFIX",
    "REHEARSALS",
    "Config",
    "ConfigError",
    "Issuer",
    "MailUrl",
    "Queues",
    "Root",
    "ScannerPlace",
    "check_perimeter",
]
