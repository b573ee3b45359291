"""Who types on while a recreate is thought through is asked about what he typed last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from profiles.paths import Place
from profiles.profile import Profile
from tests.tui.panes.parameters_page import ParametersApp, current, open_length
from tests.tui.waiting import shown, until
from tui.services.host import Host
from tui.services.preflight_check import Check
from tui.services.server import Server
from widgets.choice_list import ChoiceList
from widgets.dialog_recreate import RecreateDialog

TOO_LONG = Check("--max-model-len", False, "far too long.", "Take 6000.", "6000")


class Look:
    """A look at the context length that waits to be let go on; finds that 8k is too much."""

    def __init__(self) -> None:
        self.at: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, host: Host, profile: Profile, environ: Mapping[str, str], place: Place) -> Check | None:
        length = profile.flag("max-model-len") or ""
        self.at.append(length)
        await self.go_on.wait()
        return TOO_LONG if length == "8k" else None


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    look = Look()
    monkeypatch.setattr("tui.panes.parameters_recreate.check_context", look)
    return look


async def ask(app: ParametersApp, pilot: Pilot[None], length: str) -> Server:
    """Write a context length and ask for the recreate."""
    app.pane.server = server = app.server("qwen")
    await open_length(app, pilot)
    await pilot.press("ctrl+u", *length, "ctrl+l")
    return server


async def dialog(app: ParametersApp) -> str:
    await until(lambda: isinstance(app.screen, RecreateDialog) and "Recreate qwen" in shown(app))
    return shown(app)


async def test_typed_during_the_look(tmp_path: Path, look: Look) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        await ask(app, pilot, "5000")
        await until(lambda: look.at == ["5000"])
        await pilot.press("ctrl+u", *"3000")
        look.go_on.set()
        text = await dialog(app)
        assert "4096 → 3000" in text and "5000" not in text
        await pilot.press("y")
        await until(lambda: app.asked)
        assert "3000" in app.asked[0].plan.body["Cmd"] and look.at == ["5000", "3000"]


async def test_typed_while_the_recreate_is_planned(tmp_path: Path, look: Look) -> None:
    app = ParametersApp(tmp_path)
    look.go_on.set()
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen")
        await open_length(app, pilot)
        await pilot.press("ctrl+u", *"5000")
        app.engine.delay = 0.5
        before = len(app.engine.asked)
        await pilot.press("ctrl+l")
        await until(lambda: len(app.engine.asked) > before)
        await pilot.press("ctrl+u", *"3000")
        assert not isinstance(app.screen, RecreateDialog)
        app.engine.delay = 0.0
        assert "4096 → 3000" in await dialog(app)


async def test_what_was_found_wrong_with_the_value_before_is_not_said_of_the_new_one(
    tmp_path: Path, look: Look
) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42), notifications=True) as pilot:
        await ask(app, pilot, "8k")
        await until(lambda: look.at == ["8k"])
        await pilot.press("ctrl+u", *"5000")
        look.go_on.set()
        assert "4096 → 5000" in await dialog(app)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, RecreateDialog))
        assert "far too long" not in shown(app)


async def test_an_answer_that_comes_after_another_server_was_chosen_moves_nothing_there(
    tmp_path: Path, look: Look
) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42), notifications=True) as pilot:
        first, second = await ask(app, pilot, "8k"), app.server("bge")
        await until(lambda: look.at == ["8k"])
        app.pane.server = second
        await until(lambda: "Parameters · bge" in shown(app) and "as it runs now" in shown(app))
        await pilot.press("ctrl+f")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"port", "enter")
        await until(lambda: not isinstance(app.screen, ChoiceList) and current(app) == "port")
        look.go_on.set()
        await until(lambda: "qwen was left before its recreate" in shown(app))
        assert current(app) == "port" and "far too long" not in shown(app)
        app.pane.server = first
        await until(lambda: "far too long" in shown(app))  # it still holds for what stands there
