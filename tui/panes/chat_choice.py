"""A small choice over the chat: what to copy, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    label: str
    text: str
    """What choosing it gives."""
    what: str
    """Its name in the toast."""


class ChoiceScreen(ModalScreen[Choice | None]):
    """Lets the reader choose one of a few things; enter, or the key that opened it once more, takes the marked one."""

    DEFAULT_CSS = """
    ChoiceScreen {
        align: center middle;
        & > Vertical {
            width: 72;
            max-width: 90%;
            height: auto;
            max-height: 80%;
            border: round $accent;
            border-title-color: $background;
            border-title-background: $accent;
            border-title-style: bold;
            background: $panel;
            padding: 0 1;
        }
        & OptionList { height: auto; max-height: 20; background: $panel; border: none; padding: 0; }
        & OptionList:focus { border: none; background-tint: $foreground 0%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", _("Back"), id="choice.back", tooltip=_("Choose nothing")),
        Binding("y,v", "take", _("Choose"), show=False, id="choice.take", tooltip=_("Take the marked one")),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        """Offer choices."""
        super().__init__()
        self._heading = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        """A list."""
        box = Vertical(
            OptionList(*(Option(Content(choice.label)) for choice in self._choices), markup=False, compact=True)
        )
        box.border_title = Content(f" {self._heading} ")
        yield box

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was chosen."""
        event.stop()
        self.dismiss(self._choices[event.option_index])

    def action_take(self) -> None:
        """Take the marked one."""
        self.query_one(OptionList).action_select()
