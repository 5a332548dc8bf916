"""Documents are written without their models, as their models would write them."""

from datetime import UTC, date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access.author import Author
from chalicelib.edge.answers import _body
from chalicelib.vault.model import Document, Draft
from chalicelib.vault.plain import document_view, page_view
from chalicelib.vault.reading import Page, Shown
from chalicelib.vault.views import DocumentsView, DocumentView

TEXT = st.text(max_size=40)
DRAFTS = st.builds(
    Draft,
    type=TEXT,
    title=TEXT,
    media=TEXT,
    size=st.integers(0, 2**40),
    sha256=TEXT,
    unique_id=TEXT,
    created=st.none() | st.dates(date(1880, 1, 1)),
    confidentiality=st.just(()),
)
DOCUMENTS = st.builds(
    Document,
    draft=DRAFTS,
    category=TEXT,
    author=st.builds(Author, **dict.fromkeys(Author.model_fields, TEXT)),
    deposited=st.datetimes(timezones=st.just(UTC)),
    version=st.integers(1, 10**6),
    attempt=TEXT,
    id=TEXT,
)
SHOWN = st.builds(
    Shown,
    DOCUMENTS,
    st.none() | st.booleans(),
    st.sampled_from([(), ("holder",), ("representatives",), ("holder", "representatives")]),
)


@given(SHOWN)
def test_a_document_is_written_as_its_model_writes_it(shown: Shown) -> None:
    plain = document_view(shown)
    assert _body(plain, raw=False)[0] == DocumentView(**plain).model_dump_json()


@given(st.lists(SHOWN, max_size=3), TEXT)
def test_a_page_is_written_as_its_model_writes_it(documents: list[Shown], cursor: str) -> None:
    plain = page_view(Page(tuple(documents), cursor))
    assert _body(plain, raw=False)[0] == DocumentsView(**plain).model_dump_json()
