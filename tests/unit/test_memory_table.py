"""The table of the memory host says what a plain dictionary would, and so does every copy of it."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.hosts.memory.table import Stored, Table
from chalicelib.kernel.ports import Key

KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("12"))
ROWS = st.fixed_dictionaries(
    {"body": st.binary(max_size=1)}, optional={"work": st.sampled_from("wx"), "since": st.sampled_from("34")}
)
CHANGES = st.tuples(st.sampled_from(["put", "drop", "copy", "other"]), KEYS, ROWS)


def same(table: Table, plain: dict[Key, Stored]) -> bool:
    """Compare every way of asking."""
    marked = {
        name: {k: r["since"] for k, r in plain.items() if r.get("work") == name and "since" in r} for name in "wx"
    }
    parts = {name: {sort: row for (pk, sort), row in plain.items() if pk == name} for name in "ab"}
    return (
        dict(table) == plain
        and len(table) == len(plain)
        and table == Table(plain)
        and all(table.marked(name) == found for name, found in marked.items())
        and all(table.partition(name) == found for name, found in parts.items())
    )


@given(st.lists(CHANGES, max_size=30))
def test_a_table_and_its_copies_say_what_plain_dictionaries_say(changes: list[tuple[str, Key, Stored]]) -> None:
    table, plain = Table(), dict[Key, Stored]()
    others: list[tuple[Table, dict[Key, Stored]]] = []
    for what, key, row in changes:
        if what == "put":
            table[key], plain[key] = row, row
        elif what == "drop":
            assert table.pop(key, None) == plain.pop(key, None)
        elif what == "copy":
            others.append((table.copy(), dict(plain)))
        elif others:
            others.append((table, plain))
            table, plain = others.pop(0)
    assert all(same(*one) for one in [*others, (table, plain)])
