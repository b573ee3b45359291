"""One above the other, each as high as it needs; who gives way where that is too much, and who takes what is left."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from textual.containers import Vertical
from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget


class Stacked(Layout):
    """From top to bottom; too little room is taken from the first.

    Where the parent's height is given and not made of its children's, the last one takes what is left over, and is not shown
    at all where it cannot be whole.

    Args:
        least: Lines that the first keeps whatever happens.
    """

    name = "stacked"

    def __init__(self, least: int) -> None:
        self._least = least

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place every child, as wide as the parent."""
        parent.pre_layout(self)
        viewport = parent.app.viewport_size
        whole = Fraction(size.width), Fraction(size.height)
        wanted = [int(child._get_box_model(size, viewport, *whole, greedy=greedy).height) for child in children]
        placements, y = [], 0
        for child, height in zip(children, self.shares(wanted, size.height, parent.styles.is_auto_height), strict=True):
            placements.append(
                WidgetPlacement(Region(0, y, size.width, height), NULL_OFFSET, child.styles.margin, child)
            )
            y += height
        return placements

    def shares(self, wanted: list[int], room: int, loose: bool = False) -> list[int]:
        """Give each its lines out of this many; `loose` leaves alone what is left over."""
        if not wanted or not room:
            return wanted
        heights = self._shrunk(wanted, room)
        if loose:
            return heights
        if len(wanted) > 1 and sum(heights) > room:
            heights = self._shrunk([*wanted[:-1], 0], room)
        # What stands between the ends is never stretched.
        heights[-1 if heights[-1] else 0] += max(0, room - sum(heights))
        return heights

    def _shrunk(self, wanted: list[int], room: int) -> list[int]:
        first, *others = wanted
        return [max(min(first, room - sum(others)), min(self._least, first)), *others]


class Stack(Vertical):
    """A container that lays its children out like this."""

    LEAST: ClassVar[int] = 1
    """Lines that the first child keeps."""

    @property
    def layout(self) -> Layout:
        """The same everywhere: style sheets know nothing of it."""
        return Stacked(self.LEAST)
