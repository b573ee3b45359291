"""The list of servers: one line each, the same height whatever happens, quick with hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

PORT_WIDTH = 6
AGE_WIDTH = 6
STATE_WIDTH = 13
MARK_WIDTH = 2
"""The column of the marks is there only while something is marked."""


class ServerList(ScrollView, can_focus=True):
    """Rows to move through; says which one is highlighted and which one was opened."""

    @dataclass(frozen=True, slots=True)
    class Row:
        """One line."""

        key: str
        """Identity: the same key is the same row after a change."""
        glyph: str
        name: str
        words: str
        """State or phase, in the user's language."""
        tone: str = "plain"
        """good, moving, bad, plain or dim: it colours the glyph and the words."""
        port: str = ""
        age: str = ""
        heading: bool = False
        """A divider that cannot be chosen."""
        marked: bool = False
        """One of several that the next action is for."""

    DEFAULT_CSS = """
    ServerList {
        height: auto;
        scrollbar-size-vertical: 1;
        & > .server-list--row { color: $foreground; }
        & > .server-list--dim { color: $foreground 62%; }
        & > .server-list--good { color: $success; }
        & > .server-list--moving { color: $warning; }
        & > .server-list--bad { color: $error; }
        & > .server-list--chosen { background: $panel; text-style: bold; }
        & > .server-list--bar { color: $accent; }
        & > .server-list--mark { color: $accent; text-style: bold; }
    }
    """
    COMPONENT_CLASSES = {
        "server-list--row",
        "server-list--dim",
        "server-list--good",
        "server-list--moving",
        "server-list--bad",
        "server-list--chosen",
        "server-list--bar",
        "server-list--mark",
    }
    BINDINGS = [
        Binding("up,k", "move(-1)", _("Up"), show=False, id="list.up", tooltip=_("The row above")),
        Binding("down,j", "move(1)", _("Down"), show=False, id="list.down", tooltip=_("The row below")),
        Binding("g,home", "jump(0)", _("First"), show=False, id="list.first", tooltip=_("The first row")),
        Binding("G,end", "jump(-1)", _("Last"), show=False, id="list.last", tooltip=_("The last row")),
        Binding("pageup,ctrl+u", "page(-1)", _("Page up"), show=False, id="list.pageup", tooltip=_("A page up")),
        Binding("pagedown,ctrl+d", "page(1)", _("Page down"), show=False, id="list.pagedown", tooltip=_("A page down")),
        Binding("enter", "open", _("Open"), id="list.open", tooltip=_("Go to the chosen server's tab")),
    ]

    cursor: reactive[str | None] = reactive(None, repaint=False)
    """The key of the highlighted row."""

    class Highlighted(Message):
        """Another row was highlighted, by the user or because the old one went away."""

        def __init__(self, key: str | None, by_user: bool) -> None:
            super().__init__()
            self.key = key
            self.by_user = by_user

    class Opened(Message):
        """The user wants to work with this row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: tuple[ServerList.Row, ...] = ()
        self._marking = False
        self._styles: dict[str, Style] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; the highlighted one stays highlighted, wherever it is now."""
        if tuple(rows) == self._rows:
            return
        place = self._index(self.cursor)
        old, self._rows = self._rows, tuple(rows)
        marking, self._marking = self._marking, any(row.marked for row in rows)
        if marking != self._marking:
            self.refresh()
        if len(old) != len(self._rows):
            self.virtual_size = Size(0, len(self._rows))
            self.refresh(layout=True)
        if self._index(self.cursor) is None:
            self.cursor = self._nearest(place or 0)
            self.post_message(self.Highlighted(self.cursor, by_user=False))
        elif self._index(self.cursor) != place:
            self._keep_in_view()
        self._refresh_changed(old)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as rows; the panel limits it."""
        return max(1, len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        return self._paint(self._rows[index], width)

    def on_resize(self) -> None:
        """The chosen row stays in sight, however little room there is."""
        self.call_after_refresh(self._keep_in_view)

    def watch_cursor(self, old: str | None, new: str | None) -> None:
        """Repaint the two rows that changed and keep the cursor in view."""
        if (old is None) != (new is None):
            self.refresh_bindings()
        for key in (old, new):
            index = self._index(key)
            if index is not None:
                self._refresh_row(index)
        self._keep_in_view()

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        self._styles.clear()
        super().notify_style_update()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open in an empty list."""
        return action != "open" or self.cursor is not None

    def action_move(self, by: int) -> None:
        """Go some rows up or down."""
        here = self._index(self.cursor)
        self._go(0 if here is None else here + by, 1 if by > 0 else -1)

    def action_jump(self, index: int) -> None:
        """Go to the first (0) or the last (-1) row."""
        self._go(len(self._rows) - 1 if index < 0 else 0, -1 if index < 0 else 1)

    def action_page(self, direction: int) -> None:
        """Go a page up or down."""
        self._go((self._index(self.cursor) or 0) + direction * max(1, self.size.height - 1), direction)

    def action_open(self) -> None:
        """Say that the highlighted row is to be opened."""
        if self.cursor is not None:
            self.post_message(self.Opened(self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Highlight the row under the mouse; open it on the second click."""
        index = event.y + self.scroll_offset.y
        if index < len(self._rows) and not self._rows[index].heading:
            self._go(index, 1)
            if event.chain == 2:
                self.action_open()

    def _go(self, index: int, direction: int) -> None:
        if not self._rows:
            return
        index = max(0, min(len(self._rows) - 1, index))
        while 0 <= index < len(self._rows) and self._rows[index].heading:
            index += direction
        if 0 <= index < len(self._rows) and self._rows[index].key != self.cursor:
            self.cursor = self._rows[index].key
            self.post_message(self.Highlighted(self.cursor, by_user=True))

    def _keep_in_view(self) -> None:
        index = self._index(self.cursor)
        if index is not None:
            self.scroll_to_region(Region(0, index, 1, 1), animate=False, force=True, immediate=True)

    def _nearest(self, index: int) -> str | None:
        """The row now at this place, or the closest that can be chosen."""
        choosable = [(abs(place - index), place) for place, row in enumerate(self._rows) if not row.heading]
        return self._rows[min(choosable)[1]].key if choosable else None

    def _index(self, key: str | None) -> int | None:
        if key is None:
            return None
        return next((index for index, row in enumerate(self._rows) if row.key == key and not row.heading), None)

    def _refresh_changed(self, old: tuple[Row, ...]) -> None:
        if len(old) != len(self._rows):
            self.refresh()
            return
        for index, (before, after) in enumerate(zip(old, self._rows, strict=True)):
            if before != after:
                self._refresh_row(index)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"server-list--{name}", partial=True)
        return self._styles[name]

    def _paint(self, row: Row, width: int) -> Strip:
        base = self.rich_style
        if row.heading:
            return Strip([Segment(_fit(f" {row.name}", width), base + self._style("dim"))], width)
        chosen = row.key == self.cursor
        ground = base + self._style("chosen") if chosen else base
        tone = ground + self._style(row.tone) if row.tone in {"good", "moving", "bad", "dim"} else ground
        dim = ground + self._style("dim")
        tail = PORT_WIDTH + AGE_WIDTH
        mark = ("✔" if row.marked else "").ljust(MARK_WIDTH if self._marking else 0)
        state = min(STATE_WIDTH, max(0, width - tail - len(mark) - 10))
        name = max(0, width - 4 - len(mark) - state - tail)
        return Strip(
            [
                Segment("▌" if chosen else " ", ground + self._style("bar")),
                Segment(mark, ground + self._style("mark")),
                Segment(f"{row.glyph} ", tone),
                Segment(_fit(row.name, name) + " ", dim if row.tone == "dim" and not chosen else ground),
                Segment(_fit(row.words, state), tone),
                Segment(_right(row.port, PORT_WIDTH), ground + self._style("row")),
                Segment(_right(row.age, AGE_WIDTH), dim),
            ]
        ).adjust_cell_length(width, ground)


def _fit(text: str, width: int) -> str:
    """Cut or fill to exactly this many cells; what is cut ends in an ellipsis."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - 1)) + "…" if width else ""


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + set_cell_size(text, min(width, cell_len(text)))
