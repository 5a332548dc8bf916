"""The specification in docs/ is the one that is served."""

from infra.specification import FILE, written


def test_the_specification_in_docs_is_up_to_date():
    assert FILE.read_text(encoding="utf-8") == written(), "run `make docs`"
