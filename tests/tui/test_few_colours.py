"""On a terminal of 256 colours the themes of our own keep their grounds apart, and grey."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.color import Color, ColorSystem
from textual.theme import Theme

from widgets.theme import DARK, LIGHT

GREYS = range(232, 256)


def nearest(colour: str | None) -> int:
    """Give which of the 256 colours Rich draws this one with."""
    number = Color.parse(colour or "").downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None
    return number


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_ground_is_a_grey_of_its_own(theme: Theme) -> None:
    grounds = [nearest(colour) for colour in (theme.background, theme.surface, theme.panel)]
    assert all(ground in GREYS for ground in grounds), grounds
    steps = [after - before for before, after in pairwise(grounds)]
    assert all(step > 0 if theme.dark else step < 0 for step in steps), grounds


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_a_scroll_bar_is_told_from_its_track(theme: Theme) -> None:
    track, bar = (nearest(theme.variables[name]) for name in ("scrollbar-background", "scrollbar"))
    assert track in GREYS
    assert track != bar
