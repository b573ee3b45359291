"""With a Chinese input method on, its full-width signs do what the plain ones do."""

from __future__ import annotations

from pathlib import Path

from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown
from tests.tui.waiting import until as true
from tests.world import World, shows, until
from widgets.choice_list import ChoiceList


async def test_in_the_console_they_filter_go_to_and_help(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "8123/v1", "Write a message")
        await pilot.press("／", *"bet")
        await until(pilot, lambda text: "alpha  " not in text, "alpha is filtered out")
        await pilot.press("escape", "：")
        await true(lambda: isinstance(world.app.screen, ChoiceList))
        await pilot.press("escape", "？")
        await shows(pilot, "Keys that work here")
        await pilot.press("？")
        await until(pilot, lambda text: "Keys that work here" not in text, "the help is closed by the same key")


async def test_in_the_log_they_find_and_change_the_tab(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    world.engine.feed("smol", b"one line\nanother line\n")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("l")
        await shows(pilot, "another line")
        await pilot.press("／", *"another", "enter")
        await until(pilot, lambda text: "1 of 1" in text or "1/1" in text, "it is found")
        await pilot.press("】")
        await shows(pilot, "max-model-len")
        await pilot.press("【")
        await shows(pilot, "Log · smol")


async def test_on_the_launch_screen_they_find_a_field_and_show_help(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=(160, 45)) as pilot:
        await true(lambda: app.launcher.looks and "docker run" in shown(app))
        await pilot.press("up", "up", "／")
        await true(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press("escape")
        await true(lambda: app.screen is app.launch)
        await pilot.press("？")
        await true(lambda: "Keys that work here" in shown(app))
