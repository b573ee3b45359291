"""The last minute on one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.color import Color

from widgets.line_filter import GlyphFilter
from widgets.spark import LEVELS, spark

STEPS = [step / 8 for step in range(8)]


def test_there_are_eight_heights() -> None:
    assert spark(STEPS, 60, top=1.0).plain.strip() == LEVELS


def test_the_newest_value_is_on_the_right_and_what_was_not_yet_is_empty() -> None:
    assert spark([0.0, 1.0], 60, top=1.0).plain == " " * 58 + "▁█"


def test_only_the_last_sixty_are_shown() -> None:
    assert spark([1.0] * 30 + [0.0] * 60, 60, top=1.0).plain == "▁" * 60


def test_a_value_that_is_not_known_is_a_gap_and_nothing_is_the_lowest() -> None:
    assert spark([0.5, None, 0.0], 60, top=1.0).plain.lstrip() == "▅ ▁"


def test_a_narrow_one_shows_means_of_neighbours() -> None:
    assert spark([0.0, 1.0] * 30, 30, top=1.0).plain == "▅" * 30


def test_without_a_top_the_highest_fills_the_line() -> None:
    assert spark([0.0, 490.0, 980.0], 60).plain.lstrip() == "▁▅█"
    assert spark([0.0, 0.0], 60).plain.lstrip() == "▁▁"


def test_its_heights_can_be_told_apart_in_ascii() -> None:
    [plain] = GlyphFilter().apply([Segment(LEVELS)], Color(0, 0, 0))
    assert plain.text.isascii()
    assert len(set(plain.text)) == len(LEVELS)


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=130), st.integers(0, 90))
def test_it_fills_its_width_up_to_sixty(values: list[float | None], width: int) -> None:
    assert spark(values, width).cell_length == min(width, 60)
