"""What one sees who has nothing yet: what is missing, how to get it, and the demo; whole, also on a small screen."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.world import World, shows, text_of, until
from tui.demo.host import DemoServices

SIZES = [(80, 24), (160, 45)]


def newcomer(folder: Path) -> World:
    world = World(folder)
    world.app._open_demo = DemoServices
    return world


def words_of(text: str) -> str:
    """What stands there as running words, whatever frames and line ends are between them."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_without_an_engine_and_a_server_it_says_what_is_missing_and_offers_the_demo(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    world = newcomer(tmp_path)
    world.engine.dead = True
    async with world.app.run_test(size=size) as pilot:
        await shows(pilot, "Docker does not answer", "connection refused", "Start Docker, then look again.")
        said = words_of(text_of(world.app))
        assert "one started with vllm serve shows up" in said and "A adds one by address" in said
        assert "D opens a demo: simulated servers, nothing" in said
        assert "D Demo" in said and "Other containers" not in said


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_with_an_empty_engine_it_says_how_to_begin(tmp_path: Path, size: tuple[int, int]) -> None:
    world = newcomer(tmp_path)
    async with world.app.run_test(size=size) as pilot:
        await shows(pilot, "There is no container here yet.", "D opens a demo", "D Demo")
        said = words_of(text_of(world.app))
        assert "n launches a model server." in said and "Other containers" not in said


async def test_the_strip_of_a_small_screen_is_low_again_as_soon_as_there_are_rows(tmp_path: Path) -> None:
    world = newcomer(tmp_path)
    world.engine.dead = True
    async with world.app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "D opens a demo")
        side = world.app.screen.query_one("#side")
        assert side.size.height > 6
        world.engine.dead = False
        world.serve("smol", 8123)
        world.services.fleet.nudge()
        await until(pilot, lambda text: "smol" in text and "demo" not in text, "the row")
        end = asyncio.get_running_loop().time() + 5
        while side.size.height > 6:
            assert asyncio.get_running_loop().time() < end, side.size
            await pilot.pause()


async def test_a_filter_that_hides_all_says_so_even_while_the_engine_is_away(tmp_path: Path) -> None:
    world = newcomer(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready")
        await pilot.press("slash", *"zzz", "enter")
        await shows(pilot, "No name holds zzz")
        world.engine.dead = True
        world.services.fleet.nudge()
        await until(pilot, lambda text: "✖ Docker does not answer" in text, "the trouble in the top line")
        assert "No name holds zzz" in text_of(world.app)
