"""A share as a bar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.gauge import gauge, percent


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.0, "──────────"), (0.28, "███───────"), (1.0, "██████████"), (1.7, "██████████"), (None, "──────────")],
)
def test_blocks_are_what_is_used_and_a_line_is_the_rest(share: float | None, drawn: str) -> None:
    assert gauge(share, 10).plain == drawn


def test_what_is_not_known_is_told_from_nothing_by_a_dash() -> None:
    assert (percent(None), percent(0.0), percent(0.714)) == ("—", "0%", "71%")


@given(st.none() | st.floats(-2, 2), st.integers(0, 80))
def test_it_fills_its_width(share: float | None, width: int) -> None:
    assert gauge(share, width).cell_length == width
