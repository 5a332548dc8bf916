"""One POST to a service outside: five seconds, no redirect, no proxy, 64 KiB of answer, the address checked twice.

The name is resolved once and the connection goes to the address that was looked at, so that a name which changes its
mind between two look-ups (DNS rebinding) leads nowhere else (abuse Q05, Q06).
"""

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3

from chalicelib.kernel.errors import Gone, Refused, Unavailable

SECONDS = 5.0
ANSWER_BYTES = 64 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z][a-z0-9-]{0,62}")
_OVER = frozenset({404, 410})
_NOT_THEIRS = frozenset({401, 402, 403, 407, 408, 425, 429})
"""refusals that say nothing about the address: our credentials, our bill, our pace"""


def is_outward(url: str, hosts: tuple[str, ...] | None, *, loopback: bool) -> bool:
    """Tell whether we may post there: https, port 443, a name (never a number) that is listed where `hosts` is given.

    `loopback` lets http and any port on this machine pass: in a rehearsal only.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not (url.isascii() and url.isprintable()) or "\\" in url or " " in url:
        return False
    if parts.username is not None or parts.password is not None or parts.fragment:
        return False
    if loopback and parts.scheme == "http" and host in _LOOPBACK:
        return hosts is None or host in hosts
    is_name = bool(_NAME.fullmatch(host)) and not host.endswith(".localhost")
    listed = hosts is None or any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    return parts.scheme == "https" and port in (None, 443) and is_name and listed


def post(url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool) -> None:
    """Post it; return when the other side took it. Raise Gone (404, 410), Refused (bad address) or Unavailable."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _pool(parts.scheme, parts.hostname or "", parts.port, loopback=loopback) as pool:
            answer = pool.request(
                "POST",
                path,
                body=body,
                headers={"Host": parts.netloc, **headers},
                redirect=False,
                preload_content=False,
            )
            status, size = answer.status, len(answer.read(ANSWER_BYTES + 1))
    except (urllib3.exceptions.HTTPError, OSError):
        raise Unavailable from None  # what they say names the address
    _judge(status, size)


def _judge(status: int, size: int) -> None:
    if status in _OVER:
        raise Gone
    if 400 <= status < 500 and status not in _NOT_THEIRS:  # noqa: PLR2004
        raise Refused
    if not 200 <= status < 300 or size > ANSWER_BYTES:  # noqa: PLR2004
        raise Unavailable


def _pool(scheme: str, host: str, port: int | None, *, loopback: bool) -> urllib3.HTTPConnectionPool:
    address = _address(host, port or 443, loopback=loopback)
    timeout = urllib3.Timeout(total=SECONDS)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port or 80, timeout=timeout, retries=False, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address, port or 443, timeout=timeout, retries=False, maxsize=1, assert_hostname=host, server_hostname=host
    )


def _address(host: str, port: int, *, loopback: bool) -> str:
    """Return one address of the name, if all of them lie in the open internet. Raise Unavailable."""
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(_is_open(one) or (loopback and ipaddress.ip_address(one).is_loopback) for one in found):
        raise Unavailable
    return min(found, key=lambda one: (":" in one, one))


def _is_open(address: str) -> bool:
    known = ipaddress.ip_address(address)
    inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    return known.is_global and not known.is_multicast and (inner is None or inner.is_global)
