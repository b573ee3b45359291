"""Help: the keys that work where one is, with what they do."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content

from widgets.form_lines import HangingLine, HangingText
from widgets.form_text import padded
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
        hints: Keys that are no bindings of ours.
    """

    DEFAULT_CSS = """
    HelpScreen > Vertical { width: 90%; max-width: 124; max-height: 90%; padding: 1 1; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; }
    """
    BINDINGS = [
        Binding("escape,q", "close", _("Close"), id="help.close", tooltip=_("Back to where you were")),
        Binding(
            "f1,question_mark,？",
            "close",
            _("Close"),
            show=False,
            id="help.close.same",
            tooltip=_("Back to where you were"),
        ),
    ]
    PINNED = ("quit",)

    def __init__(self, rows: Sequence[KeyRow], about: str = "", hints: Sequence[KeyBar.Key] = ()) -> None:
        super().__init__(_("Keys that work here") + (f" · {about}" if about else ""))
        self._rows = rows
        self._hints = hints

    def compose_box(self) -> ComposeResult:
        """One line a key, the focus's own first."""
        with VerticalScroll():
            yield HangingText(self._table())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no help of the help: its key closes it."""
        return action != "help"

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The list is scrolled."""
        return (KeyBar.Key("↑↓", _("Scroll"), ""),)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _table(self) -> tuple[HangingLine, ...]:
        named = [(one.key, one.words) for one in self._rows] + [(one.key, one.words) for one in self._hints]
        keys = max((cell_len(key) for key, _words in named), default=0) + 2
        words = max((cell_len(what) for _key, what in named), default=0) + 1
        lines: list[HangingLine] = []
        place = self._rows[0].place if self._rows else 0
        for row in self._rows:
            if row.place != place:
                place = row.place
                lines.append(HangingLine(Content(" ")))
            mark = Content.assemble((padded(row.key, keys), "bold $accent"), (padded(row.words, words), "bold"))
            # The id is what the settings call this key; on a narrow screen the explanation needs the room.
            name = f"  {row.id}" if self.app.size.width >= WIDE else ""
            what = Content.assemble((row.tooltip, "$foreground 80%"), (name, "$foreground 62%"))
            lines.append(HangingLine(what, mark, keys + words + 1))
        for hint in self._hints:
            mark = Content.assemble((padded(hint.key, keys), "bold $accent"), (padded(hint.words, words), "bold"))
            lines.append(HangingLine(Content(" "), mark, keys + words + 1))
        return tuple(lines)
