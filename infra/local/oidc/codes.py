"""Authorization codes with PKCE (RFC 7636), good for one minute and one use."""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import Refused
from .people import PORTAL, Person

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Login:
    """One finished login, waiting for its code to be redeemed."""

    person: Person
    choice: int
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class Codes:
    """The codes under way."""

    def __init__(self) -> None:
        self._logins: dict[str, Login] = {}
        self._lock = threading.Lock()

    def issue(self, person: Person, choice: int, query: Mapping[str, str]) -> str:
        """Return the code for this login."""
        until = time.monotonic() + _SECONDS
        login = Login(person, choice, query["redirect_uri"], query["code_challenge"], query.get("nonce", ""), until)
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._logins = {key: kept for key, kept in self._logins.items() if kept.until > time.monotonic()}
            self._logins[code] = login
        return code

    def redeem(self, form: Mapping[str, str]) -> Login:
        """Return the login. Raise Refused; a code counts once, whatever the outcome."""
        with self._lock:
            login = self._logins.pop(form.get("code", ""), None)
        if login is None or login.until < time.monotonic() or not _proven(login, form):
            raise Refused("invalid_grant")
        return login


def _proven(login: Login, form: Mapping[str, str]) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    same_client = form.get("client_id") == PORTAL and form.get("redirect_uri") == login.redirect_uri
    return same_client and hmac.compare_digest(challenge, login.challenge)


def check_request(query: Mapping[str, str]) -> None:
    """Refuse an authorization request that is not code + PKCE (S256) back to the loopback."""
    target = urlsplit(query.get("redirect_uri", ""))
    if query.get("client_id") != PORTAL or target.scheme != "http" or target.hostname not in ("127.0.0.1", "localhost"):
        raise Refused("invalid_request")
    if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
        raise Refused("invalid_request")
    if not query.get("code_challenge"):
        raise Refused("invalid_request")
