"""Long lines go on in the next row after a word, where one ends late enough."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.log_lines import lines_of
from tests.widgets.test_log_text import ANY
from widgets.log_index import LogIndex, View
from widgets.log_store import LogStore
from widgets.log_text import LONGEST, drawn, harmless
from widgets.log_wrap import rows_by_cells, rows_of, spans_of

WORDS = st.text(st.sampled_from("abcdef    /,=中"), max_size=120)
WIDTHS = st.integers(8, 40)


def rows(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in spans_of(text, width)]


@given(st.one_of(ANY, WORDS), WIDTHS)
def test_rows_hold_the_whole_text_and_none_shows_more_than_fits(text: str, width: int) -> None:
    shown = harmless(text)
    cut = rows(shown, width)
    assert "".join(cut) == shown
    assert all(cell_len(row.removesuffix(" ")) <= width for row in cut)
    assert all(row for row in cut) or not shown


@given(st.one_of(ANY, WORDS), WIDTHS)
def test_a_row_that_is_not_full_ends_after_a_word_in_its_last_third(text: str, width: int) -> None:
    for row, following in pairwise(rows(harmless(text), width)):
        cells = cell_len(row)
        assert cells >= width - width // 3 - 1
        may_end = row[-1] in " /,=" or cell_len(row[-1]) > 1 or cell_len(following[0]) > 1
        assert cells + cell_len(following[0]) > width or may_end


@given(WORDS.filter(str.isascii), WIDTHS)
def test_what_the_cells_tell_of_a_line_is_what_its_words_take(text: str, width: int) -> None:
    assert rows_by_cells(width)[len(text)] in (0, rows_of(text.encode(), width))


@given(st.lists(WORDS, min_size=1, max_size=20), WIDTHS, st.booleans())
def test_the_rows_that_are_counted_are_the_rows_that_are_drawn(texts: list[str], width: int, whole: bool) -> None:
    store = LogStore()
    raw = [b"head " + text.encode() for text in texts]
    store.add(lines_of(*raw, start=5))
    index = LogIndex(store)
    index.view = View(width, whole=whole)
    index.settle(0)
    for at, text in enumerate(raw):
        assert index.height(at) == rows_of(text[0 if whole else 5 :], width)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loading the weights now", ["loading the ", "weights now"]),
        ("loading the8 weights", ["loading the8 ", "weights"]),
        ("one/two/three/four", ["one/two/", "three/four"]),
        ("--model=/mnt/x --port 80", ["--model=/", "mnt/x --port ", "80"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("a bcdefghijklmnop", ["a bcdefghijk", "lmnop"]),
        ("模型权重已加载完毕", ["模型权重已加", "载完毕"]),
        ("模型权重 loading weights", ["模型权重 ", "loading ", "weights"]),
        ("模型权重loading weights", ["模型权重", "loading ", "weights"]),
        ("ends with it ", ["ends with it "]),
        ("", [""]),
    ],
)
def test_rows_of_twelve_cells(text: str, expected: list[str]) -> None:
    assert rows(text, 12) == expected


def test_a_very_long_line_takes_few_rows_and_little_time() -> None:
    shown = drawn(b"x y " * 250_000)
    assert len(spans_of(shown, 60)) <= len(shown) // 40 + 1
    assert len(shown) < LONGEST + 60
