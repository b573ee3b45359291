"""Keys that a text area would take for itself reach whoever holds it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from widgets.form_editors import LinesEditor
from widgets.prompt import Prompt


class Holder(Vertical):
    """Hears the keys that its editor leaves."""

    BINDINGS = [("f7", "hear('f7')"), ("ctrl+z", "hear('ctrl+z')"), ("ctrl+y", "hear('ctrl+y')")]

    def __init__(self, editor: Widget) -> None:
        super().__init__(editor)
        self.heard: list[str] = []

    def action_hear(self, key: str) -> None:
        self.heard.append(key)


class HolderApp(App[None]):
    """One editor in its holder."""

    def __init__(self, editor: Widget) -> None:
        super().__init__()
        self.holder = Holder(editor)

    def compose(self) -> ComposeResult:
        yield self.holder


@pytest.mark.parametrize(
    ("editor", "keys"), [(LinesEditor, ["f7", "ctrl+z", "ctrl+y"]), (Prompt, ["f7"])], ids=["lines", "prompt"]
)
async def test_an_editor_leaves_the_keys_that_mean_something_else(editor: type[Widget], keys: list[str]) -> None:
    app = HolderApp(editor())
    async with app.run_test() as pilot:
        app.holder.children[0].focus()
        await pilot.press("a", *keys)
        assert app.holder.heard == keys
