"""Short messages through a provider that takes JSON over HTTPS."""

import json
from dataclasses import dataclass, field

from chalicelib.kernel.errors import Gone, Refused, Unavailable

from .outward import is_outward, post


@dataclass(frozen=True, slots=True)
class SmsProvider:
    """Where short messages are handed over, and the bearer secret that lets us. `loopback` in a rehearsal only."""

    url: str
    secret: str = field(repr=False)
    loopback: bool = False


class HttpSms:
    """`POST {to, text, reference}` with `Authorization: Bearer` and the reference as `Idempotency-Key`."""

    def __init__(self, provider: SmsProvider) -> None:
        self._provider = provider

    def accepts(self, number: str) -> bool:
        """Say yes: which numbers exist, the provider tells."""
        return True

    def send(self, number: str, text: str, reference: str) -> None:
        """Return only after the provider took responsibility. Raise Refused or Unavailable."""
        if not is_outward(self._provider.url, None, loopback=self._provider.loopback):
            raise Unavailable
        body = json.dumps({"to": number, "text": text, "reference": reference}, ensure_ascii=False).encode()
        headers = {
            "Authorization": f"Bearer {self._provider.secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": reference,
        }
        try:
            post(self._provider.url, body, headers, loopback=self._provider.loopback)
        except Gone:
            raise Unavailable from None  # the provider's own address is wrong: nothing is said about the number


class NoSms:
    """A deployment without a provider: no number is accepted, so that the next channel is tried."""

    def accepts(self, number: str) -> bool:
        """Say no."""
        return False

    def send(self, number: str, text: str, reference: str) -> None:
        """Raise Refused."""
        raise Refused
