"""Label and value, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget


class Details(Widget):
    """Facts about one thing, a line each; long values are cut at the edge with an ellipsis."""

    @dataclass(frozen=True, slots=True)
    class Line:
        """One fact."""

        label: str
        value: str
        tone: str = "plain"
        """plain, dim, careful or bad."""

    DEFAULT_CSS = """
    Details {
        height: auto;
        width: 1fr;
        padding: 1 1 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """
    _TONES = {"plain": "", "dim": "$foreground 62%", "careful": "$warning", "bad": "$error"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Details.Line, ...] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show these facts."""
        if tuple(lines) != self._lines:
            height = len(self._lines)
            self._lines = tuple(lines)
            self.refresh(layout=height != len(self._lines))

    def render(self) -> Content:
        """Draw the lines."""
        labels = max((Content(line.label).cell_length for line in self._lines), default=0)
        return Content("\n").join(self._drawn(line, labels) for line in self._lines)

    def _drawn(self, line: Line, labels: int) -> Content:
        tone = self._TONES[line.tone]
        value = Content.styled(line.value, tone) if tone else Content(line.value)
        if not line.label:
            return value
        gap = " " * (labels - Content(line.label).cell_length + 2)
        return Content.assemble(Content.styled(line.label + gap, "$foreground 62%"), value)
