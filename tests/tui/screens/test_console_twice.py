"""What is asked for while something else is under way, or has changed since it was seen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from profiles.profile import Profile
from tests.tui.waiting import until
from tests.world import World, shows
from tui.screens.console_actions import Actions
from tui.screens.console_aside import forget_aside
from tui.screens.console_natives import add_endpoint
from tui.services.endpoints import Endpoint, Endpoints
from tui.services.launch_step import Step

FRESH = Profile("fresh", "Qwen/Qwen3-0.6B")


def answered(world: World, monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """Answer every screen that asks something."""

    async def answers(_screen: object) -> Any:
        return answer

    monkeypatch.setattr(world.app, "push_screen_wait", answers)


async def test_a_server_that_is_being_launched_is_not_launched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, go_on, begun = World(tmp_path), asyncio.Event(), []
    world.serve("smol", 8100)

    async def launch(profile: Profile) -> AsyncIterator[Step]:
        begun.append(profile.name)
        yield Step("pull", "", 0.4)
        await go_on.wait()

    async with world.app.run_test(size=(140, 40), notifications=True) as pilot:
        await shows(pilot, "smol")
        monkeypatch.setattr(world.services.launcher, "launch", launch)
        answered(world, monkeypatch, FRESH)
        actions: Actions = world.app.screen._actions  # type: ignore[attr-defined]
        actions.ask("launch", None)
        await shows(pilot, "pulling 40%")
        actions.ask("launch", None)
        await shows(pilot, "fresh is being changed right now", "pulling 40%")
        assert begun == ["fresh"] and list(actions.under_way) == ["fresh"]
        go_on.set()
        await until(lambda: not actions.under_way)


async def test_what_was_kept_aside_and_was_started_by_hand_stays(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8100)
    world.engine.add("smol-llmtui-old", state="exited")
    async with world.app.run_test(size=(140, 40)):
        await until(lambda: "smol" in world.services.fleet.view.aside)
        aside = world.services.fleet.view.aside["smol"]
        await world.engine.start(aside[0])
        await forget_aside(world.services, "smol", aside)
        assert sorted(world.engine.names) == ["smol", "smol-llmtui-old"]


async def test_an_endpoint_is_written_down_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, writers = World(tmp_path), list[threading.Thread]()
    world.serve("smol", 8100)
    monkeypatch.setattr(Endpoints, "_change", lambda *_about: writers.append(threading.current_thread()))
    async with world.app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, "smol")
        answered(world, monkeypatch, Endpoint("far", "http://10.0.0.5:8000"))
        assert await add_endpoint(world.app.screen, world.services) == "far"  # type: ignore[arg-type]
        assert writers and threading.main_thread() not in writers
