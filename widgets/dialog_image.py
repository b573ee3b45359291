"""The question before another image takes a server's place: what its vLLM takes differently, and which mends are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option as Entry

from widgets.dialog import Dialog
from widgets.form_lines import HangingLine, HangingText
from widgets.key_bar import KeyBar
from widgets.overlay import OverlayList

DIM = "$foreground 62%"


class MendList(OverlayList):
    """What the server uses and the other image takes differently, each with its mark; space sets it or takes it away."""

    BINDINGS = [
        Binding("space", "select", _("Mend it"), id="image.tick", tooltip=_("Apply the marked mend, or leave it out"))
    ]


class ImageDialog(Dialog[tuple[int, ...] | None]):
    """Shows what differs between two images for one server. Dismissed with the numbers of the mends wanted, or None.

    It opens before that is known: `say` tells how far the looking is, `fill` what was found; until then nothing can be confirmed.

    Args:
        title: Which image takes which one's place.
        words: What is being looked at.
    """

    DEFAULT_CSS = """
    ImageDialog > Vertical { width: 100; }
    ImageDialog MendList { margin-top: 1; max-height: 12; }
    """

    @dataclass(frozen=True, slots=True)
    class Row:
        """One thing that the server uses."""

        text: str
        """What becomes of it."""
        mends: bool = True
        """Whether there is something to apply."""
        ticked: bool = False
        """Whether that is applied unless the user says otherwise."""
        bad: bool = False
        """Whether the new image refuses it."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__(title, words, _("Go on"))
        self._rows: tuple[ImageDialog.Row, ...] = ()
        self._ticked: set[int] = set()
        self._full = False
        self.ready = asyncio.Event()
        """Set when it stands there."""

    def compose_question(self) -> ComposeResult:
        """What the server uses."""
        yield MendList(markup=False)

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """From the list, space marks."""
        return () if isinstance(self.focused, OptionList) else super().hints()

    def on_mount(self) -> None:
        """Nothing can be confirmed yet."""
        self.query_one(MendList).display = self.query_one("#confirm").display = False
        self.query_one("#cancel").focus()
        self.ready.set()

    def say(self, words: str) -> None:
        """Tell how far the looking is."""
        if self.ready.is_set():
            self.query_one(HangingText).lines = (HangingLine(Content(words), indent=0),)

    def fill(self, lines: Sequence[str], rows: Sequence[Row]) -> None:
        """Show what was found; from now on it can be confirmed."""
        self._rows = tuple(rows)
        self._ticked = {index for index, row in enumerate(rows) if row.ticked and row.mends}
        self.query_one(HangingText).lines = tuple(HangingLine(Content(line), indent=0) for line in lines)
        self._full = True
        listed = self.query_one(MendList)
        listed.display = bool(rows)
        listed.add_options([Entry(self._line(index)) for index in range(len(self._rows))])
        if rows:
            listed.highlighted = 0
        confirm = self.query_one("#confirm")
        confirm.display = True  # at once: what is hidden takes no focus
        confirm.focus()

    @on(OptionList.OptionSelected)
    def _toggled(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        index = event.option_index
        if self._rows[index].mends:
            self._ticked ^= {index}
            self.query_one(MendList).replace_option_prompt_at_index(index, self._line(index))

    def _line(self, index: int) -> Content:
        row = self._rows[index]
        mark = ("[x]" if index in self._ticked else "[ ]") if row.mends else "   "
        glyph = ("✖", "$error") if row.bad else ("▲", "$warning")
        return Content.assemble((f" {mark} ", "bold"), glyph, f" {row.text}")

    def action_confirm(self) -> None:
        """Take the marked mends."""
        if self._full:
            self.dismiss(tuple(sorted(self._ticked)))
