"""A field that opens a list to choose from."""

from __future__ import annotations

from gettext import gettext as _

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from widgets.choice_list import ChoiceList
from widgets.form_record import Edited, Option
from widgets.form_text import fitted

MARK = "▾"


class Choice(Widget, can_focus=True):
    """A value with a drop-down mark; enter, or the first letter of a filter, opens the list of the others.

    It posts `widgets.form_record.Edited` when another value was chosen.
    """

    DEFAULT_CSS = """
    Choice { height: 1; padding: 0 1 0 0; background: $panel; color: $foreground; pointer: pointer; }
    Choice { border-left: vkey $foreground 55%; }
    """

    BINDINGS = [
        Binding("enter,space", "open", _("Choose"), id="choice.open", tooltip=_("Open the list of this field")),
    ]

    value: reactive[str] = reactive("")
    """What is chosen."""

    options: reactive[tuple[Option, ...]] = reactive(())
    """What can be chosen."""

    def __init__(
        self,
        value: str = "",
        options: tuple[Option, ...] = (),
        *,
        title: str = "",
        free: bool = False,
        placeholder: str = "",
    ) -> None:
        super().__init__()
        self.set_reactive(Choice.value, value)
        self.set_reactive(Choice.options, options)
        self.title = title
        self.free = free
        self.placeholder = placeholder
        self._list: ChoiceList | None = None

    def show(self, value: str) -> None:
        """Hold this value without saying that it was chosen."""
        self.value = value

    def render(self) -> RenderResult:
        """Draw the chosen one and the mark."""
        label = next((option.shown for option in self.options if option.value == self.value), self.value)
        dim = not self.value
        text = fitted(label or self.placeholder, max(1, self.content_size.width - cell_len(MARK) - 1))
        return Content.assemble((text, "$foreground 62%" if dim else ""), (" " + MARK, "$foreground 62%"))

    def on_click(self) -> None:
        """Open the list by mouse."""
        self.action_open()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """A letter or a digit is the begin of a filter, and no key of the screen."""
        return character is not None and character.isalnum()

    def on_key(self, event: events.Key) -> None:
        """Open the list with what was typed as its filter."""
        if self._list is not None or self.check_consume_key(event.key, event.character):
            event.stop()
            event.prevent_default()
            self._open(event.character or "" if event.is_printable else "")

    def action_open(self) -> None:
        """Show the list under the field."""
        self._open("")

    def _open(self, typed: str) -> None:
        if self._list is not None:
            self._list.type(typed)  # the letters after the first may come before the list does
            return
        hint = self.placeholder.strip("()（）")
        self._list = ChoiceList(
            self.options, self.value, self.region, title=self.title, free=self.free, typed=typed, hint=hint
        )
        self.app.push_screen(self._list, self._chosen)

    def _chosen(self, value: str | None) -> None:
        self._list = None
        if value is not None and value != self.value:
            self.value = value
            self.post_message(Edited(value))
