"""Requests that a provider signs with a secret we share.

`Carnet-Signature: t=<unix time>,v1=<hex HMAC-SHA-256 of "<unix time>.<body>">`.
"""

import hashlib
import hmac
import re
from datetime import datetime

from ..kernel.errors import NotAuthenticated
from .http import Headers

HEADER = "Carnet-Signature"
TOLERANCE = 300
"""seconds between their clock and ours, late arrival included"""
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def check_signature(secret: bytes, headers: Headers, body: bytes, now: datetime) -> None:
    """Return when the body was signed with the secret within five minutes of now. Raise NotAuthenticated."""
    match = _FORM.fullmatch(headers.get(HEADER.lower(), ""))
    if not secret or not match:
        raise NotAuthenticated
    expected = hmac.new(secret, f"{match[1]}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, match[2]) or abs(now.timestamp() - int(match[1])) > TOLERANCE:
        raise NotAuthenticated
