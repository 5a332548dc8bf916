"""The root of keys: a key file for hosts without a key service, or a KMS; and a short memory in front of either."""

import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.hosts.aws import Place, client, repeated, translated
from chalicelib.kernel.errors import Broken
from chalicelib.kernel.ports import Clock, Keys
from chalicelib.kernel.seal import seal, unseal

_SIZE = 32
_FOR_OTHERS = 0o007
_CODES: dict[str, type[Exception]] = {"InvalidCiphertextException": Broken, "IncorrectKeyException": Broken}
_Remembered = tuple[bytes, tuple[tuple[str, str], ...]]


class KeyFileKeys:
    """A root of 32 random bytes in a file that is made on the first start and must be kept safe ever after."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & _FOR_OTHERS:
            raise ValueError("the key file can be read by everybody: chmod it to 600")
        self._root = path.read_bytes()
        if len(self._root) != _SIZE:
            raise ValueError("the key file does not hold 32 bytes")

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key sealed under the root, bound to the context."""
        return seal(self._root, "wrap", key, *_parts(context))

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key. Raise Broken when the context or the bytes are not the ones that were wrapped."""
        return unseal(self._root, "wrap", wrapped, *_parts(context))


class KmsKeys:
    """A root that stays inside a key management service."""

    def __init__(self, place: Place, key_id: str) -> None:
        self._client = client("kms", place)
        self._key_id = key_id

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key encrypted by the service, bound to the context."""
        return self._call("encrypt", "CiphertextBlob", Plaintext=key, EncryptionContext=dict(context))

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key. Raise Broken when the context or the bytes are not the ones that were wrapped."""
        return self._call("decrypt", "Plaintext", CiphertextBlob=wrapped, EncryptionContext=dict(context))

    def _call(self, operation: str, wanted: str, **call: object) -> bytes:
        return repeated(lambda: self._once(operation, wanted, call))

    def _once(self, operation: str, wanted: str, call: Mapping[str, object]) -> bytes:
        # The key id is named on decrypt too: otherwise any key the caller may use would do.
        with translated(_CODES):
            answer: bytes = getattr(self._client, operation)(KeyId=self._key_id, **call)[wanted]
            return answer


class CachedKeys:
    """Remember what was unwrapped, for a few minutes, under the wrapped bytes and the context themselves.

    A rotated or deleted key row is never answered from here: its wrapped bytes are not what callers then read.
    """

    def __init__(self, keys: Keys, clock: Clock, seconds: int = 300, size: int = 10_000) -> None:
        self._keys = keys
        self._clock = clock
        self._lifetime = timedelta(seconds=seconds)
        self._size = size
        self._known: OrderedDict[_Remembered, tuple[bytes, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wrap(self, key: bytes, context: Mapping[str, str]) -> bytes:
        """Wrap without remembering anything."""
        return self._keys.wrap(key, context)

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        """Return the key, remembered or not. Raise Broken."""
        name = (wrapped, tuple(sorted(context.items())))
        now = self._clock.now()
        with self._lock:
            key, until = self._known.get(name, (b"", now))
        if until > now:
            return key
        key = self._keys.unwrap(wrapped, context)
        self._remember(name, key, now + self._lifetime)
        return key

    def _remember(self, name: _Remembered, key: bytes, until: datetime) -> None:
        with self._lock:
            self._known.pop(name, None)
            self._known[name] = (key, until)
            while len(self._known) > self._size:
                self._known.popitem(last=False)


def _parts(context: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(part for name in sorted(context) for part in (name, context[name]))


def _make(path: Path) -> None:
    """Let the whole file appear at once, or the one that another process has just made stay."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
