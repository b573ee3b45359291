"""An app of one widget, which keeps what goes to the terminal."""

from __future__ import annotations

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget

from widgets.line_filter import GlyphFilter
from widgets.theme import DARK, LIGHT


class PaintedApp(App[None]):
    """Shows a widget in one of our themes and counts what is painted after `forget`."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget, theme: str = DARK.name, ascii_only: bool = False) -> None:
        self._ascii = ascii_only
        super().__init__()
        self.widget = widget
        self.written = ""
        for ours in (DARK, LIGHT):
            self.register_theme(ours)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield self.widget

    def get_line_filters(self) -> list[LineFilter]:  # type: ignore[override]
        return [*super().get_line_filters(), *([GlyphFilter()] if self._ascii else [])]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.written += renderable.render_segments(self.console)
        super()._display(screen, renderable)

    def forget(self) -> None:
        self.written = ""

    @property
    def text(self) -> list[str]:
        """The lines of the panel within its frame."""
        strips = self.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip).rstrip() for strip in strips]
        inside = lines[self.widget.region.y + 1 : self.widget.region.bottom - 1]
        return [line[2:-2].rstrip() for line in inside]

    @property
    def frame(self) -> str:
        strips = self.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip) for strip in strips]
        return lines[self.widget.region.y] + "\n" + lines[self.widget.region.bottom - 1]
