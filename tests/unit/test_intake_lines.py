"""A file read window by window gives the lines that it has, each once, whatever the sizes."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.enrolment.insured import LINE
from chalicelib.enrolment.lines import Place, cut


def lines_of(content: bytes, most: int, size: int) -> list[tuple[int, bytes]]:
    place, found, end = Place(), [], False
    while not end:
        chunk = cut(place, content[place.offset : place.offset + size], most=most, size=size)
        assert chunk.end or chunk.next.offset > place.offset
        found += chunk.lines
        place, end = chunk.next, chunk.end
    assert place.offset == len(content)
    return found


def expected(content: bytes) -> list[tuple[int, bytes]]:
    plain = [line.removesuffix(b"\r") for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    return [(number, line) for number, line in enumerate(plain, 1) if line.strip()]


PIECES = st.lists(st.sampled_from([b"\n", b"\r\n", b"a", b"bc", b" ", b"\xff", b"{}", b"x" * 300]), max_size=40)


@given(PIECES, st.booleans(), st.integers(1, 7), st.integers(LINE + 1, LINE + 900))
def test_windows_of_any_size_give_the_same_lines(pieces: list[bytes], bom: bool, most: int, size: int) -> None:
    content = (b"\xef\xbb\xbf" if bom else b"") + b"".join(pieces)
    assert lines_of(content, most, size) == expected(content)


@given(st.integers(0, 3), st.integers(LINE - 2, 4 * LINE), st.integers(1, 3), st.booleans())
def test_a_line_too_long_is_one_cut_line_and_those_after_it_keep_their_numbers(
    before: int, length: int, most: int, ended: bool
) -> None:
    content = b"a\n" * before + b"x" * length + (b"\nlast\n" if ended else b"")
    found = lines_of(content, most, LINE + 100)
    assert [number for number, _ in found] == list(range(1, before + 2 + ended))
    assert (len(found[before][1]) > LINE) == (length > LINE)
    assert not ended or found[-1][1] == b"last"


def test_an_empty_file_has_no_line() -> None:
    assert lines_of(b"", 10, LINE * 2) == []
    assert lines_of(b"\xef\xbb\xbf", 10, LINE * 2) == []


def test_a_file_that_ends_with_its_window_has_no_line_more() -> None:
    assert lines_of(b"a\n" * (LINE // 2 + 50), 50_000, LINE + 100) == [(n, b"a") for n in range(1, LINE // 2 + 51)]
