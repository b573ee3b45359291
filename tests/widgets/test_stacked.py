"""Who gives way in a column that is too low, and who takes what is left."""

from __future__ import annotations

import pytest

from widgets.stacked import Stacked


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [
        ([12, 11, 7], 43, [12, 11, 20]),  # the last takes what is left
        ([24, 11, 7], 34, [16, 11, 7]),  # the first gives way
        ([24, 11, 7], 22, [11, 11, 0]),  # the last goes, and its lines come back to the first
        ([24, 11, 7], 12, [9, 11, 0]),  # the first keeps its least
        ([6, 20, 7], 22, [6, 20, 0]),
        ([12], 43, [43]),
        ([12, 7], 43, [12, 31]),
        ([], 43, []),
    ],
)
def test_the_lines_are_shared_out(wanted: list[int], room: int, given: list[int]) -> None:
    assert Stacked(9).shares(wanted, room) == given


def test_a_column_as_high_as_its_children_leaves_nothing_over_to_take() -> None:
    assert Stacked(4).shares([3, 8], 40, loose=True) == [3, 8]
    assert Stacked(4).shares([30, 8], 20, loose=True) == [12, 8]
