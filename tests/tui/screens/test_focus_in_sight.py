"""Whatever is pressed, what has the focus stands on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.waiting import until as true
from tests.world import World, shows, text_of, until
from tui.panes.servers import ServersPane
from widgets.key_bar import KeyBar
from widgets.log_view import LogView
from widgets.prompt import Prompt
from widgets.server_list import ServerList

TEXTUAL = {"esc": "escape", "/": "slash", ":": "colon", "F7": "f7", "?": "question_mark", "F1": "f1"}


def in_sight(focused: Widget | None) -> bool:
    """Whether a widget has the focus, and some of it is seen."""
    if focused is None:
        return False
    widgets = [focused, *(one for one in focused.ancestors if isinstance(one, Widget))]
    return all(one.display for one in widgets) and bool(focused.screen.find_widget(focused).visible_region)


async def back_to_the_list(pilot: Pilot[None]) -> None:
    """Close what is open and go to the servers."""
    while len(pilot.app.screen_stack) > 1:
        before = len(pilot.app.screen_stack)
        await pilot.press("escape")
        await true(lambda before=before: len(pilot.app.screen_stack) < before)  # type: ignore[misc]
    await pilot.press("escape", "escape")
    await true(lambda: isinstance(pilot.app.focused, ServerList))


@pytest.mark.parametrize(
    ("size", "way"), [((80, 24), ""), ((80, 24), "f7"), ((80, 24), "e"), ((130, 40), "f7"), ((130, 40), "z")]
)
async def test_after_every_key_of_the_bottom_line_the_focus_is_in_sight(
    tmp_path: Path, size: tuple[int, int], way: str
) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=size) as pilot:
        await shows(pilot, "ready", "Write a message", "beta")
        await pilot.press(*filter(None, [way]))
        await true(lambda: in_sight(pilot.app.focused))
        keys = {key.key for key in pilot.app.screen.query_one(KeyBar).keys if key.id} - {"enter", "E"}
        for key in ["f7", "f8", "left_square_bracket", "z", *sorted(keys)]:
            await back_to_the_list(pilot)
            await pilot.press(*filter(None, [way]))
            await true(lambda: in_sight(pilot.app.focused))
            await pilot.press(TEXTUAL.get(key, key))
            await true(lambda: in_sight(pilot.app.focused))


@pytest.mark.parametrize("key", ["c", "l", "e", "enter", "escape", "f7"])
async def test_the_whole_panel_closes_for_what_is_opened_and_for_esc(tmp_path: Path, key: str) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("f7")
        await shows(pilot, "http://127.0.0.1:8123/v1", "F7 Close panel")
        await pilot.press(key)
        await until(pilot, lambda text: "8123/v1" not in text and "F7" not in text, "the tabs")
        await true(lambda: in_sight(pilot.app.focused))


async def test_a_hidden_panel_comes_back_with_the_focus_and_nothing_is_left_whole_after_a_resize(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(130, 40)) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("f7")
        await true(lambda: isinstance(pilot.app.focused, Prompt))
        assert "Servers" not in text_of(world.app)
        await pilot.resize_terminal(80, 24)
        await shows(pilot, "Servers", "Chat")
        await pilot.resize_terminal(130, 40)
        await pilot.press("escape", "l")
        await true(lambda: isinstance(pilot.app.focused, LogView))
        await pilot.press("f7", "escape")
        await shows(pilot, "Servers")
        assert pilot.app.focused in world.app.screen.query_one(ServersPane).query(ServerList)


async def test_the_filter_names_its_keys(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("slash")
        await shows(pilot, "enter Keep  esc Show all")
