"""What stands in a form's field: a typed line, a number, a switch, a list of lines, or words that only show."""

from __future__ import annotations

import re

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget
from textual.widgets import Input, TextArea

from widgets.form_record import ON, Edited, Entered, Left
from widgets.form_text import cut
from widgets.in_order import InOrder

NUMBER = re.compile(r"[-+0-9.,kKmMgGtTaAuUoO]*")
"""What a number field takes: digits, the units of sizes, and the word auto."""


TYPED_KEYS = frozenset({"slash", "backslash", "at", "minus", "plus", "underscore"})
"""Keys that Textual knows by these names and gives no character for, though they are typed."""


class TextEditor(InOrder, Input):
    """A typed line, one row high."""

    DEFAULT_CSS = """
    TextEditor, TextEditor:focus {
        height: 1;
        padding: 0 1 0 0;
        border: none;
        border-left: vkey $foreground 55%;
        background: $panel;
        background-tint: transparent;
    }
    TextEditor > .input--placeholder { color: $foreground 62%; }
    """

    def __init__(self, value: str = "", placeholder: str = "", *, select: bool = False) -> None:
        """`select` chooses all of it when the focus arrives: what is typed then takes its place."""
        super().__init__(value, placeholder=placeholder, select_on_focus=select)
        self.cursor_blink = False
        self.cursor_position = len(value)
        self._told = value
        self._on_the_way: list[str] = []
        """What we said and was not shown back to us yet."""

    def show(self, value: str) -> None:
        """Hold this value without saying that it was edited; an echo of what was typed a moment ago changes nothing."""
        if value in self._on_the_way:
            del self._on_the_way[: self._on_the_way.index(value) + 1]
            return
        if self.has_focus and (self._on_the_way or self.value != self._told):
            return  # he types faster than the form answers: his text stands
        self._told = value
        if value != self.value:
            self.value = value
            self.cursor_position = len(value)

    def on_blur(self) -> None:
        """Who leaves the field takes what the form makes of it."""
        self._on_the_way.clear()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whatever can be printed is typed here."""
        return key in TYPED_KEYS or super().check_consume_key(key, character)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say it the way every editor of a form does."""
        event.stop()
        if event.value != self._told:
            self._told = event.value
            self._on_the_way.append(event.value)
            self.post_message(Edited(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say that enter was pressed."""
        event.stop()
        self.post_message(Entered())


class NumberEditor(TextEditor):
    """A typed number; what cannot be part of one goes on to the form's own keys."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Only digits and units are typed here."""
        return character is not None and character.isprintable() and NUMBER.fullmatch(character) is not None

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        line = (event.text.splitlines() or [""])[0].strip()
        if NUMBER.fullmatch(line):
            self.replace(line, *sorted((self.selection.start, self.selection.end)))


class SwitchEditor(Widget, can_focus=True):
    """A box that is ticked or not."""

    DEFAULT_CSS = """
    SwitchEditor { height: 1; padding: 0 1 0 0; background: $panel; color: $foreground; pointer: pointer; }
    SwitchEditor { border-left: vkey $foreground 55%; }
    """

    on: var[bool] = var(False)
    """Whether it is ticked."""

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.set_reactive(SwitchEditor.on, value == ON)

    def show(self, value: str) -> None:
        """Hold this value without saying that it was edited."""
        self.on = value == ON

    def render(self) -> RenderResult:
        """Draw the box."""
        return Content("☑" if self.on else "☐")

    def watch_on(self) -> None:
        """Draw it anew."""
        self.refresh()

    def on_click(self) -> None:
        """Tick it by mouse."""
        self.toggle()

    def toggle(self) -> None:
        """Turn it over and say so."""
        self.on = not self.on
        self.post_message(Edited(ON if self.on else ""))


class FixedEditor(Widget, can_focus=True):
    """Words that only show; the focus passes over them so that their note can be read."""

    DEFAULT_CSS = """
    FixedEditor { height: 1; padding: 0 1; background: $panel 50%; color: $foreground 62%; }
    """

    value: reactive[str] = reactive("")
    """The words."""

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.set_reactive(FixedEditor.value, value)

    def show(self, value: str) -> None:
        """Show other words."""
        self.value = value

    def render(self) -> RenderResult:
        """Draw the words on one line."""
        return Content(cut(self.value, self.content_size.width))


GIVEN_UP = frozenset({"select_all", "undo", "redo"})
"""Actions of a text area whose keys mean something else in a form."""


class LinesEditor(InOrder, TextArea):
    """One entry a line; as high as it has entries."""

    DEFAULT_CSS = """
    LinesEditor, LinesEditor:focus {
        height: auto;
        max-height: 8;
        padding: 0 1 0 0;
        border: none;
        border-left: vkey $foreground 55%;
        background: $panel;
        scrollbar-size: 0 0;
    }
    LinesEditor > .text-area--placeholder { color: $foreground 62%; }
    """

    def __init__(self, value: str = "", placeholder: str = "") -> None:
        super().__init__(
            value,
            soft_wrap=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
            placeholder=Content(placeholder),
        )
        self.cursor_blink = False
        self._told = value

    def show(self, value: str) -> None:
        """Hold these lines without saying that they were edited."""
        self._told = value
        if value != self.text:
            self.load_text(value)

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Whatever can be printed is typed here."""
        return key in TYPED_KEYS or super().check_consume_key(key, character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave f7, ctrl+z and ctrl+y to whoever holds the form: there they undo a field and copy the command."""
        return action not in GIVEN_UP and super().check_action(action, parameters)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say it the way every editor of a form does."""
        event.stop()
        if self.text != self._told:
            self._told = self.text
            self.post_message(Edited(self.text))

    def action_cursor_up(self, select: bool = False) -> None:
        """Go a line up, or out of the field from the first line."""
        if not select and self.cursor_location[0] == 0:
            self.post_message(Left(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go a line down, or out of the field from the last line."""
        if not select and self.cursor_location[0] == self.document.line_count - 1:
            self.post_message(Left(1))
        else:
            super().action_cursor_down(select)
