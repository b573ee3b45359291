"""The console, driven by its keys."""

from __future__ import annotations

from pathlib import Path

from tests.world import World, shows


async def test_enter_goes_to_the_prompt_of_the_chosen_server(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol", "ready")
        await pilot.press("enter")
        await pilot.press("h", "e", "l")
        await shows(pilot, "hel")
