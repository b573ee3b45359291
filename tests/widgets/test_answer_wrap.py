"""Breaking text into rows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.answer_wrap import row_starts, shown

LINES = st.text(st.sampled_from("ab c,.。，中文字 é") | st.characters(exclude_categories=["Cc", "Cs"]), max_size=120)


def rows(line: str, width: int) -> list[str]:
    """The rows of a line."""
    starts = [*row_starts(line, width), len(line)]
    return [line[start:end] for start, end in pairwise(starts)]


@given(LINES, st.integers(2, 40))
def test_no_character_is_lost_and_no_row_is_too_wide(line: str, width: int) -> None:
    assert "".join(rows(line, width)) == line
    for row in rows(line, width):
        assert cell_len(row.rstrip(" ")) <= width


@given(LINES, LINES, st.integers(2, 40))
def test_a_growing_line_is_broken_as_if_it_had_been_there_at_once(line: str, more: str, width: int) -> None:
    before = row_starts(line, width)
    grown = [*before[:-1], *row_starts(line + more, width, before[-1])]
    assert grown == row_starts(line + more, width)


def test_words_stay_whole_where_they_fit() -> None:
    assert rows("the engine batches requests", 12) == ["the engine ", "batches ", "requests"]


def test_chinese_breaks_anywhere_but_not_before_its_full_stop() -> None:
    assert rows("人工智能是技术。", 14) == ["人工智能是技", "术。"]


def test_a_word_longer_than_a_row_is_cut() -> None:
    assert rows("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_what_a_terminal_obeys_is_not_shown() -> None:
    assert shown("a\x1b[31mb\x9b0m\tc\u202e") == "a[31mb0m    c"
