"""What ids promise: an opaque shape, and documents newest first."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.ids import ID_PATTERN, id_of, new_document_id, new_record_id

MOMENTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2100-01-01"), timezones=st.just(UTC)
)


@given(MOMENTS, st.integers(1, 2**38))
def test_the_text_order_of_document_ids_is_newest_first(moment: datetime, later: int) -> None:
    assert new_document_id(moment + timedelta(milliseconds=later)) < new_document_id(moment)


@given(MOMENTS, st.binary(min_size=16, max_size=16))
def test_every_id_has_the_shape_that_routes_accept(moment: datetime, digest: bytes) -> None:
    for found in (new_record_id(), new_document_id(moment), id_of(digest.hex())):
        assert re.fullmatch(ID_PATTERN.strip("^$"), found)
