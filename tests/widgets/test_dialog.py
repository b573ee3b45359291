"""Dialogs: what they show, where the focus starts, which keys answer."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.screen import ModalScreen

from tests.tui.waiting import shown, until
from tui.screens.dialogs import ConfirmDialog, RenameDialog
from widgets.dialog_recreate import RecreateDialog


class DialogApp(App[None]):
    """A dialog and its answer."""

    def __init__(self, dialog: ModalScreen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)


def removal() -> ConfirmDialog:
    return ConfirmDialog("Remove [/x]", "3 requests are cut off.\nIt is gone for good.", "Remove", danger=True)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [("y", True), ("n", False), ("escape", False), ("enter", False), ("right enter", True), ("tab enter", True)],
)
async def test_a_harmful_question_is_answered_by_key_and_starts_where_nothing_changes(keys: str, answer: bool) -> None:
    app = DialogApp(removal())
    async with app.run_test() as pilot:
        await pilot.press(*keys.split())
        await until(lambda: app.answers)
        assert app.answers == [answer]


async def test_a_harmless_question_is_confirmed_by_enter() -> None:
    app = DialogApp(ConfirmDialog("Bring it back", "", "Bring back"))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(lambda: app.answers)
        assert app.answers == [True]


async def test_the_mouse_answers_too() -> None:
    app = DialogApp(removal())
    async with app.run_test() as pilot:
        await pilot.click("#confirm")
        await until(lambda: app.answers)
        assert app.answers == [True]


async def test_object_and_consequences_are_named() -> None:
    app = DialogApp(removal())
    async with app.run_test(size=(80, 24)):
        for words in ("Remove [/x]", "3 requests are cut off.", "It is gone for good."):
            assert words in shown(app)


async def test_a_name_that_docker_refuses_or_that_is_taken_is_not_taken() -> None:
    app = DialogApp(RenameDialog("qwen", frozenset({"bge"})))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"bge", "enter")
        assert "Another container is called bge." in shown(app)
        await pilot.press("ctrl+u", "-", "enter")
        assert not app.answers
        assert "✖" in shown(app)
        await pilot.press("ctrl+u", *"qwen-2", "enter")
        await until(lambda: app.answers)
        assert app.answers == ["qwen-2"]


async def test_a_recreate_shows_old_and_new_and_what_happens() -> None:
    change = RecreateDialog.Change("--max-model-len", "131072", "")
    fact = RecreateDialog.Fact("way back", "the old container is kept until the new one has answered, and brought back")
    app = DialogApp(RecreateDialog("qwen", [change], [fact], ["Compose manages it."]))
    async with app.run_test(size=(80, 24)):
        for words in ("--max-model-len", "131072 → —", "way back", "▲ Compose manages it."):
            assert words in shown(app)


async def test_a_dialog_higher_than_the_screen_keeps_its_answers_in_sight() -> None:
    changes = [RecreateDialog.Change(f"field-{number}", "a", "b") for number in range(60)]
    app = DialogApp(RecreateDialog("qwen", changes, [], []))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Recreate qwen  y" in shown(app)
        await pilot.press("escape")
        await until(lambda: app.answers)


async def test_the_harmless_answer_has_the_focus_and_enter_says_what_it_does() -> None:
    app = DialogApp(removal())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "▌Keep it  n" in shown(app))
        assert "enter Keep it" in shown(app).splitlines()[-1]
        assert "y Yes" in shown(app).splitlines()[-1]
        await pilot.press("right")
        await until(lambda: "▌Remove  y" in shown(app) and "enter Remove" in shown(app).splitlines()[-1])


async def test_f1_in_a_dialog_names_its_keys_and_leaves_it_open() -> None:
    app = DialogApp(RenameDialog("qwen"))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "enter Rename" in shown(app).splitlines()[-1]
        await pilot.press("f1")
        await until(lambda: "Keys that work here · Rename qwen" in shown(app))
        await pilot.press("f1")
        await until(lambda: app.screen is app.dialog)
        assert not app.answers


async def test_the_bottom_line_of_a_dialog_is_clicked() -> None:
    app = DialogApp(removal())
    async with app.run_test(size=(80, 24)) as pilot:
        at = shown(app).splitlines()[-1].index("y Yes")
        await pilot.click(offset=(at, 23))
        await until(lambda: app.answers)
        assert app.answers == [True]


@pytest.mark.parametrize("runs", [True, False])
async def test_enter_recreates_at_once_only_what_does_not_run(runs: bool) -> None:
    app = DialogApp(RecreateDialog("smol", [], [], [], runs=runs))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(lambda: app.answers)
    assert app.answers == [not runs]
