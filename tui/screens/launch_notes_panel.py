"""The panel of notes: lines with a cursor, whose mend one key applies."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from tui.screens.launch_panels import TextPanel
from widgets.form_lines import HangingLine

BAR = "▌"


class NotesPanel(TextPanel):
    """Shows what there is to say; the marked note's mend can be applied."""

    BINDINGS = [
        Binding("up", "step(-1)", _("Up"), show=False, id="notes.up", tooltip=_("The note above")),
        Binding("down", "step(1)", _("Down"), show=False, id="notes.down", tooltip=_("The note below")),
        Binding(
            "enter,x", "mend", _("Mend"), id="notes.mend", tooltip=_("Do what the marked note offers; ctrl+z undoes it")
        ),
    ]

    class MendAsked(Message):
        """The marked note's mend is wanted; `index` counts the notes from the top."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.chosen = 0
        """Which note is marked."""
        self._lines: tuple[HangingLine, ...] = ()
        self._count = 0

    def show_notes(self, lines: tuple[HangingLine, ...], notes: int) -> None:
        """Show these lines, the first `notes` of which are notes that can be marked."""
        self._lines, self._count = lines, notes
        self.chosen = max(0, min(self.chosen, notes - 1))
        self._draw()

    def on_focus(self) -> None:
        """Draw the bar."""
        self._draw()

    def on_blur(self) -> None:
        """Take the bar away."""
        self._draw()

    def action_step(self, step: int) -> None:
        """Mark another note; where there is none, scroll."""
        wanted = self.chosen + step
        if 0 <= wanted < self._count:
            self.chosen = wanted
            self._draw()
            self.call_after_refresh(self._follow)
        elif step < 0:
            self.scroll_up(animate=False)
        else:
            self.scroll_down(animate=False)

    def action_mend(self) -> None:
        """Say that the marked note's mend is wanted."""
        if self._count:
            self.post_message(self.MendAsked(self.chosen))

    def _draw(self) -> None:
        marked = self.chosen if self.has_focus and self._count else None
        self.show(tuple(self._drawn(line, index == marked) for index, line in enumerate(self._lines)))

    def _drawn(self, line: HangingLine, marked: bool) -> HangingLine:
        if not marked:
            return line
        return HangingLine(line.text, Content.assemble(line.mark, (BAR, "$accent")), line.indent)

    def _follow(self) -> None:
        """Bring the marked note into sight."""
        width = self._text.size.width
        above = sum(line.height(width) for line in self._lines[: self.chosen])
        here = self._lines[self.chosen].height(width) if self._lines else 0
        if above < self.scroll_y:
            self.scroll_to(y=above, animate=False)
        elif above + here > self.scroll_y + self.scrollable_content_region.height:
            self.scroll_to(y=above + here - self.scrollable_content_region.height, animate=False)
