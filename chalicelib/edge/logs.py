"""Logs: one JSON line per request or batch, of fixed fields only; nobody's data, no message of any exception."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

_LOG = logging.getLogger("chalicelib")  # not "carnet": Chalice calls its own logger by the name of the app
_TALKATIVE = (
    "aws_cryptographic_material_providers",
    "aws_encryption_sdk",
    "boto3",
    "botocore",
    "s3transfer",
    "urllib3",
)
_CODE_ROOT = Path(__file__).parents[2]


def configure_logging() -> None:
    """Send our lines to standard output as they are, and silence libraries that log what they were given."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.handlers = [handler]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    logging.raiseExceptions = False
    for name in _TALKATIVE:
        silence(logging.getLogger(name))


def silence(logger: logging.Logger) -> None:
    """Stop this logger and everything below it."""
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)


def line(**fields: str | float) -> None:
    """Write one line. Callers pass codes, templates and numbers, never values from a request."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    # ASCII alone: others take U+2028 for the end of a line
    _LOG.info(json.dumps({"time": time, **fields}, separators=(",", ":")))


def fault_code(error: BaseException) -> str:
    """Return kind and place of an unforeseen exception, without what it says: `KeyError@vault/model.py:12`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_CODE_ROOT / "chalicelib")]
    place = ours[-1] if ours else None
    where = f"{Path(place.filename).relative_to(_CODE_ROOT / 'chalicelib')}:{place.lineno}" if place else "?"
    return f"{type(error).__name__}@{where}"
