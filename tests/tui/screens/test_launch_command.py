"""The command panel of the launch screen: one launch in six forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from profiles.render import Form
from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown, until
from tui.screens.launch import LaunchScreen
from tui.screens.launch_command import FORMS, CommandPanel


async def ready(app: LaunchApp) -> CommandPanel:
    await until(lambda: isinstance(app.screen, LaunchScreen) and bool(app.launcher.looks))
    return app.launch.query_one(CommandPanel)


async def test_a_key_goes_through_the_forms_and_what_is_shown_is_copied(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        panel = await ready(app)
        assert "docker run -d \\" in shown(app)
        for mark in (
            "docker run -d `",
            "docker run -d ^",
            "services:",
            "vllm serve",
            "max-model-len: 4096",
            "docker run -d \\",
        ):
            await pilot.press("f4")
            await until(lambda mark=mark: mark in shown(app))  # type: ignore[misc]
        await pilot.press("f4", "f4", "f4")
        panel.focus()
        await pilot.press("left", "y")
        assert panel.form is Form.CMD
        await until(lambda: bool(app.copied) and app.copied[0].startswith("docker run -d ^\n"))


@pytest.mark.parametrize("size", [(160, 45), (80, 40)])
async def test_a_click_on_a_forms_name_shows_it_and_says_what_is_lost(tmp_path: Path, size: tuple[int, int]) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=size) as pilot:
        panel = await ready(app)
        await pilot.press("f4")  # below 140 columns the panel may be behind another tab
        await until(lambda: panel.region.height > 0)
        for form, name in ((Form.YAML, "YAML"), (Form.BASH, "bash"), (Form.COMPOSE, "compose")):
            row = shown(app).splitlines()[panel.region.bottom - 1]
            at = row.index(name, panel.region.x)
            await pilot.click(offset=(at + 1, panel.region.bottom - 1))
            await until(lambda form=form: panel.form is form)  # type: ignore[misc]
        await until(lambda: "services:" in shown(app))
        assert len(FORMS) == 6
