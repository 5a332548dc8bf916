"""Things that count only once: proof ids, assertion ids."""

import threading
import time

from .errors import Refused


class Once:
    """Remembers ids for some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def use(self, what: str, code: str) -> None:
        """Accept the id the first time. Raise Refused(code) when it is empty or was used before."""
        now = time.monotonic()
        with self._lock:
            self._until = {used: until for used, until in self._until.items() if until > now}
            if not what or what in self._until:
                raise Refused(code)
            self._until[what] = now + self._seconds
