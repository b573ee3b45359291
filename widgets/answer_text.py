"""Plain text that grows at its end: what a model writes while it writes."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from widgets.answer_wrap import row_starts, shown

MOST_DRAWN = 200_000
"""Characters drawn of one text; the rest is only counted, since nobody reads a line of a megabyte."""

Row = tuple[int, int, int]
"""The line it belongs to, and where in it the row starts and ends."""


class GrowingText(Widget):
    """Text without markup beside a coloured bar, wrapped and kept as drawn by itself.

    Adding costs what is added, however long the text is already: Textual's own cache forgets every line of a widget whose
    height changes. It has therefore no border and no padding of its own.
    """

    DEFAULT_CSS = """
    GrowingText {
        width: 1fr;
        height: auto;
        color: $foreground;
        & > .growing-text--bar { color: $success; }
        & > .growing-text--quote { color: $foreground 38%; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"growing-text--bar", "growing-text--quote"}

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    """Textual's own, without its second layout and paint of everything each time the size changed."""

    def __init__(
        self, text: str = "", *, cursor: bool = False, quoted: bool = False, classes: str | None = None
    ) -> None:
        """Show a text.

        Args:
            text: What stands there at first.
            cursor: Whether a block at the end says that more is to come.
            quoted: Whether a thin line stands at its left, beside the bar.
            classes: CSS classes.
        """
        super().__init__(classes=classes)
        self._lines = [""]
        self._rows: list[Row] = [(0, 0, 0)]
        self._strips: dict[int, Strip] = {}
        self._wrapped_at = 0
        self._drawn = 0
        self._cursor = cursor
        self._quoted = quoted
        self.unseen = 0
        """Characters that are not drawn."""
        self._take(text)

    def append(self, text: str) -> None:
        """Add text at the end."""
        before = len(self._rows)
        self._strips.pop(before - 1, None)
        self._take(text)
        if self.is_attached and self._wrapped_at:
            changed = Region(0, before - 1, self.size.width, len(self._rows) - before + 1)
            self.refresh(changed, layout=len(self._rows) != before)

    def finish(self) -> None:
        """Take the block at the end away."""
        self._cursor = False
        self._strips.pop(len(self._rows) - 1, None)
        self.refresh()

    @property
    def text(self) -> str:
        """What is drawn."""
        return "\n".join(self._lines)

    @property
    def _margin(self) -> int:
        return 4 if self._quoted else 2

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All there is."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the text has at this width."""
        self._wrap(width)
        return len(self._rows)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some rows, from what was drawn before where it still holds."""
        if not self.is_attached:  # taken away since the last layout: its styles are gone, its place is still drawn
            return [Strip.blank(crop.width)] * crop.height
        return [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        self._wrap(self.size.width)
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._drawn_row(y)
        return strip

    def notify_style_update(self) -> None:
        """Draw everything anew in other colours."""
        self._strips.clear()
        super().notify_style_update()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected part of the text, without the breaks that only the width made."""
        return selection.extract(self.text), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        self._strips.clear()
        self.refresh()

    def _drawn_row(self, y: int) -> Strip:
        style, width = self.rich_style, self.size.width
        segments = [Segment("▌ ", self.get_component_rich_style("growing-text--bar"))]
        if self._quoted:
            segments.append(Segment("│ ", self.get_component_rich_style("growing-text--quote")))
        if y < len(self._rows):
            segments += self._segments(*self._rows[y], style)
        if self._cursor and y == len(self._rows) - 1:
            segments.append(Segment("█", style))
        strip = Strip(segments).adjust_cell_length(width, style)
        background: Color = self.background_colors[1]
        for line_filter in self.app.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return strip

    def _segments(self, index: int, start: int, end: int, style: Style) -> list[Segment]:
        text = self._lines[index][start:end]
        span = None if self.text_selection is None else self.text_selection.get_span(index)
        if span is None:
            parts = [(text, start, style)]
        else:
            first = min(max(span[0] - start, 0), len(text))
            last = len(text) if span[1] < 0 else min(max(span[1] - start, first), len(text))
            chosen = style + self.screen.get_component_rich_style("screen--selection")
            parts = [
                (text[:first], start, style),
                (text[first:last], start + first, chosen),
                (text[last:], start + last, style),
            ]
        return [Segment(part, look + Style.from_meta({"offset": (at, index)})) for part, at, look in parts if part]

    def _take(self, text: str) -> None:
        room = MOST_DRAWN - self._drawn
        self.unseen += max(0, len(text) - room)
        text = text[:room]
        self._drawn += len(text)
        for number, part in enumerate(shown(text).split("\n")):
            if number:
                self._lines.append(part)
                self._rows.append((len(self._lines) - 1, 0, 0))
            else:
                self._lines[-1] += part
            self._break_last()

    def _break_last(self) -> None:
        """Break the last line on from its last row."""
        index, start, _ = self._rows.pop()
        line = self._lines[index]
        width = self._wrapped_at
        starts = row_starts(line, width, start) if width else [start]
        ends = [*starts[1:], len(line)]
        self._rows += [(index, at, end) for at, end in zip(starts, ends, strict=True)]

    def _wrap(self, width: int) -> None:
        """Break everything anew when the width changed; a cell is left for the block at the end."""
        width = max(1, width - self._margin - 1)
        if width == self._wrapped_at:
            return
        self._wrapped_at = width
        self._strips.clear()
        self._rows = []
        for index, line in enumerate(self._lines):
            starts = row_starts(line, width)
            self._rows += [(index, at, end) for at, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def blank_lines(widget: Widget, crop: Region) -> list[Strip]:
    """The lines of a container that has nothing but its background: they lie under its children and are never seen."""
    if not widget.is_attached:
        return [Strip.blank(crop.width)] * crop.height
    strip = Strip.blank(crop.width, widget.rich_style)
    for line_filter in widget.app.get_line_filters():
        strip = strip.apply_filter(line_filter, widget.background_colors[1])
    return [strip] * crop.height
