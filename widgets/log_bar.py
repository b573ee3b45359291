"""The line below a log where one types what to find, what to show, or where to save."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from gettext import gettext as _
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from widgets.in_order import InOrder
from widgets.log_pattern import Pattern


class Purpose(Enum):
    """What the bar is open for."""

    FIND = "find"
    FILTER = "filter"
    SAVE = "save"


class LogField(InOrder, Input):
    """Where one types; the bottom line says what its keys do there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", _("Keep"), id="log.bar-keep", tooltip=_("Keep it and go to the log")),
        Binding("enter", "save", _("Save"), id="log.bar-save", tooltip=_("Save the log to this file")),
        Binding("down", "next(False)", _("Next"), id="log.bar-next", tooltip=_("Go to the next match")),
        Binding(
            "up", "next(True)", _("Previous"), id="log.bar-previous", tooltip=_("Go to the match before"), show=False
        ),
    ]

    purpose: reactive[Purpose] = reactive(Purpose.FIND, bindings=True)
    """What it is typed for."""

    @dataclass
    class NextAsked(Message):
        """The next match, or the one before, is asked for while typing."""

        backward: bool

    async def action_keep(self) -> None:
        """Leave in force what was typed."""
        await self.action_submit()

    async def action_save(self) -> None:
        """Save to the path that was typed."""
        await self.action_submit()

    def action_next(self, backward: bool) -> None:
        """Go to another match without leaving the field."""
        self.post_message(self.NextAsked(backward))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense for what is typed."""
        if action in {"keep", "save"}:
            return (action == "save") is (self.purpose is Purpose.SAVE)
        return action != "next" or self.purpose is Purpose.FIND


class LogBar(Horizontal):
    """A prompt, a field, and what came of it."""

    DEFAULT_CSS = """
    LogBar {
        height: 1;
        display: none;
        background: $panel;
        &.-open { display: block; }
        & > .bar--prompt { width: auto; padding: 0 1; color: $accent; text-style: bold; }
        & > .bar--state { width: auto; padding: 0 1; color: $foreground 62%; }
        & > .bar--state.-bad { color: $error; }
        & > Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
        & > Input:focus { border: none; background: $panel; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", _("Close"), id="log.bar-close", tooltip=_("Close this line and drop what it says")),
        Binding(
            "ctrl+r",
            "regex",
            _("Regular expression"),
            id="log.bar-regex",
            tooltip=_("Plain text or regular expression"),
        ),
    ]

    @dataclass
    class Changed(Message):
        """The pattern changed while typing; None is none."""

        purpose: Purpose
        pattern: Pattern | None

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

        purpose: Purpose
        text: str

    @dataclass
    class Left(Message):
        """Esc was pressed."""

        purpose: Purpose

    def __init__(self) -> None:
        super().__init__()
        self.purpose = Purpose.FIND
        self.regex = False

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield Static(classes="bar--prompt", markup=False)
        yield LogField(compact=True)
        yield Static(classes="bar--state", markup=False)

    def open(self, purpose: Purpose, text: str = "") -> None:
        """Open for a purpose, with a text to begin with."""
        self.purpose = purpose
        self.add_class("-open")
        field = self.query_one(LogField)
        field.purpose = purpose
        with field.prevent(Input.Changed):
            field.value = text
        field.action_end()
        field.focus()
        self._show_prompt()
        self.say("")

    def close(self) -> None:
        """Disappear; what was typed stays in force."""
        self.remove_class("-open")

    def say(self, text: str, bad: bool = False) -> None:
        """Say what came of it, at the right."""
        state = self.query_one(".bar--state", Static)
        state.set_class(bad, "-bad")
        state.update(Content(text))

    def action_leave(self) -> None:
        """Close and drop what it says."""
        self.close()
        self.post_message(self.Left(self.purpose))

    def action_regex(self) -> None:
        """Take the text as a regular expression, or as it is."""
        self.regex = not self.regex
        self._show_prompt()
        self._changed(self.query_one(LogField).value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A path is no expression."""
        return action != "regex" or self.purpose is not Purpose.SAVE

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._changed(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.close()
        self.post_message(self.Submitted(self.purpose, event.value))

    def _changed(self, text: str) -> None:
        if self.purpose is Purpose.SAVE:
            return
        try:
            pattern = Pattern(text, self.regex) if text else None
        except re.error as error:
            self.say(_("no regular expression: {why}").format(why=error.msg), bad=True)
            return
        self.say("")
        self.post_message(self.Changed(self.purpose, pattern))

    def _show_prompt(self) -> None:
        words = {Purpose.FIND: _("Find"), Purpose.FILTER: _("Show only"), Purpose.SAVE: _("Save to")}
        text = words[self.purpose]
        if self.regex and self.purpose is not Purpose.SAVE:
            text += " .*"
        self.query_one(".bar--prompt", Static).update(Content(text))
