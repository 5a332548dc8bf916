"""The outside world as one object."""

from dataclasses import dataclass, field

from .ports import Blobs, Clock, Keys, Mail, Push, Queue, Rows, Scanner, Sms


@dataclass(frozen=True, slots=True)
class Host:
    """Everything a deployment provides; another host is another line in `wiring.py`."""

    rows: Rows
    blobs: Blobs
    keys: Keys
    queue: Queue
    mail: Mail
    sms: Sms
    push: Push
    scanner: Scanner
    clock: Clock
    memo: dict[str, bytes] = field(default_factory=dict)
    """wrapped keys of the deployment, read once per process; never anything of a record"""
