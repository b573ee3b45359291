"""A framed panel of lines; a line that changes is painted alone, and nothing where nothing changes."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

LOW = 36
"""A terminal with fewer rows is low."""
DIM = "$foreground 62%"


class LinePanel(Widget):
    """Draws what `lines` gives for its width."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LinePanel {
        height: auto;
        width: 1fr;
        border: round $foreground 38%;
        border-title-color: $foreground 80%;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        background: $background;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._titles = (title, "")
        self._shape = (0, False)
        self._shown: list[Content] = []
        self.border_title = Content(title)

    def lines(self, width: int, low: bool) -> list[Content]:
        """Give what stands here in this many cells, nothing unless a panel says; `low` asks for few lines."""
        return []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are."""
        self._fill(width, viewport.height < LOW)
        return max(1, len(self._shown))

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.content_size.width
        if self._shape != (width, self._low):
            self._fill(width, self._low)
        if y >= len(self._shown):
            return Strip.blank(width, self.rich_style)
        drawn = Visual.to_strips(self, self._shown[y], width, 1, self.visual_style, apply_selection=False, pad=True)
        return drawn[0] if drawn else Strip.blank(width, self.rich_style)

    @property
    def _low(self) -> bool:
        return self.app.size.height < LOW

    def _changed(self, title: str, subtitle: str) -> None:
        """Repaint what differs from before."""
        if not self.is_mounted:
            self._entitle(title, subtitle)
            return
        before = self._shown
        self._fill(self.content_size.width, self._low)
        if len(before) != len(self._shown):
            self.refresh(layout=True)
        else:
            for y, (old, new) in enumerate(zip(before, self._shown, strict=True)):
                if not old.is_same(new):
                    self.refresh(Region(0, y, self.content_size.width, 1))
        self._entitle(title, subtitle)

    def _fill(self, width: int, low: bool) -> None:
        self._shape = (width, low)
        self._shown = self.lines(width, low) if width > 0 else []

    def _entitle(self, title: str, subtitle: str) -> None:
        """A title is painted with the whole frame, so only when it changes."""
        before, self._titles = self._titles, (title, subtitle)
        if before[0] != title:
            self.border_title = Content(title)
        if before[1] != subtitle:
            self.border_subtitle = Content(subtitle)


def wrapped(text: str, width: int, tone: str = DIM, before: str = "") -> list[Content]:
    """Give a sentence on as many lines as it needs; what stands before it stays alone in its column."""
    column = Content(before).cell_length
    lines = Content(text).wrap(max(1, width - column))
    starts = [before, *[" " * column] * len(lines)]
    return [Content.styled(start + line.plain, tone) for start, line in zip(starts, lines, strict=False)]


def fitted(text: str, width: int) -> str:
    """Cut a text to this many cells; what is cut ends in an ellipsis."""
    return Content(text).truncate(max(width, 0), ellipsis=True).plain


def padded(text: str, width: int) -> str:
    """Fill a text up to this many cells."""
    return text + " " * (width - Content(text).cell_length)
