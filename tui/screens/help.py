"""Help: the keys that work where one is, with what they do."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import KeyRow

WIDE = 120
"""From this many columns the ids of the keys are shown."""


class HelpScreen(ModalScreen[None]):
    """A table of keys over the screen it is about."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 90%;
            max-width: 124;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $accent;
            border-title-style: bold reverse;
            border-title-color: $accent;
            border-subtitle-color: $foreground 62%;
            padding: 1 1;
            & VerticalScroll { height: auto; max-height: 100%; }
            & Static { width: 1fr; }
        }
    }
    """
    BINDINGS = [
        Binding(
            "escape,f1,q,question_mark", "dismiss", _("Close"), id="help.close", tooltip=_("Back to where you were")
        ),
    ]

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """One line a key, the focus's own first."""
        with Vertical() as box:
            box.border_title = _("Keys that work here")
            box.border_subtitle = _("esc closes · ctrl+p runs any of them by name")
            with VerticalScroll():
                yield Static(self._table())

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
