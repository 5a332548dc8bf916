"""The policy files of the vault: complete, consistent, refused with file and line when they are not."""

from pathlib import Path

import pytest

from chalicelib.access.matrix import professions
from chalicelib.vault import formats
from chalicelib.vault.inspection.kinds import kinds


def test_the_official_types_are_all_there() -> None:
    assert len(formats.TYPES) == 114
    assert len(formats.CATEGORIES) == 15
    assert {row.category for row in formats.TYPES.values()} == set(formats.CATEGORIES)


def test_a_laboratory_report_is_a_report_of_biology() -> None:
    report = formats.type_of("11502-2")
    assert report is not None
    assert (report.klass, report.category, report.mandatory) == ("10", "BIOLOGIE", True)


def test_a_type_without_an_official_class_has_none() -> None:
    assert {row.code for row in formats.TYPES.values() if not row.klass} == {"101881-1", "E1762"}


def test_an_unknown_code_or_media_type_is_nothing() -> None:
    assert formats.type_of("18842-5") is None
    assert formats.format_of("application/msword") is None


@pytest.mark.parametrize("media", ["text/rtf", "Application/RTF", "application/rtf; charset=utf-8"])
def test_other_spellings_are_read_as_the_kept_media_type(media: str) -> None:
    found = formats.format_of(media)
    assert found is not None
    assert found.media == "application/rtf"


def test_persons_have_their_own_limit_and_file_no_cda() -> None:
    limits = {kind.name: (kind.limit(person=False), kind.limit(person=True)) for kind in formats.FORMATS}
    assert limits.pop("CDA") == (20_000_000, 0)
    assert set(limits.values()) == {(20_000_000, 5_000_000)}


def test_every_profession_that_a_holder_may_name_has_words_and_no_other() -> None:
    assert list(formats.PROFESSIONS) == list(professions())


def test_inspection_reads_the_same_table() -> None:
    assert [kind.media for kind in kinds()] == [kind.media for kind in formats.FORMATS]


@pytest.mark.parametrize("line", ["category,,a,b", "colour,A,a,b", "category,A,a,b,c", "category,A"])
def test_a_broken_line_is_named(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "labels.csv").write_text(f"kind,code,fr,en\ncategory,B,b,b\n{line}\n")
    monkeypatch.setattr(formats, "_HERE", tmp_path)
    with pytest.raises(formats.PolicyError, match=r"labels\.csv, line 3"):
        formats._rows("labels.csv", formats.Label)
