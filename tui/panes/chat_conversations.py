"""The kept conversations of one server: open one, begin one, delete one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.services.errors import ServiceError
from tui.services.history import History, Summary
from widgets.answer_wrap import shown


class ConversationsScreen(ModalScreen[int | None]):
    """Gives the id of the conversation to open, 0 for a new one, None when nothing is to change."""

    DEFAULT_CSS = """
    ConversationsScreen {
        align: center middle;
        & > Vertical {
            width: 86;
            max-width: 92%;
            height: auto;
            max-height: 80%;
            border: round $accent;
            border-title-color: $background;
            border-title-background: $accent;
            border-title-style: bold;
            background: $panel;
            padding: 0 1;
        }
        & OptionList { height: auto; max-height: 24; background: $panel; border: none; padding: 0; }
        & OptionList:focus { border: none; background-tint: $foreground 0%; }
        & Static { color: $foreground 62%; height: auto; margin-top: 1; }
    }
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
        super().__init__()
        self._server_name = name
        self._history = history
        self._summaries = list(summaries)
        self._current = current
        self._doomed: int | None = None
        self._list = OptionList(markup=False, compact=True)
        self._hint = Static()

    def compose(self) -> ComposeResult:
        """A list and what its keys do."""
        box = Vertical(self._list, self._hint)
        box.border_title = Content(f" {_('Conversations')} · {shown(self._server_name)} ")
        yield box

    def on_mount(self) -> None:
        """Fill the list."""
        self._fill()
        self._say_keys()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        self.dismiss(0 if event.option_index == 0 else self._summaries[event.option_index - 1].id)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Whoever moves on does not want to delete."""
        event.stop()
        if self._doomed is not None:
            self._doomed = None
            self._say_keys()

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
            self._hint.update(Content.styled(words, "$warning"))
            return
        try:
            await self._history.remove(summary.id)
        except ServiceError as error:
            self._hint.update(Content.styled(shown(str(error)), "$error"))
            return
        if summary.id == self._current:
            self.dismiss(0)
            return
        del self._summaries[place]
        self._doomed = None
        self._fill()
        self._list.highlighted = min(place + 1, len(self._summaries))
        self._say_keys()

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

    def _say_keys(self) -> None:
        self._hint.update(Content(_("enter opens · n new · d deletes · esc back")))


def _age(seconds: float) -> str:
    for size, words in ((86400, _("{count} d ago")), (3600, _("{count} h ago")), (60, _("{count} min ago"))):
        if seconds >= size:
            return words.format(count=int(seconds // size))
    return _("just now")
