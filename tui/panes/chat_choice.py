"""A small choice over the chat: what to copy, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from widgets.key_bar import KeyBar
from widgets.overlay import Overlay, OverlayList


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    label: str
    text: str
    """What choosing it gives."""
    what: str
    """Its name in the toast."""


class ChoiceScreen(Overlay[Choice | None]):
    """Lets the reader choose one of a few things; enter, or the key that opened it once more, takes the marked one."""

    DEFAULT_CSS = """
    ChoiceScreen > Vertical { width: 72; max-width: 90%; max-height: 80%; padding: 0 1; }
    ChoiceScreen OverlayList { max-height: 20; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", _("Back"), id="choice.back", tooltip=_("Choose nothing")),
        Binding("y,v", "take", _("Choose"), show=False, id="choice.take", tooltip=_("Take the marked one")),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        """Offer choices."""
        super().__init__(title)
        self._choices = choices

    def compose_box(self) -> ComposeResult:
        """A list."""
        yield OverlayList(*(Option(Content(choice.label)) for choice in self._choices), markup=False, compact=True)

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The arrows move in the list."""
        return (KeyBar.Key("↑↓", _("Choose"), ""),)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was chosen."""
        event.stop()
        self.dismiss(self._choices[event.option_index])

    def action_take(self) -> None:
        """Take the marked one."""
        self.query_one(OverlayList).action_select()
