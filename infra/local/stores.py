"""Table and bucket: made one after the other and read back, because the store answers 200 before it keeps them."""

import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.hosts.aws import Place, client
from chalicelib.hosts.table import create_table

TABLE = "carnet"
BUCKET = "carnet"
_SECONDS = 30


def prepare(rows: Place, blobs: Place) -> None:
    """Make what is not there yet. Raise RuntimeError when it cannot be read back in time."""
    _until(client("dynamodb", rows), _table)
    _until(client("s3", blobs, s3={"addressing_style": "path"}), _bucket)


def _until(store: Any, step: Any) -> None:
    deadline = time.monotonic() + _SECONDS
    while not _done(store, step):
        if time.monotonic() > deadline:
            msg = "a store does not keep what it is told: see its log"
            raise RuntimeError(msg)
        time.sleep(0.1)


def _done(store: Any, step: Any) -> bool:
    try:
        return bool(step(store))
    except (BotoCoreError, ClientError):
        return False  # still starting


def _table(rows: Any) -> bool:
    if TABLE not in rows.list_tables()["TableNames"]:
        create_table(rows, TABLE)
    return bool(rows.describe_table(TableName=TABLE)["Table"]["TableStatus"] == "ACTIVE")


def _bucket(blobs: Any) -> bool:
    if BUCKET not in {bucket["Name"] for bucket in blobs.list_buckets()["Buckets"]}:
        blobs.create_bucket(Bucket=BUCKET)
    blobs.put_object(Bucket=BUCKET, Key="probe", Body=b"probe")
    kept = bool(blobs.get_object(Bucket=BUCKET, Key="probe")["Body"].read() == b"probe")
    blobs.delete_object(Bucket=BUCKET, Key="probe")
    return kept
