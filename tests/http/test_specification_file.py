"""The specification in docs/ is the one that is served."""

import json

from infra.specification import FILE, written


def test_the_specification_in_docs_is_up_to_date():
    assert FILE.read_text(encoding="utf-8") == written(), "run `make docs`"


def test_no_two_models_share_a_name():
    names = json.loads(written())["components"]["schemas"]
    assert [name for name in names if "__" in name] == []
