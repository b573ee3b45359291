"""A card's memory as one line to scale: every part with its letter, what is uncertain hatched, what is too much in red."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

HATCH = "▒"
TOO_MUCH = "$background on $error"
Scale = Callable[[int], Sequence[tuple[str, int]]]
"""Gives the name and the cells of each part for a width."""


class FitBar(Widget):
    """Draws the parts of a memory, to scale, on one line."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FitBar { height: 1; width: 1fr; }
    """

    @dataclass(frozen=True, slots=True)
    class Part:
        """How one part is drawn."""

        name: str
        letter: str
        """One cell; it stands at the part's begin, so that parts are told apart without colours too."""
        words: str
        """What stands in it where there is room."""
        tone: str
        """Its ground: a colour of the theme."""

    @dataclass(frozen=True, slots=True)
    class Edge:
        """Where one part ends, as far as that can be said."""

        after: str
        """The part whose end is meant."""
        into: str
        """The part beside it that the end may move into."""
        share: float
        """How far it may move to either side, as a share of the whole line."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: dict[str, FitBar.Part] = {}
        self._scale: Scale = lambda width: ()
        self._edge: FitBar.Edge | None = None
        self._ends = 1.0

    def show(self, parts: Sequence[Part], scale: Scale, edge: Edge | None = None, ends: float = 1.0) -> None:
        """Show these parts.

        Args:
            parts: How each is drawn.
            scale: How many cells each has.
            edge: What is uncertain.
            ends: Where the memory itself ends, as a share of the line; what stands beyond is too much.
        """
        self._parts = {part.name: part for part in parts}
        self._scale, self._edge, self._ends = scale, edge, ends
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line."""
        return 1

    def render(self) -> RenderResult:
        """Draw the line."""
        return self.line(self.size.width)

    def line(self, width: int) -> Content:
        """Give the line in so many cells."""
        cells = [(self._parts[name], count) for name, count in self._scale(width) if name in self._parts]
        hatched = self._hatched(cells, width)
        drawn, at = [], 0
        for part, count in cells:
            for glyph in graphemes(label(part, count)):
                tone = TOO_MUCH if at >= round(self._ends * width) else f"$background on {part.tone}"
                size = Content(glyph).cell_length
                hatch = glyph == " " and at in hatched
                drawn.append(Content.styled(HATCH if hatch else glyph, tone))
                at += size
        return Content("").join(drawn)

    def _hatched(self, cells: Sequence[tuple[Part, int]], width: int) -> range:
        """Give the cells around the uncertain edge: one at least, and beside the letter of what follows."""
        edge = self._edge
        if edge is None or edge.share <= 0 or edge.after not in {part.name for part, _count in cells}:
            return range(0)
        names = [part.name for part, _count in cells]
        at = names.index(edge.after)
        end = sum(count for _part, count in cells[: at + 1])
        half = max(1, round(edge.share * width))
        beyond = half + 1 if names[at + 1 : at + 2] == [edge.into] else 0
        return range(max(0, end - half), min(width, end + beyond))


def label(part: FitBar.Part, count: int) -> str:
    """Give what is written in a part of so many cells: its letter, and its words where they have room."""
    words = part.words if Content(part.words).cell_length + 3 <= count else ""
    room = count - 1 - Content(words).cell_length
    before = room // 2
    return part.letter + " " * before + words + " " * (room - before)


def graphemes(text: str) -> list[str]:
    """Cut a text into what has cells of its own."""
    from rich.cells import split_graphemes

    return [text[begin:end] for begin, end, _size in split_graphemes(text)[0]]
