"""Keys typed faster than the app answers are obeyed in the order in which they were pressed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.keys import key_to_character
from textual.widget import Widget

from tests.tui.waiting import until
from widgets.form_editors import LinesEditor, NumberEditor, TextEditor
from widgets.prompt import Prompt


class Page(App[None]):
    """One field."""

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self.make = make
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.make()

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Remember what was sent."""
        self.sent.append(event.text)
        event.prompt.begin(event.prompt.typed_since(event.text), self.sent)

    def type(self, *keys: str) -> None:
        """Press keys without waiting for any of them, as a fast line or a script does."""
        for key in keys:
            self.post_message(events.Key(key, key_to_character(key)))


@pytest.mark.parametrize("kind", [TextEditor, NumberEditor])
async def test_what_is_typed_after_ctrl_u_is_not_erased_by_it(kind: type[TextEditor]) -> None:
    app = Page(lambda: kind("2048"))
    async with app.run_test():
        field = app.query_one(kind)
        field.focus()
        app.type("ctrl+u", *"4096", "left", "backspace", "1")
        await until(lambda: field.value == "4016")


async def test_a_line_is_erased_before_the_next_one_is_typed() -> None:
    app = Page(lambda: LinesEditor("one"))
    async with app.run_test():
        field = app.query_one(LinesEditor)
        field.focus()
        app.type("end", "backspace", "backspace", *"ff", "home", *"x")
        await until(lambda: field.text == "xoff")


async def test_enter_sends_all_that_was_typed_before_it_and_nothing_after_it() -> None:
    app = Page(Prompt)
    async with app.run_test():
        prompt = app.query_one(Prompt)
        prompt.focus()
        app.type(*"hello", "ctrl+j", *"you", "enter", *"next")
        await until(lambda: app.sent and prompt.text == "next")
    assert app.sent == ["hello\nyou"]
