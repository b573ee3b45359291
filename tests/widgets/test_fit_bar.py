"""The bar of a card's memory, as it is drawn."""

from __future__ import annotations

import pytest
from textual.content import Content

from widgets.fit_bar import HATCH, FitBar, label

WEIGHTS = FitBar.Part("weights", "W", "weights", "$primary")
CACHE = FitBar.Part("kv", "K", "权重缓存", "$accent")
REST = FitBar.Part("rest", ".", "free", "$panel")


def drawn(*counts: int, edge: FitBar.Edge | None = None, ends: float = 1.0) -> Content:
    """Draw the three parts with these cells."""
    bar = FitBar()
    names = ("weights", "kv", "rest")
    bar.show((WEIGHTS, CACHE, REST), lambda width: list(zip(names, counts, strict=False)), edge, ends)
    return bar.line(sum(counts))


@pytest.mark.parametrize("count", range(1, 30))
@pytest.mark.parametrize("part", [WEIGHTS, CACHE])
def test_a_part_takes_its_cells_whatever_its_words(part: FitBar.Part, count: int) -> None:
    text = label(part, count)
    assert Content(text).cell_length == count
    assert text.startswith(part.letter)


def test_words_stand_only_where_they_have_room() -> None:
    assert drawn(12, 5, 3).plain == "W  weights  K    .  "
    assert "权重缓存" in drawn(4, 11, 3).plain


def test_an_uncertain_end_is_hatched_on_both_sides_and_covers_no_letter() -> None:
    text = drawn(5, 10, 10, edge=FitBar.Edge("kv", "rest", 0.08)).plain
    assert text == f"W    K       {HATCH * 2}.{HATCH * 2}free   "


def test_nothing_is_hatched_into_what_others_hold() -> None:
    assert drawn(5, 6, 4, edge=FitBar.Edge("kv", "other", 0.1)).plain == f"W    K   {HATCH * 2}.   "


def test_what_is_beyond_the_card_has_another_ground() -> None:
    spans = {str(span.style) for span in drawn(10, 10, ends=0.5).spans}
    assert any("$error" in style for style in spans)
    assert not any("$error" in str(span.style) for span in drawn(10, 10).spans)
