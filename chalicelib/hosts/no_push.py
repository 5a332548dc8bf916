"""A deployment without Web Push; apart from the adapter, whose libraries take a tenth of a start to load."""

from chalicelib.kernel.errors import Refused
from chalicelib.kernel.ports import Subscription


class NoPush:
    """Nobody is pushed to: no subscription is taken."""

    def accepts(self, subscription: Subscription) -> bool:
        """Say no."""
        return False

    def send(self, subscription: Subscription, payload: bytes, reference: str) -> None:
        """Raise Refused."""
        raise Refused
