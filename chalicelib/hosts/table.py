"""The one table, told to pynamodb: its keys and its sparse index of work left."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

WORK_INDEX = "work"


class WorkIndex(GlobalSecondaryIndex["CarnetRow"]):  # type: ignore[no-untyped-call]
    """Rows with work left, oldest first."""

    class Meta:
        """What pynamodb wants to know."""

        index_name = WORK_INDEX
        projection = KeysOnlyProjection()

    work = UnicodeAttribute(hash_key=True)
    since = UnicodeAttribute(range_key=True)


class CarnetRow(Model):
    """The attributes that the engine itself must know; all others are free."""

    class Meta:
        """What pynamodb wants to know."""

        table_name = "carnet"
        billing_mode = "PAY_PER_REQUEST"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    work_index = WorkIndex()


class SharedConnection(Connection):
    """A pynamodb connection that sends through the adapter's own client and its pool."""

    def __init__(self, shared: Any, table: str) -> None:
        super().__init__(region=shared.meta.region_name)
        self._shared = shared
        self.add_meta_table(_described(table))

    @property
    def client(self) -> Any:
        """Return the client given, whatever pynamodb would have made."""
        return self._shared


def create_table(shared: Any, table: str) -> None:
    """Create the table as local hosts and tests need it; on a real host `infra/` declares it."""
    schema = CarnetRow._get_schema()  # noqa: SLF001  the only way pynamodb tells it
    SharedConnection(shared, table).create_table(table, billing_mode=CarnetRow.Meta.billing_mode, **schema)
    shared.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def _described(table: str) -> MetaTable:
    schema = CarnetRow._get_schema()  # noqa: SLF001
    return MetaTable(
        {
            "TableName": table,
            "KeySchema": schema["key_schema"],
            "AttributeDefinitions": schema["attribute_definitions"],
            "GlobalSecondaryIndexes": [
                {"IndexName": index["index_name"], "KeySchema": index["key_schema"]}
                for index in schema["global_secondary_indexes"]
            ],
        }
    )
