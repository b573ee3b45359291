"""E in Servers: where there is a shell and where there is none, each told in a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fakes import FakeEngine
from tests.world import World, shows, until
from tui.demo.host import DemoServices
from tui.screens.console_shell import refusal
from tui.services.server import Server, State

SIZE = (160, 45)


def served(kind: str) -> Server:
    return Server("local", "pid:1:1", "smol", kind, State.READY)


def test_only_a_container_has_a_shell_of_its_own(tmp_path: Path) -> None:
    services = World(tmp_path).services
    assert refusal(services, served("container")) == ""
    assert "a process of this machine" in refusal(services, served("process"))
    assert "address alone" in refusal(services, served("endpoint"))


def test_a_simulated_container_has_none() -> None:
    services = DemoServices()
    try:
        assert "simulated" in refusal(services, served("container"))
    finally:
        services.close()


@pytest.mark.parametrize("state", ["exited", "created", "paused"])
async def test_one_that_does_not_run_is_refused_with_its_state(tmp_path: Path, state: str) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state=state)
    async with world.app.run_test(size=SIZE, notifications=True) as pilot:
        await shows(pilot, "smol")
        await pilot.press("E")
        await shows(pilot, "smol does not run", "a shell needs a running container")


async def test_a_terminal_that_cannot_be_lent_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=SIZE, notifications=True) as pilot:
        await shows(pilot, "ready")
        await pilot.press("E")
        await shows(pilot, "cannot be lent", "docker exec -it smol")


async def test_without_the_docker_command_it_is_said_how_to_get_it_and_the_line_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    world = World(tmp_path)
    world.serve("smol", 8123)
    copied: list[str] = []
    monkeypatch.setattr(world.app, "copy_to_clipboard", copied.append)
    async with world.app.run_test(size=SIZE) as pilot:
        await shows(pilot, "ready")
        await pilot.press("E")
        await shows(pilot, "No docker command", "docker-cli", "docker exec -it smol")
        await pilot.press("enter")
        await until(pilot, lambda text: bool(copied), "the command is copied")
    assert copied[0].startswith("docker exec -it smol sh -c ")


async def test_who_only_looks_is_offered_no_shell(tmp_path: Path) -> None:
    world = World(tmp_path, read_only=True)
    world.serve("smol", 8123)
    async with world.app.run_test(size=SIZE) as pilot:
        await shows(pilot, "ready")
        before = len(world.engine.asked)
        await pilot.press("E", "f1")
        text = await shows(pilot, "Keys that work here")
        assert "Shell" not in text
        assert ("inspect", world.engine.record("smol")["Id"]) not in world.engine.asked[before:]


def test_the_engine_of_the_tests_says_its_state_as_docker_does() -> None:
    engine = FakeEngine()
    engine.add("smol", state="paused")
    assert engine.record("smol")["State"]["Status"] == "paused"
