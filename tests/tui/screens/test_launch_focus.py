"""Where the focus goes in the launch screen, and what of it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.contrast import TEXT, Piece, pieces
from tests.tui.screens.launch_fakes import BASE, LaunchApp
from tests.tui.waiting import until
from tui.screens.launch_body import LaunchBody
from tui.screens.launch_panels import SidePanels, TextPanel


async def test_who_goes_by_tab_fills_one_field_after_the_other(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(lambda: app.launch._body.form.current == "profile")
        app.launch._body.form.go("name")
        await pilot.press(*"mine", "tab", "tab", *"8100")
        await until(lambda: (app.launch.profile.name, app.launch.profile.port) == ("mine", 8100))
        assert app.launch.profile.gpus == BASE.gpus


async def test_back_from_the_command_one_is_where_one_was(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        form = app.launch._body.form
        await until(lambda: form.current == "profile")
        for key in ("tab", "shift+tab"):
            form.go("port")
            await until(lambda: form.current == "port")
            command = app.launch.query_one("#command")
            command.focus()
            await until(lambda: command.has_focus)  # noqa: B023
            for _panel in app.launch.query(TextPanel):
                if form.current is None:
                    await pilot.press(key)
            await until(lambda: form.current == "port")


async def test_the_first_frame_has_the_layout_that_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LaunchBody, "on_resize", lambda body: None)
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(120, 36)):
        assert app.launch.query_one(LaunchBody).has_class("-narrow")


async def test_the_other_tabs_name_is_read_in_the_focused_title_too(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(100, 36)):
        side = app.launch.query_one(SidePanels)
        panel = side.panels[side.chosen]
        panel.focus()
        await until(lambda: panel.has_focus and any("Notes" in one.text for one in title(app, panel)))
        await until(lambda: all(one.contrast >= TEXT for one in title(app, panel) if one.text.strip(" ─╭╮│")))


def title(app: LaunchApp, panel: TextPanel) -> list[Piece]:
    """Give what stands at the panel's upper edge."""
    return [one for one in pieces(app) if one.y == panel.region.y]
