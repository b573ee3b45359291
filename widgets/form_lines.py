"""Lines of words that are wrapped with an indent."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class HangingLine:
    """A line whose continuation is indented."""

    text: Content
    mark: Content = field(default_factory=Content)
    """What stands before the text, in the indent."""
    indent: int = 2
    """Cells before the continuation, and before the text where there is a mark."""

    def height(self, width: int) -> int:
        """Give the lines that it takes in so many cells."""
        return len(self.text.wrap(max(4, width - self.indent)))


class HangingText(Widget):
    """Lines that are wrapped with an indent, so that one sees where the next begins."""

    DEFAULT_CSS = """
    HangingText { height: auto; }
    """

    lines: reactive[tuple[HangingLine, ...]] = reactive((), layout=True)
    """What is shown."""

    def __init__(self, lines: tuple[HangingLine, ...] = ()) -> None:
        super().__init__()
        self.set_reactive(HangingText.lines, lines)

    def render(self) -> RenderResult:
        """Draw the lines."""
        return Content("\n").join(_hanging(self.lines, self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as they need at this width."""
        return max(1, len(_hanging(self.lines, width)))


def _hanging(lines: tuple[HangingLine, ...], width: int) -> list[Content]:
    drawn: list[Content] = []
    for line in lines:
        indent = " " * line.indent
        first = Content.assemble(line.mark, " " * (line.indent - line.mark.cell_length)) if line.mark else Content()
        for index, part in enumerate(line.text.wrap(max(4, width - line.indent))):
            drawn.append(Content.assemble(first if index == 0 else indent, part.rstrip()))
    return drawn
