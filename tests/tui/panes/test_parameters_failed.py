"""A recreate that failed, was called off or was refused beforehand: the edit stands in the form, with the reason."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.services.recreate_scene import impatient
from tests.world import World, shows, until
from tui.services.answer import NotYetError
from tui.services.errors import ServiceError

SERVER = ("vllm", "serve", "/models/m", "--max-model-len", "4096")


class Asked:
    """Answers for servers: with an error, with nothing yet, or with the model's name."""

    def __init__(self) -> None:
        self.answer: Exception | str = ServiceError("smol gave a wrong answer", "the context is too long")

    async def __call__(self, url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
        await asyncio.sleep(0)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


def world_of(folder: Path, asked: Asked, **host: object) -> World:
    """A world with one server, smol."""
    world = World(folder, ask=asked)
    world.serve("smol", 8123)
    world.engine.record("smol")["Path"], world.engine.record("smol")["Args"] = SERVER[0], list(SERVER[1:])
    world.engine.record("smol")["Config"]["Cmd"] = list(SERVER[2:])
    world.engine.record("smol")["HostConfig"].update(host)
    return world


async def edit_length(pilot: Pilot[None], length: str) -> None:
    """Write another context length into the form, and ask for the recreate."""
    await shows(pilot, "ready")
    await pilot.press("e")
    await shows(pilot, "Parameters · smol", "▌host")
    await to_length(pilot)
    await pilot.press("ctrl+u", *length)
    await shows(pilot, f"4096 → {length}")
    await pilot.press("ctrl+l")


async def to_length(pilot: Pilot[None]) -> None:
    """Go to the field of the context length."""
    await pilot.press("ctrl+f")
    await shows(pilot, "Find a field or a flag", "type to filter")
    await pilot.press(*"max-m", "enter")
    await until(pilot, lambda text: "▌max-model-len" in text, "the field")


async def fail_and_return(pilot: Pilot[None]) -> None:
    """Let a recreate begin, whose log comes to the front, and fail; go back to the form."""
    await pilot.press("y")
    await shows(pilot, "Log · smol", "last change failed", seconds=20)
    await pilot.press("right_square_bracket")
    await shows(pilot, "✖ Not recreated:", "4096 → 8192", "▌host")
    await to_length(pilot)


def lengths(world: World) -> list[str]:
    """Give the context length of every server that was created."""
    return [call[2]["Cmd"][-1] for call in world.engine.asked if call[0] == "create"]


@pytest.mark.parametrize("auto_remove", [False, True], ids=["kept aside", "started with --rm"])
async def test_after_a_failure_the_edit_stands_there_and_can_be_corrected(tmp_path: Path, auto_remove: bool) -> None:
    asked = Asked()
    world = world_of(tmp_path, asked, AutoRemove=auto_remove)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8192")
        await shows(pilot, "Recreate smol", "4096 → 8192")
        await fail_and_return(pilot)
        await shows(pilot, "✖ Not recreated:", "the context is too long", "4096 → 8192", "1 change")
        asked.answer = "smol"
        await pilot.press("ctrl+u", *"6144")
        await shows(pilot, "4096 → 6144", "✖ Not recreated:")
        await pilot.press("ctrl+l")
        await shows(pilot, "Recreate smol")
        await pilot.press("y")
        await shows(pilot, "Log · smol", "runs again and answers", seconds=20)
        await pilot.press("right_square_bracket")
        text = await shows(pilot, "as it runs now", "6144")
        assert "→" not in text and "Not recreated" not in text
        assert lengths(world)[0] == "8192" and lengths(world)[-1] == "6144"


async def test_what_was_called_off_stands_there_too(tmp_path: Path) -> None:
    asked = Asked()
    asked.answer = NotYetError("Nobody answers")
    world = world_of(tmp_path, asked)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8192")
        await shows(pilot, "Recreate smol")
        await pilot.press("y")
        await shows(pilot, "Log · smol", seconds=20)
        await pilot.press("escape", "u")
        await shows(pilot, "last change failed", "was cancelled", seconds=20)
        await pilot.press("right_square_bracket")
        await shows(pilot, "✖ Not recreated:", "was cancelled", "4096 → 8192")


async def test_who_takes_a_failed_edit_back_is_not_given_it_again(tmp_path: Path) -> None:
    world = world_of(tmp_path, Asked())
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8192")
        await shows(pilot, "Recreate smol")
        await fail_and_return(pilot)
        await pilot.press("ctrl+z")
        text = await shows(pilot, "as it runs now")
        assert "Not recreated" not in text
        world.serve("other", 8124)
        await shows(pilot, "other")
        await pilot.press("f8", "f8")
        text = await shows(pilot, "Parameters · smol", "as it runs now")
        assert "8192" not in text.split("Parameters · smol")[1]


async def test_who_replaces_the_container_after_a_failure_keeps_what_he_made(tmp_path: Path) -> None:
    world = world_of(tmp_path, Asked())
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8192")
        await shows(pilot, "Recreate smol")
        await fail_and_return(pilot)
        await world.engine.remove("smol", force=True)
        world.engine.add("smol", "vllm/vllm-openai:v9", (*SERVER[:3], "--max-model-len", "7777"), port=8123)
        text = await shows(pilot, "Parameters · smol", "v9", "7777", "as it runs now")
        assert "Not recreated" not in text and "last change failed" not in text and "8192" not in text


async def test_what_came_about_is_not_brought_back_by_a_later_failure(tmp_path: Path) -> None:
    asked = Asked()
    asked.answer = "smol"
    world = world_of(tmp_path, asked)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8192")
        await shows(pilot, "Recreate smol")
        await pilot.press("y")
        await shows(pilot, "runs again and answers", seconds=20)
        await pilot.press("escape", "u")
        await shows(pilot, "Bring back what smol was")
        await pilot.press("y")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda text: "as it runs now" in text and "4096" in text, "the old one is back", 20)
        world.services.fleet.mishap(("local", "smol"), "the port is held")
        text = await shows(pilot, "last change failed: the port is held", "as it runs now")
        assert "Not recreated" not in text and "→ 8192" not in text


async def test_more_than_the_model_has_is_refused_with_the_number_that_fits(tmp_path: Path) -> None:
    model = tmp_path / "models/m"
    model.mkdir(parents=True)
    (model / "config.json").write_text(json.dumps({"max_position_embeddings": 6000}))
    asked = Asked()
    asked.answer = "smol"
    world = world_of(tmp_path, asked, Binds=[f"{model.parent}:/models:ro"])
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await edit_length(pilot, "8k")
        await shows(pilot, "Not recreated yet", "8000 tokens are more than the model's own 6000", "ctrl+t takes it")
        await pilot.press("ctrl+t")
        await shows(pilot, "4096 → 6000")
        await pilot.press("ctrl+l")
        await shows(pilot, "Recreate smol", "4096 → 6000")
        assert not lengths(world)
