"""Keys that come in one burst act where the ones before them led, and nowhere else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.keys import key_to_character
from textual.widgets import Input

from tests.tui.waiting import until as true
from tests.world import World, shows
from tui.app import LlmTui
from tui.panes.parameters import ParametersPane
from tui.screens.launch import LaunchScreen
from tui.services.errors import ServiceError
from widgets.form import Form
from widgets.prompt import Prompt


def burst(app: LlmTui, *keys: str) -> None:
    """Press keys without waiting for any of them."""
    for key in keys:
        app.post_message(events.Key(key, key_to_character(key)))


def harmed(world: World) -> set[str]:
    """Name what was done to a server."""
    return {"stop", "restart", "remove", "create", "exec"} & {call[0] for call in world.engine.asked}


@pytest.mark.parametrize("tab", ["logs", "parameters"])
async def test_what_follows_c_is_written_into_the_prompt_whatever_tab_was_in_front(tmp_path: Path, tab: str) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        burst(world.app, "l" if tab == "logs" else "e")
        await shows(pilot, "Log · smol" if tab == "logs" else "max-model-len")
        burst(world.app, "escape", "c", *"say sdryq", "space", "ctrl+j", *"EU")
        prompt = world.app.screen.query_one(Prompt)
        await true(lambda: prompt.text == "say sdryq \nEU")
        assert len(world.app.screen_stack) == 1
        assert not harmed(world)


async def test_what_follows_l_is_for_the_log(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        burst(world.app, "l", "slash", *"ERR")
        await true(lambda: [line.value for line in world.app.screen.query(Input)] == ["ERR"])
        assert not harmed(world)


async def test_what_follows_e_moves_in_the_form_and_throws_nothing_away(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    world.engine.delay = 0.2
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        burst(world.app, "e", "down", "down", "down", "down", "ctrl+u", *"9001")
        form = world.app.screen
        await true(lambda: form.query(ParametersPane) and form.query_one(ParametersPane).draft is not None)
        await true(lambda: form.query_one(ParametersPane).draft.profile.port == 9001)
        assert not harmed(world)


async def test_what_follows_n_moves_in_the_launch_form(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        burst(world.app, "n", "down", "down", "down", *"-two")
        await true(
            lambda: isinstance(world.app.screen, LaunchScreen) and world.app.screen.profile.name.endswith("-two")
        )
        assert not harmed(world)


async def test_the_answer_to_a_question_may_be_typed_before_it_stands(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        burst(world.app, "s", "y")
        await true(lambda: harmed(world) == {"stop"})


async def test_what_is_typed_for_what_does_not_open_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)

    async def refuses(id: str) -> dict[str, object]:
        await asyncio.sleep(0.2)
        raise ServiceError("smol cannot be looked at")

    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ready", "Write a message", "ctx")
        monkeypatch.setattr(world.engine, "inspect", refuses)
        burst(world.app, "p", "s", "d")
        await shows(pilot, "smol cannot be looked at")
        burst(world.app, "c", *"well")
        await true(lambda: world.app.screen.query_one(Prompt).text == "well")
        assert len(world.app.screen_stack) == 1


async def test_a_filter_a_list_and_the_palette_get_what_is_typed_behind_their_key(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number, name in enumerate(("alpha", "beta", "gamma")):
        world.serve(name, 8123 + number)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message", "gamma")
        burst(world.app, "slash", *"gam", "enter", "l")
        await shows(pilot, "Log · gamma")
        burst(world.app, "escape", "escape", "colon", *"beta", "enter", "e")
        await shows(pilot, "Parameters · beta")
        burst(world.app, "ctrl+p", *"theme")
        await shows(pilot, "Choose another theme")
        assert not harmed(world)


async def test_the_next_server_and_the_next_tab_get_the_keys_behind_theirs(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number, name in enumerate(("alpha", "beta")):
        world.serve(name, 8123 + number)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message", "beta")
        burst(world.app, "e", "f8", "down", "down", "down", "down", "ctrl+u", *"9001")
        await shows(pilot, "Parameters · beta")
        pane = world.app.screen.query_one(ParametersPane)
        await true(lambda: pane.draft is not None and pane.draft.profile.port == 9001)
        assert world.app.screen.query_one(Form).current == "port"


async def test_esc_waits_for_nothing_and_forgets_what_was_typed_for_a_place_that_has_not_come(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready", "Write a message")
        world.engine.delay = 1.0
        burst(world.app, "e", "s", "d", "escape", "l")
        await shows(pilot, "Log · smol")
        assert len(world.app.screen_stack) == 1
        assert not harmed(world)
