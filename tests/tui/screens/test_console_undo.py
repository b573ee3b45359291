"""One key back, pressed again one more, one key forward: what the question says and what then runs."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.services.recreate_scene import steps
from tests.world import World, shows, until

SERVER = ("vllm", "serve", "/models/m", "--max-model-len", "1024")


async def world_of(folder: Path, *lengths: str) -> World:
    """A server that was recreated with one context length after the other, an API key among its variables."""
    world = World(folder)
    world.serve("smol", 8123)
    record = world.engine.record("smol")
    record["Config"].update(Cmd=[*SERVER[2:]], Entrypoint=[*SERVER[:2]], Env=["VLLM_API_KEY=geheim"])
    recreator = world.services.recreator
    for length in lengths:
        plan = await recreator.plan("smol", lambda body, length=length: {**body, "Cmd": [*body["Cmd"][:-1], length]})
        await steps(recreator.recreate(plan))
    return world


def length(world: World) -> str:
    """The context length that runs."""
    record = world.engine.record("smol")
    return str(record["Config"]["Cmd"][-1]) if record["State"]["Running"] else ""


async def step(pilot: Pilot[None], world: World, key: str, then: str) -> str:
    """Press the key, say yes, and wait for what runs then; give what the question said."""
    await until(pilot, lambda _text: "smol" in world.engine.names, "it is there")
    await pilot.press(key)
    asked = await shows(pilot, "Bring back what smol was", f"→ {then}")
    await pilot.press("y")
    await shows(pilot, "smol is what it was", seconds=20)
    assert length(world) == then
    world.app.clear_notifications()
    await until(pilot, lambda text: "is what it was" not in text, "the words are gone")
    return asked


async def test_u_pressed_twice_goes_back_twice_and_ctrl_y_goes_forward(tmp_path: Path) -> None:
    world = await world_of(tmp_path, "2048", "4096")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "u step back · ctrl+y forward · U drops it")
        asked = await step(pilot, world, "u", "2048")
        assert "until" in asked and "its own container is kept aside" in asked
        assert "1 step further back (u) · 1 step forward (ctrl+y)" in asked
        asked = await step(pilot, world, "u", "1024")
        assert "made again from its saved configuration" in asked
        assert "0 steps further back (u) · 2 steps forward (ctrl+y)" in asked
        await pilot.press("u")
        await shows(pilot, "Nothing is kept of smol")
        await step(pilot, world, "ctrl+y", "2048")
        asked = await step(pilot, world, "ctrl+y", "4096")
        assert "geheim" not in asked
        await pilot.press("ctrl+y")
        await shows(pilot, "nothing to go forward to")


async def test_a_step_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    world = await world_of(tmp_path, "2048")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "U drops it")
        await pilot.press("u")
        await shows(pilot, "Bring back what smol was before?")
        await pilot.press("enter")  # the focus starts on the answer that ends nothing
        await until(pilot, lambda text: "Bring back what" not in text, "the question is gone")
        assert length(world) == "2048"


async def test_dropping_what_is_kept_takes_the_saved_configurations_too(tmp_path: Path) -> None:
    world = await world_of(tmp_path, "2048", "4096")
    folder = tmp_path / "journal"
    assert any("geheim" in path.read_text() for path in folder.iterdir())
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "U drops it")
        await pilot.press("U")
        await shows(pilot, "Drop what smol was", "saved configurations", "values of their variables")
        await pilot.press("y")
        await until(pilot, lambda _text: not any(folder.iterdir()), "nothing is left")
        await until(pilot, lambda text: "u step back" not in text, "nothing is offered")
