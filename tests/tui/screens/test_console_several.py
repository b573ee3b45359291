"""Marking servers, and one question for all that are marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.world import World, shows, text_of, until
from tui.screens.under_way import UnderWay


def world_of(folder: Path, *names: str, read_only: bool = False) -> World:
    world = World(folder, read_only=read_only)
    for port, name in enumerate(names, 8120):
        world.serve(name, port)
    return world


def done(world: World, what: str) -> list[str]:
    """Give the names of those that the engine was asked to do something with; a removed one is only "gone"."""
    names = {str(world.engine.record(name)["Id"]): name for name in world.engine.names}
    return sorted(names.get(call[1], "gone") for call in world.engine.asked if call[0] == what)


async def all_ready(pilot: Pilot[None], count: int) -> None:
    await until(pilot, lambda text: text.count(" ready ") == count, f"{count} are ready")


async def test_space_marks_and_esc_takes_the_marks_away(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta", "gamma")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 3)
        await pilot.press("space", "j", "space")
        text = await shows(pilot, "2 marked", "esc Unmark")
        assert [line[1:12] for line in text.splitlines() if "✔ " in line] == [" ✔ ● alpha ", "▌✔ ● beta  "]
        await pilot.press("space")
        await shows(pilot, "1 marked")
        await pilot.press("escape")
        text = await until(pilot, lambda text: "marked" not in text, "nothing is marked")
        assert "✔" not in text and "esc Unmark" not in text


async def test_one_question_names_all_that_stop_and_what_ends_with_each(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta", "gamma")
    world.engine.record("beta")["HostConfig"]["AutoRemove"] = True
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 3)
        await pilot.press("space", "j", "space", "j", "s")
        text = await shows(pilot, "Stop 2 containers?", "beta  It was started with --rm: once stopped it is gone")
        assert "alpha  It was started" not in text
        await pilot.press("escape")
        await until(pilot, lambda text: "Stop 2" not in text, "the question is gone")
        assert "2 marked" in text_of(world.app) and not done(world, "stop")
        await pilot.press("s", "y")
        await until(pilot, lambda text: "marked" not in text and "stopped" in text, "they are stopped")
        await until(pilot, lambda text: world.engine.names == ["alpha", "gamma"], "the one with --rm is gone")
        assert done(world, "stop") == ["alpha", "gone"]


async def test_those_that_do_not_run_are_left_as_they_are_while_others_stop(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta")
    world.engine.add("rested", state="exited", port=8129)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 2)
        await pilot.press("space", "G", "space", "s")
        await shows(pilot, "Stop 1 container?", "Not running, left as they are: rested")
        await pilot.press("y")
        await until(pilot, lambda text: text.count("stopped") == 2, "alpha is stopped")
        assert done(world, "stop") == ["alpha"] and not done(world, "start")


async def test_marked_ones_that_rest_are_all_started_without_a_question(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("alpha", state="exited", port=8120)
    world.engine.add("beta", state="exited", port=8121)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda text: text.count("stopped") == 2, "both are stopped")
        await pilot.press("space", "j", "space", "s")
        await until(pilot, lambda text: done(world, "start") == ["alpha", "beta"], "both are started")


async def test_marked_ones_are_restarted_and_removed_by_one_question_each(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta", "gamma")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 3)
        await pilot.press("space", "j", "space", "r")
        await shows(pilot, "Restart 2 containers?", "answer nobody")
        await pilot.press("y")
        await until(pilot, lambda text: done(world, "restart") == ["alpha", "beta"], "both are restarted")
        await all_ready(pilot, 3)
        await pilot.press("g", "space", "G", "space", "d")
        await shows(pilot, "Remove 2 containers?", "are deleted")
        await pilot.press("y")
        await until(pilot, lambda text: world.engine.names == ["beta"], "only beta is left")


async def test_one_that_fails_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await all_ready(pilot, 2)
        await pilot.press("space", "j", "space", "s")
        await shows(pilot, "Stop 2 containers?")
        await world.engine.remove("alpha", force=True)
        await pilot.press("y")
        await shows(pilot, "There is no container")
        await until(pilot, lambda text: done(world, "stop") == ["beta", "gone"], "beta is stopped")


async def test_the_question_before_a_removal_says_of_each_that_runs_that_it_is_ended(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha")
    world.engine.add("rested", state="exited", port=8129)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 1)
        await pilot.press("space", "G", "space", "d")
        text = await shows(pilot, "Remove 2 containers?")
        ended = [line for line in text.splitlines() if "It runs and is ended first." in line]
        assert len(ended) == 1 and "alpha  It runs and is ended first." in ended[0]


@pytest.mark.parametrize("keys", [["r"], ["space", "r"]], ids=["one", "marked"])
async def test_nobody_is_told_that_a_restart_deletes_what_was_started_with_rm(tmp_path: Path, keys: list[str]) -> None:
    world = world_of(tmp_path, "alpha")
    world.engine.record("alpha")["HostConfig"]["AutoRemove"] = True
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 1)
        await pilot.press(*keys)
        text = await shows(pilot, "Restart", "?", "until", "loaded")
        assert "gone for good" not in text
        await pilot.press("y")
        await until(pilot, lambda text: done(world, "restart") == ["alpha"], "it is restarted, and still there")


async def test_a_marked_one_that_a_filter_hides_is_left_alone(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta", "gamma")
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 3)
        await pilot.press("space", "j", "space")
        await shows(pilot, "2 marked")
        await pilot.press("slash", *"bet", "enter")
        await shows(pilot, "1 marked")
        await pilot.press("d")
        text = await shows(pilot, "Remove 1 container?")
        assert "alpha" not in text.split("Remove 1 container?")[1]
        await pilot.press("y")
        await until(pilot, lambda text: world.engine.names == ["alpha", "gamma"], "only beta is gone")


async def test_what_came_in_the_way_while_the_question_stood_is_seen_after_the_yes(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", "beta")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await all_ready(pilot, 2)
        await pilot.press("space", "j", "space", "s")
        await shows(pilot, "Stop 2 containers?")
        world.app.screen_stack[-2]._actions.under_way["alpha"] = UnderWay("launch")  # type: ignore[attr-defined]
        await pilot.press("y")
        await shows(pilot, "alpha is being changed right now")
        await until(pilot, lambda text: done(world, "stop") == ["beta"], "only beta is stopped")


@pytest.mark.parametrize("keys", [["s"], ["space", "s"]], ids=["one", "marked"])
async def test_nothing_is_done_after_the_yes_to_what_is_only_last_seen_by_then(tmp_path: Path, keys: list[str]) -> None:
    world = world_of(tmp_path, "alpha")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await all_ready(pilot, 1)
        await pilot.press(*keys)
        await shows(pilot, "Stop")
        world.engine.dead = True
        await until(pilot, lambda text: world.services.fleet.view.trouble is not None, "the engine is away")
        await pilot.press("y")
        await shows(pilot, "alpha is shown as last seen")
        assert not done(world, "stop")


async def test_what_is_looked_at_only_cannot_be_marked(tmp_path: Path) -> None:
    world = world_of(tmp_path, "alpha", read_only=True)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await all_ready(pilot, 1)
        await pilot.press("space", "j")
        assert "marked" not in text_of(world.app) and "Mark" not in text_of(world.app)
