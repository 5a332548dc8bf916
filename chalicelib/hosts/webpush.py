"""Web Push: delivery by RFC 8030, encryption by RFC 8291 (aes128gcm, RFC 8188), our name by RFC 8292 (VAPID).

The one library for this encryption is no longer released as a wheel; its whole algorithm is the thirty lines of
`seal_push`, held to the vector of RFC 8291 Appendix A and to that library as an independent receiver.
"""

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from chalicelib.kernel.errors import Refused
from chalicelib.kernel.ports import Subscription

from .outward import is_outward, post

_RECORD = 4096
_POINT, _AUTH = 65, 16
_VAPID_LIFE = timedelta(hours=12)
_TTL = str(14 * 24 * 3600)
_END = b"\x02"
"""the delimiter of the last record (RFC 8188 § 2)"""


@dataclass(frozen=True, slots=True)
class Vapid:
    """Who we are to push services: our key (PEM), an address for their operators, the services we use."""

    key: bytes = field(repr=False)
    contact: str
    hosts: tuple[str, ...]
    loopback: bool = False


class WebPush:
    """Push to the listed services, each message sealed for its browser."""

    def __init__(self, vapid: Vapid, now: Callable[[], datetime]) -> None:
        self._vapid, self._now = vapid, now
        self._key = ECKey.import_key(vapid.key)

    def accepts(self, subscription: Subscription) -> bool:
        """Tell whether the endpoint is at a listed service and the keys are what RFC 8291 says."""
        listed = is_outward(subscription.endpoint, self._vapid.hosts, loopback=self._vapid.loopback)
        return listed and _keys_of(subscription) is not None

    def send(self, subscription: Subscription, payload: bytes, reference: str) -> None:
        """Seal and post it; the reference is its Topic. Raise Gone, Refused or Unavailable."""
        keys = _keys_of(subscription)
        if keys is None or not self.accepts(subscription):
            raise Refused
        body = seal_push(payload, keys[0], keys[1], generate_private_key(SECP256R1()), os.urandom(16))
        headers = {
            "Authorization": self._authorization(subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": _TTL,
            "Topic": reference[:32],
            "Urgency": "normal",
        }
        post(subscription.endpoint, body, headers, loopback=self._vapid.loopback)

    def _authorization(self, endpoint: str) -> str:
        parts = urlsplit(endpoint)
        until = int((self._now() + _VAPID_LIFE).timestamp())
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": self._vapid.contact}
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key, algorithms=["ES256"])
        public: EllipticCurvePublicKey = self._key.public_key
        return f"vapid t={token}, k={_text(_point(public))}"


def seal_push(
    payload: bytes, receiver: EllipticCurvePublicKey, auth: bytes, sender: EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """Return the body for one browser: `sender` and `salt` are new for every message (RFC 8291 § 3, RFC 8188 § 2)."""
    ours, theirs = _point(sender.public_key()), _point(receiver)
    agreed = _derive(auth, sender.exchange(ECDH(), receiver), b"WebPush: info\0" + theirs + ours, 32)
    key = _derive(salt, agreed, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(salt, agreed, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, payload + _END, None)
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _keys_of(subscription: Subscription) -> tuple[EllipticCurvePublicKey, bytes] | None:
    try:
        point, auth = _bytes(subscription.p256dh), _bytes(subscription.auth)
        if len(point) != _POINT or len(auth) != _AUTH:
            return None
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point), auth
    except (ValueError, binascii.Error):
        return None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
