"""Help: the keys that work where one is, with what they do."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from widgets.key_bar import KeyBar
from widgets.keys import KeyRow
from widgets.overlay import Overlay

WIDE = 120
"""From this many columns the ids of the keys are shown."""


class HelpScreen(Overlay[None]):
    """A table of keys over the screen it is about.

    Args:
        rows: The keys, the focus's own first.
        about: What they belong to; nothing where that is plain.
    """

    DEFAULT_CSS = """
    HelpScreen > Vertical { width: 90%; max-width: 124; max-height: 90%; padding: 1 1; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; }
    HelpScreen Static { width: 1fr; }
    """
    BINDINGS = [
        Binding(
            "escape,f1,q,question_mark", "close", _("Close"), id="help.close", tooltip=_("Back to where you were")
        ),
    ]
    PINNED = ("quit",)

    def __init__(self, rows: Sequence[KeyRow], about: str = "") -> None:
        super().__init__(_("Keys that work here") + (f" · {about}" if about else ""))
        self._rows = rows

    def compose_box(self) -> ComposeResult:
        """One line a key, the focus's own first."""
        with VerticalScroll():
            yield Static(self._table())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no help of the help: its key closes it."""
        return action != "help"

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The list is scrolled."""
        return (KeyBar.Key("↑↓", _("Scroll"), ""),)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _table(self) -> Content:
        width = max((len(row.key) for row in self._rows), default=0) + 2
        lines: list[Content] = []
        place = self._rows[0].place if self._rows else 0
        for row in self._rows:
            if row.place != place:
                place = row.place
                lines.append(Content(""))
            key = Content.styled(row.key.ljust(width), "bold $accent")
            words = Content.styled(set_cell_size(row.words, max(18, cell_len(row.words))), "bold")
            what = Content.styled(row.tooltip or "", "$foreground 80%")
            # The id is what the settings call this key; on a narrow screen the explanation needs the room.
            name = Content.styled(f"  {row.id}" if self.app.size.width >= WIDE else "", "$foreground 50%")
            lines.append(Content.assemble(key, words, " ", what, name))
        return Content("\n").join(lines)
