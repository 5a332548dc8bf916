"""What every table of rows keeps to."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from chalicelib.hosts.dynamo import DynamoRows
from chalicelib.kernel.errors import ConditionFailed
from chalicelib.kernel.ports import NEW, Change, Key, Row, Rows, When


@pytest.fixture
def key() -> Key:
    return f"r#{uuid4().hex}", "0facts"


def at(key: Key, **attributes: str | int | bytes | list[bytes]) -> Row:
    return {"pk": key[0], "sk": key[1], **attributes}


def test_a_row_comes_back_as_it_was_written(rows: Rows, key: Key) -> None:
    row = at(
        key, text="é", empty="", number=-7, large=2**60, raw=bytes(range(256)), nothing=b"", list=[b"a", b""], none=[]
    )
    rows.put(row)
    assert rows.get([key]) == {key: row}


def test_absent_rows_are_left_out(rows: Rows, key: Key) -> None:
    rows.put(at(key))
    assert rows.get([key, (key[0], "none"), key]) == {key: at(key)}
    assert rows.get([(key[0], "none")]) == {}
    assert rows.get([]) == {}


def test_a_hundred_rows_are_read_in_one_call_and_more_are_refused(rows: Rows, key: Key) -> None:
    keys = [(key[0], f"{number:03}") for number in range(101)]
    for one in keys[:100]:
        rows.put(at(one, raw=b"x" * 3000))
    assert len(rows.get(keys[:100])) == 100
    with pytest.raises(ValueError, match="100"):
        rows.get(keys)


def test_a_read_that_was_begun_gives_its_rows_when_asked(rows: Rows, key: Key) -> None:
    rows.put(at(key, number=1))
    pending = rows.begin_get([key])
    assert pending.result() == {key: at(key, number=1)}
    assert pending.result() == {key: at(key, number=1)}


def test_a_put_that_was_begun_is_there_with_the_result_and_one_of_two_new_ones_fails(rows: Rows, key: Key) -> None:
    begun = [rows.begin_put(at(key, number=number), NEW) for number in (1, 2)]
    failed = 0
    for one in begun:
        try:
            one.result()
        except ConditionFailed:
            failed += 1
    assert failed == 1
    assert rows.get([key])[key]["number"] in (1, 2)


def test_many_rows_are_written_at_once_and_replace_what_was_there(rows: Rows, key: Key) -> None:
    rows.put(at((key[0], "007"), old=1))
    many = [at((key[0], f"{number:03}"), raw=b"x" * 500, number=number, list=[b"a"]) for number in range(99)]
    rows.put_many(many)
    assert rows.query(key[0]) == many
    rows.put_many([])


def test_rows_written_at_once_are_found_in_the_work_index(rows: Rows, key: Key) -> None:
    shard = f"journal#{key[0]}"
    rows.put_many([at((key[0], name), work=shard, since=f"2026-01-0{name}") for name in "12"])
    for _ in range(50):
        if len(rows.work(shard, upto="2026-01-02")) == 2:
            break
        time.sleep(0.02)
    assert rows.work(shard, upto="2026-01-02") == [(key[0], "1"), (key[0], "2")]
    assert rows.work(shard, upto="2026-01-01") == [(key[0], "1")]


def test_one_row_twice_among_many_is_refused_and_nothing_written(rows: Rows, key: Key) -> None:
    with pytest.raises(ValueError, match="twice"):
        rows.put_many([at(key, number=1), at(key, number=2)])
    assert rows.get([key]) == {}


def test_putting_replaces_the_whole_row(rows: Rows, key: Key) -> None:
    rows.put(at(key, old=1))
    rows.put(at(key, new=1))
    assert rows.get([key]) == {key: at(key, new=1)}


def test_a_row_that_is_there_is_not_new(rows: Rows, key: Key) -> None:
    rows.put(at(key, number=1), NEW)
    with pytest.raises(ConditionFailed):
        rows.put(at(key, number=2), NEW)
    assert rows.get([key]) == {key: at(key, number=1)}


HELD = at(("p", "s"), text="a", number=3, raw=b"r", list=[b"1", b"2"], **{"with-dash.and_dot": 1, "size": 2})


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(equals={"text": "a", "number": 3, "raw": b"r", "list": [b"1", b"2"]}), True),
        (When(equals={"text": "b"}), False),
        (When(equals={"number": 4}), False),
        (When(equals={"none": "a"}), False),
        (When(equals={"with-dash.and_dot": 1, "size": 2}), True),
        (When(absent=("none",)), True),
        (When(absent=("none", "text")), False),
        (When(present=("text", "list")), True),
        (When(present=("text", "none")), False),
        (When(shorter={"list": 3}), True),
        (When(shorter={"list": 2}), False),
        (When(shorter={"none": 1}), True),
        (When(shorter={"none": 0}), False),
        (When(below={"number": 4}), True),
        (When(below={"number": 3}), False),
        (When(below={"none": 1}), True),
        (When(below={"none": 0}), False),
        (
            When(equals={"text": "a"}, absent=("none",), present=("raw",), shorter={"list": 9}, below={"number": 9}),
            True,
        ),
        (
            When(equals={"text": "a"}, absent=("none",), present=("raw",), shorter={"list": 9}, below={"number": 1}),
            False,
        ),
    ],
)
@pytest.mark.parametrize("write", ["put", "update", "delete"])
def test_a_write_happens_exactly_when_all_its_conditions_hold(
    rows: Rows, key: Key, when: When, holds: bool, write: str
) -> None:
    held = {**HELD, "pk": key[0], "sk": key[1]}
    writes: dict[str, Callable[[], None]] = {
        "put": lambda: rows.put(at(key, done=1), when),
        "update": lambda: rows.update(key, Change(set={"done": 1}), when),
        "delete": lambda: rows.delete(key, when),
    }
    rows.put(held)
    if holds:
        writes[write]()
        assert rows.get([key]).get(key) != held
    else:
        with pytest.raises(ConditionFailed):
            writes[write]()
        assert rows.get([key]) == {key: held}


def test_one_update_does_everything_at_once(rows: Rows, key: Key) -> None:
    rows.put(at(key, kept=1, changed="old", had="mine", list=[b"1"], number=5, gone=b"x", gone_list=[b"x"]))
    change = Change(
        set={"changed": "new", "made": b"m"},
        default={"had": "theirs", "had_not": "default"},
        append={"list": b"2", "new_list": b"1"},
        add={"number": -2, "new_number": 4},
        remove=("gone", "gone_list", "never_there"),
    )
    rows.update(key, change)
    assert rows.get([key])[key] == at(
        key,
        kept=1,
        changed="new",
        made=b"m",
        had="mine",
        had_not="default",
        list=[b"1", b"2"],
        new_list=[b"1"],
        number=3,
        new_number=4,
    )


def test_an_update_makes_an_absent_row_unless_the_condition_forbids_it(rows: Rows, key: Key) -> None:
    with pytest.raises(ConditionFailed):
        rows.update(key, Change(set={"a": 1}), When(present=("pk",)))
    assert rows.get([key]) == {}
    rows.update(key, Change(append={"list": b"1"}), When(absent=("pk",), shorter={"list": 1}))
    assert rows.get([key]) == {key: at(key, list=[b"1"])}


def test_a_list_of_sixty_four_takes_no_more(rows: Rows, key: Key) -> None:
    for number in range(64):
        rows.update(key, Change(append={"pending": bytes([number])}), When(shorter={"pending": 64}))
    with pytest.raises(ConditionFailed):
        rows.update(key, Change(append={"pending": b"x"}), When(shorter={"pending": 64}))
    assert rows.get([key])[key]["pending"] == [bytes([number]) for number in range(64)]


def test_an_attribute_is_not_changed_twice_in_one_call(rows: Rows, key: Key) -> None:
    with pytest.raises(ValueError, match="twice"):
        rows.update(key, Change(set={"a": 1}, remove=("a",)))
    assert rows.get([key]) == {}


def test_deleting_what_is_absent_is_no_error(rows: Rows, key: Key) -> None:
    rows.delete(key)
    rows.put(at(key))
    rows.delete(key)
    rows.delete(key)
    assert rows.get([key]) == {}
    with pytest.raises(ConditionFailed):
        rows.delete(key, When(present=("pk",)))


def sorts(found: list[Row]) -> list[str]:
    return [str(row["sk"]) for row in found]


def test_a_query_stays_in_its_partition_order_and_bounds(rows: Rows, key: Key) -> None:
    partition = key[0]
    names = ["0facts", "0key", "1doc#a", "1doc#b", "1doc#é", "3ver#a"]
    for name in reversed(names):
        rows.put(at((partition, name)))
    rows.put(at((partition + "x", "1doc#a")))
    assert sorts(rows.query(partition)) == names
    assert sorts(rows.query(partition, limit=2)) == names[:2]
    assert sorts(rows.query(partition, after="0key")) == names[2:]
    assert sorts(rows.query(partition, after="0z")) == names[2:]
    assert sorts(rows.query(partition, upto="1doc#a")) == names[:3]
    assert sorts(rows.query(partition, after="1doc#", upto="1doc#~")) == names[2:4]
    assert sorts(rows.query(partition, after="0key", upto="1doc#b", limit=2)) == names[2:4]
    assert sorts(rows.query(partition, after="0key", upto="1doc#b", limit=1)) == names[2:3]
    assert rows.query(partition, after="1doc#b", upto="1doc#b") == []
    assert rows.query(partition, after="2", upto="1") == []
    assert rows.query(partition + "none") == []


def test_names_are_the_sorts_of_what_a_query_finds(rows: Rows, key: Key) -> None:
    partition, names = key[0], ["0facts", "1doc#a", "1doc#é", "3ver#a"]
    for name in reversed(names):
        rows.put(at((partition, name), work="w", since="2026"))
    rows.put(at((partition + "x", "1doc#b")))
    assert rows.names(partition) == names
    assert rows.names(partition, after="0z", limit=2) == names[1:3]
    assert rows.begin_names(partition, after="1doc#a").result() == names[2:]
    assert rows.names(partition + "none") == []


def test_a_query_that_was_begun_gives_what_a_query_gives(rows: Rows, key: Key) -> None:
    for sort in ("1", "2", "3"):
        rows.put({"pk": key[0], "sk": sort})
    begun = rows.begin_query(key[0], after="1", upto="9", limit=1)
    assert begun.result() == rows.query(key[0], after="1", upto="9", limit=1)


def test_a_query_goes_on_over_the_pages_of_the_engine(rows: Rows, key: Key) -> None:
    for number in range(9):
        rows.put(at((key[0], f"{number}"), raw=b"x" * 300_000))
    assert sorts(rows.query(key[0], limit=8)) == [str(number) for number in range(8)]
    assert rows.names(key[0], limit=8) == [str(number) for number in range(8)]


def test_work_is_found_in_order_and_forgotten_when_done(rows: Rows, key: Key) -> None:
    partition, shard = key[0], f"work-{uuid4().hex}"
    for sort, since in (("a", "2026-03"), ("b", "2026-01"), ("c", "2026-02"), ("d", "2026-04")):
        rows.put(at((partition, sort), work=shard, since=since, other=1))
    rows.put(at((partition, "e"), work=f"{shard}-other", since="2026-01"))
    rows.update((partition, "c"), Change(remove=("work", "since")))
    expected = [(partition, "b"), (partition, "a")]
    assert eventually(lambda: rows.work(shard, upto="2026-03"), expected)
    assert rows.work(shard, upto="2026-03", limit=1) == expected[:1]
    assert rows.work(shard, upto="2025") == []


def eventually(read: Callable[[], object], expected: object) -> bool:
    for _ in range(100):
        if read() == expected:
            return True
        time.sleep(0.05)
    return False


def test_what_was_read_is_a_copy(rows: Rows, key: Key) -> None:
    pending = [b"1"]
    rows.put(at(key, list=pending))
    pending.append(b"2")
    found = rows.get([key])[key]["list"]
    assert isinstance(found, list)
    found.append(b"3")
    assert rows.get([key])[key]["list"] == [b"1"]


def append_all(rows: Rows, key: Key) -> list[bytes]:
    def append(number: int) -> bytes:
        entry = number.to_bytes(2, "big")
        rows.update(key, Change(append={"pending": entry}, add={"count": 1}), When(equals={"version": 1}))
        return entry

    rows.put(at(key, version=1))
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(append, range(60)))


@pytest.mark.real
def test_appends_at_the_same_time_lose_nothing_on_the_real_engine(engine: DynamoRows, key: Key) -> None:
    entries = append_all(engine, key)
    row = engine.get([key])[key]
    assert sorted(row["pending"]) == entries  # type: ignore[arg-type]
    assert row["count"] == 60


@pytest.mark.real
def test_of_many_writers_of_one_condition_one_wins_on_the_real_engine(engine: DynamoRows, key: Key) -> None:
    def claim(number: int) -> bool:
        try:
            engine.put(at(key, owner=number), NEW)
        except ConditionFailed:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(claim, range(24))) == 1
