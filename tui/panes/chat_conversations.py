"""The kept conversations of one server: open one, begin one, delete one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.services.errors import ServiceError
from tui.services.history import History, Summary
from widgets.answer_wrap import shown
from widgets.key_bar import KeyBar
from widgets.keys import KeyRow
from widgets.overlay import Overlay, OverlayList


class ConversationsScreen(Overlay[int | None]):
    """Gives the id of the conversation to open, 0 for a new one, None when nothing is to change."""

    DEFAULT_CSS = """
    ConversationsScreen > Vertical { width: 86; max-width: 92%; max-height: 80%; padding: 0 1; }
    ConversationsScreen OverlayList { max-height: 24; }
    ConversationsScreen Static { height: auto; margin-top: 1; display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", _("Back"), id="conversations.back", tooltip=_("Stay in this conversation")),
        Binding("n", "new", _("New"), id="conversations.new", tooltip=_("Begin a new conversation")),
        Binding(
            "d", "delete", _("Delete"), id="conversations.delete", tooltip=_("Delete the marked conversation for good")
        ),
    ]

    def __init__(self, name: str, history: History, summaries: Sequence[Summary], current: int | None) -> None:
        """Offer the conversations of a server."""
        super().__init__(_("Conversations with {name}").format(name=shown(name)))
        self._history = history
        self._summaries = list(summaries)
        self._current = current
        self._doomed: int | None = None
        self._list = OverlayList(markup=False, compact=True)
        self._warning = Static()

    def compose_box(self) -> ComposeResult:
        """The list, and what is about to be lost."""
        yield self._list
        yield self._warning

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()

    def words(self, row: KeyRow) -> str:
        """Enter opens."""
        return _("Open") if row.id == "overlay.take" else row.words

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The arrows move in the list."""
        return (KeyBar.Key("↑↓", _("Choose"), ""),)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        self.dismiss(0 if event.option_index == 0 else self._summaries[event.option_index - 1].id)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Whoever moves on does not want to delete."""
        event.stop()
        if self._doomed is not None:
            self._doomed = None
            self._warn("")

    def action_new(self) -> None:
        """Begin a new one."""
        self.dismiss(0)

    async def action_delete(self) -> None:
        """Delete the marked one at the second press."""
        place = (self._list.highlighted or 0) - 1
        if place < 0:
            return
        summary = self._summaries[place]
        if self._doomed != summary.id:
            self._doomed = summary.id
            words = _("d once more deletes “{title}” for good").format(title=shown(summary.title))
            self._warn(words)
            return
        try:
            await self._history.remove(summary.id)
        except ServiceError as error:
            self._warn(shown(str(error)), "$error")
            return
        if summary.id == self._current:
            self.dismiss(0)
            return
        del self._summaries[place]
        self._doomed = None
        self._fill()
        self._list.highlighted = min(place + 1, len(self._summaries))
        self._warn("")

    def _fill(self) -> None:
        self._list.clear_options()
        self._list.add_option(Option(Content(_("+ New conversation"))))
        self._list.add_options([Option(self._line(summary)) for summary in self._summaries])
        self._list.highlighted = 0

    def _line(self, summary: Summary) -> Content:
        mark = "▌" if summary.id == self._current else " "
        count = ngettext("{count} message", "{count} messages", summary.messages).format(count=summary.messages)
        title = shown(summary.title).replace("\n", " ") or _("(no words)")
        return Content.assemble(
            f"{mark}{title}", (f"  {count} · {_age(time.time() - summary.changed)}", "$foreground 62%")
        )

    def _warn(self, words: str, colour: str = "$warning") -> None:
        self._warning.update(Content.styled(words, colour))
        self._warning.display = bool(words)


def _age(seconds: float) -> str:
    for size, words in ((86400, _("{count} d ago")), (3600, _("{count} h ago")), (60, _("{count} min ago"))):
        if seconds >= size:
            return words.format(count=int(seconds // size))
    return _("just now")
