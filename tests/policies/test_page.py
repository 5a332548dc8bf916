"""docs/access_rules.html says what the table says."""

import csv
from html import escape, unescape
from re import DOTALL, findall

from chalicelib.access.words import WORDS
from infra.access_rules import FILE, written

from .situations import POLICIES

LINES = list(csv.DictReader((POLICIES / "access_rules.csv").read_text(encoding="utf-8").splitlines()))
PAGE = FILE.read_text(encoding="utf-8")
ROWS = dict(findall(r'<tr class="\w+" id="(\w+)">(.*?)</tr>', PAGE, DOTALL))


def test_the_page_is_the_one_that_make_docs_writes() -> None:
    assert written() == PAGE, "run make docs"


def test_the_page_has_one_row_for_each_rule() -> None:
    assert sorted(ROWS) == sorted(line["id"] for line in LINES)


def test_every_row_says_the_whole_rule() -> None:
    for line in LINES:
        row = unescape(ROWS[line["id"]])
        conditions = [WORDS[part.strip().removeprefix("!")] for part in line["when"].split("&")]
        assert all(said in row for said in (line["effect"], line["reason"], line["law"], line["sentence"], *conditions))
        assert all(one in row for one in line["obligations"].split("|"))
        assert line["actions"] == "*" or all(one in row for one in line["actions"].split("|"))


def test_the_prohibitions_stand_first() -> None:
    effects = findall(r'<tr class="(\w+)"', PAGE)
    assert (
        effects
        == sorted(effects, reverse=True)
        == ["deny"] * effects.count("deny") + ["allow"] * effects.count("allow")
    )
    assert escape("CSP L.1110-4") in PAGE
