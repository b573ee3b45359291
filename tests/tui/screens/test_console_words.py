"""What the console says where it asks: titles of lists, what ends, where a server is from."""

from __future__ import annotations

from pathlib import Path

import pytest

from profiles.profile import Profile
from tests.world import World, shows, until


@pytest.mark.parametrize(("key", "title"), [("y", "Copy of smol"), ("colon", "Go to")])
async def test_a_list_says_what_it_is_for(tmp_path: Path, key: str, title: str) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready")
        await pilot.press(key)
        await shows(pilot, title)


async def test_enter_on_a_harmful_question_gives_the_answer_that_has_the_focus(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready")
        await pilot.press("d")
        await shows(pilot, "Remove smol?", "It runs and is ended first.", "▌Keep it")
        await pilot.press("enter")
        await until(pilot, lambda text: "Remove smol?" not in text, "the question goes")
        assert "smol" in world.engine.names
        await pilot.press("d")
        await shows(pilot, "▌Keep it")
        await pilot.press("right")
        await shows(pilot, "▌Remove smol")
        await pilot.press("enter")
        await until(pilot, lambda text: "There is no container" in text, "smol goes")


async def test_one_that_is_stopped_is_not_said_to_be_ended(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "stopped")
        await pilot.press("d")
        text = await shows(pilot, "Remove smol?", "are deleted")
        assert "ended first" not in text


async def test_a_profile_is_named_only_as_what_it_is(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.services.store.save(Profile("kept", "a/b"))
    for name in ("kept", "lost"):
        world.engine.add(name, labels={"llmtui.profile": name})
    async with world.app.run_test(size=(160, 45)) as pilot:
        text = await shows(pilot, "profile kept")
        assert "not saved" not in text
        await pilot.press("down")
        await shows(pilot, "profile lost (not saved)")
