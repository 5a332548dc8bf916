"""The floor: bare boto3 doing the store calls of one request one after another, plus the sealing. Nothing else.

Its rows are copies of the product's, in partitions of their own; sizes, conditions and consistent reads are the same.
"""

import json
import os
import secrets
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.hosts.expressions import item
from chalicelib.kernel.parts import Place, open_part, seal_part
from chalicelib.kernel.seal import seal, unseal

from .world import World, content, place_of

PAGE = 27
"""rows that a list of 25 asks for: one for the cursor, one at the lower bound"""
_KEY = bytes(range(32))
_ENTRY, _HEAD, _CLAIM = os.urandom(520), os.urandom(760), os.urandom(140)
_NAMES = {"#l": "list", "#v": "policy_version", "#g": "generation"}
_PART = Place("bench", "bench", 1, 1, 1)


class Floor:
    """One per process: clients are shared by its threads, as in the product."""

    def __init__(self, settings: Mapping[str, str], table: str, records: list[str], bucket: str) -> None:
        same = {"max_pool_connections": 32, "request_checksum_calculation": "when_required"}
        self._rows = boto3.client("dynamodb", **place_of(settings, "rows"), config=Config(**same))
        style = {"addressing_style": "path"}
        self._blobs = boto3.client("s3", **place_of(settings, "blobs"), config=Config(**same, s3=style))
        self._table, self._bucket, self._records = table, bucket, records
        self._content = content()
        self._head = seal(_KEY, "rows", _HEAD, "bench")

    def prepare(self, world: World) -> None:
        """Copy the product's rows."""
        for record in self._records:
            rows = world.host.rows.query(f"r#{record}", upto="1doc#~", limit=100)
            for row in rows:
                self._copy(record, row)
        self._blobs.put_object(Bucket=self._bucket, Key="bench/read", Body=seal_part(_KEY, _PART, self._content))

    def level(self, world: World) -> None:
        """Copy the facts rows again, so that both sides carry as many pending entries."""
        for record in self._records:
            key = (f"r#{record}", "0facts")
            self._copy(record, world.host.rows.get([key])[key])

    def _copy(self, record: str, row: Mapping[str, Any]) -> None:
        # The work index of the product must not see these rows: its worker would try to relay them.
        mine = {**row, "pk": f"bench#{record}", **({"work": "bench#0"} if "work" in row else {})}
        if row["sk"] == "0facts":
            generation = row["generation"]
            mine["list"] = mine.pop(f"pending_{generation}", [])
        elif str(row["sk"]).startswith("1doc#"):
            mine["body"] = self._head[: len(row["body"])].ljust(len(row["body"]), b"\0")
        self._rows.put_item(TableName=self._table, Item=item(mine))

    def metadata(self, number: int, document: str) -> None:
        """Facts, key and head row; the journal entry."""
        record = self._records[number]
        found = self._batch(record, "0facts", "0key", f"1doc#{document}")
        self._unseal()
        self._append(record, found)

    def listing(self, number: int, _: str) -> None:
        """Facts and key; the journal entry; one page."""
        record = self._records[number]
        self._append(record, self._batch(record, "0facts", "0key"))
        names = {"#p": "pk", "#s": "sk"}
        values = {":p": {"S": f"bench#{record}"}, ":a": {"S": "1doc#"}, ":z": {"S": "1doc#~"}}
        answer = self._rows.query(
            TableName=self._table,
            KeyConditionExpression="#p = :p AND #s BETWEEN :a AND :z",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
            Limit=PAGE,
        )
        for _row in answer["Items"]:
            self._unseal()

    def consult(self, number: int, document: str) -> None:
        """Facts, key and head row; the journal entry; the content."""
        record = self._records[number]
        found = self._batch(record, "0facts", "0key", f"1doc#{document}")
        self._unseal()
        self._append(record, found)
        sealed = self._blobs.get_object(Bucket=self._bucket, Key="bench/read")["Body"].read()
        open_part(_KEY, _PART, sealed)

    def deposit(self, number: int, _: str) -> None:
        """Facts, key, claim and two quotas; the journal entry; claim; content; head row; wake-up."""
        record, name = self._records[number], secrets.token_hex(13)
        found = self._batch(record, "0facts", "0key", f"5claim#{name}", "0quota", "0quota2")
        self._append(record, found)
        self._put(record, f"5claim#{name}", {"version": {"N": "1"}, "state": {"S": ""}, "body": self._sealed(_CLAIM)})
        sealed = seal_part(_KEY, _PART, self._content)
        self._blobs.put_object(Bucket=self._bucket, Key=f"bench/{record}/{name}/00001", Body=sealed)
        head = {"version": {"N": "1"}, "state": {"S": "received"}, "body": self._sealed(_HEAD)}
        due = {"work": {"S": "bench#1"}, "since": {"S": "2026-11-22T03:00:00+00:00"}}
        self._put(record, f"1doc#{name}", {**head, **due})
        body = json.dumps({"record": record, "document": name, "version": 1})
        message = {"pk": {"S": "q#bench"}, "sk": {"S": f"2026-11-22T03:00:00.000000#{name}"}, "body": {"S": body}}
        self._rows.put_item(TableName=self._table, Item={**message, "until": {"S": ""}, "count": {"N": "0"}})

    def _sealed(self, clear: bytes) -> dict[str, Any]:
        return {"B": seal(_KEY, "rows", clear, "bench")}

    def _unseal(self) -> None:
        unseal(_KEY, "rows", self._head, "bench")

    def _batch(self, record: str, *sorts: str) -> dict[str, Any]:
        keys = [{"pk": {"S": f"bench#{record}"}, "sk": {"S": sort}} for sort in sorts]
        request = {self._table: {"Keys": keys, "ConsistentRead": True}}
        rows = self._rows.batch_get_item(RequestItems=request)["Responses"][self._table]
        return next(row for row in rows if row["sk"]["S"] == "0facts")

    def _append(self, record: str, facts: Mapping[str, Any]) -> None:
        self._rows.update_item(
            TableName=self._table,
            Key={"pk": {"S": f"bench#{record}"}, "sk": {"S": "0facts"}},
            UpdateExpression="SET #l = list_append(if_not_exists(#l, :e), :n)",
            ConditionExpression="#v = :v AND #g = :g AND (attribute_not_exists(#l) OR size(#l) < :m)",
            ExpressionAttributeNames=_NAMES,
            ExpressionAttributeValues={
                ":e": {"L": []},
                ":n": {"L": [{"B": os.urandom(16) + seal(_KEY, "journal", _ENTRY, record)}]},
                ":v": facts["policy_version"],
                ":g": facts["generation"],
                ":m": {"N": "6400"},
            },
        )

    def _put(self, record: str, sort: str, rest: dict[str, Any]) -> None:
        self._rows.put_item(
            TableName=self._table,
            Item={"pk": {"S": f"bench#{record}"}, "sk": {"S": sort}, **rest},
            ConditionExpression="attribute_not_exists(pk)",
        )
