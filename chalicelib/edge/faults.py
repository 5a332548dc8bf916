"""What a model finds wrong itself: fixed words of ours, told to the caller as they are."""

from typing import LiteralString

from pydantic_core import PydanticCustomError

FIXED = "carnet"
"""type of an error whose message is one of these"""


def wrong(message: LiteralString) -> PydanticCustomError:
    """Return an error whose fixed message may be shown to the caller."""
    return PydanticCustomError(FIXED, message)
