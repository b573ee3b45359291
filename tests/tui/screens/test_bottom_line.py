"""The bottom line names what works now, and what matters first where there is little room."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Tab

from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown
from tests.tui.waiting import until as true
from tests.world import World, shows, text_of, until

SMALL = (80, 24)


def bottom(pilot: Pilot[None]) -> str:
    """The last line of the screen."""
    return text_of(pilot.app).splitlines()[-1]  # type: ignore[arg-type]


async def test_the_palette_and_the_themes_name_their_own_keys(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=SMALL) as pilot:
        await shows(pilot, "ready", "Write a message")
        for key, words, keys in (
            ("ctrl+p", "Type a command…", "enter Run  esc Close"),
            ("T", "Themes", "enter Take  esc Back"),
        ):
            await pilot.press(key)
            await shows(pilot, words)
            await until(pilot, lambda text, keys=keys: keys in text.splitlines()[-1], "the keys")  # type: ignore[misc]
            assert "Stop/start" not in bottom(pilot)
            await pilot.press("escape")
            await until(pilot, lambda text: "Stop/start" in text.splitlines()[-1], "the keys of the list")


async def test_the_palette_runs_and_the_list_of_themes_changes_the_theme(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=SMALL) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("ctrl+p", *"theme")
        await shows(pilot, "Choose another theme")
        await pilot.press("enter")
        await shows(pilot, "Themes")
        await pilot.press(*"nord", "enter")
        await true(lambda: world.app.theme == "nord")


async def test_launch_says_how_to_launch_and_how_to_leave(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=SMALL):
        await true(lambda: "Will it fit?" in shown(app) and "enter Choose" in shown(app))
        line = shown(app).splitlines()[-1]
        assert "ctrl+l Launch" in line
        assert "esc Back" in line


async def test_parameters_say_how_to_find_a_flag(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=SMALL) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("e")
        await until(pilot, lambda text: "ctrl+l Recreate  / Find" in text.splitlines()[-1], "the keys")


async def test_two_tabs_are_both_marked(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(220, 60)) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("f9")
        await shows(pilot, "Log · smol")
        tabs = world.app.screen.query(Tab)
        assert [tab.has_class("-beside") for tab in tabs] == [False, True, False]
        await pilot.press("f9")
        await true(lambda: not any(tab.has_class("-beside") for tab in tabs))
