"""Finding: plain and regular expressions, case smart, in slices, forward and backward."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.log_lines import lines_of
from widgets.log_finder import LogFinder
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore


def hits(pattern: Pattern, *texts: str) -> list[int]:
    store = LogStore()
    store.add(lines_of(*texts))
    return pattern.hits(store.chunks[0])


def test_small_letters_match_both_and_a_capital_only_itself() -> None:
    assert hits(Pattern("error"), "Error", "ERROR", "no") == [0, 1]
    assert hits(Pattern("Error"), "Error", "ERROR", "no") == [0]


def test_plain_text_is_no_regular_expression() -> None:
    assert hits(Pattern("a.c"), "abc", "a.c") == [1]
    assert hits(Pattern("a.c", regex=True), "abc", "a.c") == [0, 1]


def test_chinese_and_accents_are_found() -> None:
    assert hits(Pattern("请求"), "收到请求", "no") == [0]
    assert hits(Pattern("é"), "É", "e") == [0]


def test_a_line_is_not_matched_together_with_the_next() -> None:
    assert hits(Pattern(r"a\s*b", regex=True), "a", "b") == []
    assert hits(Pattern("^b$", regex=True), "a", "b") == [1]


def test_a_broken_expression_says_so() -> None:
    with pytest.raises(re.error):
        Pattern("(", regex=True)


def test_heads_are_left_out_unless_lines_are_shown_whole_and_levels_count() -> None:
    store = LogStore()
    store.add(lines_of("(Engine) ERROR x", "(Engine) ERROR an engine", level=4, start=15))
    store.add(lines_of("an error of the engine", "plain"))
    chunk = store.chunks[0]
    for regex in (False, True):
        assert Pattern("engine", regex).hits(chunk) == [1, 2]
        assert Pattern("engine", regex, whole=True).hits(chunk) == [0, 1, 2]
        assert Pattern("error", regex).hits(chunk) == [0, 1, 2]
        assert Pattern("^an", regex).hits(chunk) == ([1, 2] if regex else [])


@given(st.lists(st.text("abAB c", max_size=12), min_size=1, max_size=20), st.text("abAB", min_size=1, max_size=3))
def test_the_fast_way_finds_what_the_slow_way_finds(texts: list[str], wanted: str) -> None:
    assert hits(Pattern(wanted), *texts) == hits(Pattern(re.escape(wanted), regex=True), *texts)


def finder(texts: list[str], wanted: str) -> LogFinder:
    store = LogStore()
    store.add(lines_of(*texts))
    found = LogFinder(store)
    found.pattern = Pattern(wanted)
    while not found.settle(0):
        pass
    return found


def test_next_and_previous_go_round_and_skip_what_is_hidden() -> None:
    found = finder(["x", "hit", "x", "hit", "hit"], "hit")
    assert found.next(1, False, lambda _: True) == 3
    assert found.next(4, False, lambda _: True) == 1
    assert found.next(1, True, lambda _: True) == 4
    assert found.next(1, False, lambda index: index != 3) == 4
    assert (found.count, found.place(3), found.place(2)) == (3, 2, None)


def test_a_single_match_is_found_again_from_itself() -> None:
    found = finder(["x", "hit", "x"], "hit")
    assert found.next(1, False, lambda _: True) == 1
    assert found.next(1, True, lambda _: True) == 1


def test_new_lines_are_looked_through_too() -> None:
    found = finder(["hit"], "hit")
    found.store.add(lines_of("no", "hit"))
    assert found.settle(0)
    assert found.count == 2


def test_nothing_is_said_before_the_way_there_was_looked_through() -> None:
    store = LogStore()
    store.add(lines_of(*(["x"] * 9000), "hit"))
    found = LogFinder(store)
    found.pattern = Pattern("hit")
    assert found.next(0, False, lambda _: True) is None
    while not found.settle(0, budget=0):
        pass
    assert found.next(0, False, lambda _: True) == 9000
