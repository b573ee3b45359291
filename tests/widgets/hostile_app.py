"""An app that shows hostile text in every way there is; without an argument nothing protects it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.segment import Segment
from rich.text import Text
from textual.app import App, ComposeResult
from textual.content import Content
from textual.filter import LineFilter
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import (
    Button,
    Checkbox,
    DataTable,
    Input,
    Label,
    Log,
    Markdown,
    OptionList,
    RichLog,
    Static,
    TextArea,
    Tree,
)

from widgets.line_filter import ControlFilter

HOSTILE = "a\x1b]52;c;ZXZpbA==\x07b\x1b]0;evil\x07c\x9b31md\x9d0;evil\x9ce\x1b[2Jf\x90q\x85g"


class Lines(ScrollView):
    """A line-API view."""

    def render_line(self, y: int) -> Strip:
        """The same line everywhere."""
        return Strip([Segment(HOSTILE)])


class HostileApp(App[None]):
    """Twelve widgets, titles and a notification."""

    CSS = "Screen > * { height: 2; min-height: 2; border: none; padding: 0; }"

    def __init__(self, protected: bool) -> None:
        super().__init__()
        self.protected = protected

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With ours first, or without."""
        ours: list[LineFilter] = [ControlFilter()] if self.protected else []
        return [*ours, *super().get_line_filters()]

    def compose(self) -> ComposeResult:
        """All the ways."""
        yield Static(Content(HOSTILE))
        yield Label(Text(HOSTILE))
        yield Log()
        yield RichLog()
        yield Markdown(f"x {HOSTILE} [click](http://a\x1b]0;evil\x07)")
        yield DataTable()
        yield Input(HOSTILE)
        yield TextArea(HOSTILE)
        yield Tree(Text(HOSTILE))
        yield OptionList(Content(HOSTILE))
        yield Button(Content(HOSTILE))
        yield Checkbox(Content(HOSTILE))
        lines = Lines()
        lines.virtual_size = Size(80, 3)
        yield lines
        yield Static(Text.from_ansi("linked"), id="link")

    def on_mount(self) -> None:
        """Fill the views."""
        self.query_one(Log).write_line(HOSTILE)
        self.query_one(RichLog).write(Text(HOSTILE))
        table = self.query_one(DataTable[Text])
        table.add_column(Text(HOSTILE))
        table.add_row(Text(HOSTILE))
        link = Text("linked", style="link http://a\x1b]0;evil\x07")
        self.query_one("#link", Static).update(link)
        title = self.query_one(Static)
        title.border_title = Content(HOSTILE).markup
        self.notify(HOSTILE, title=HOSTILE, markup=False, timeout=60)
        self.set_timer(0.5, lambda: self.query_one("#link", Static).update(Content("finished")))


if __name__ == "__main__":
    HostileApp(len(sys.argv) > 1).run()
