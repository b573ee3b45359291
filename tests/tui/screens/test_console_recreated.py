"""What one sees of a recreate: its log as it boots, what is kept of the old one, and how that is let go."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.world import World, shows, until
from tui.screens.console_work import WorkArea


async def confirmed(pilot: Pilot[None]) -> str:
    """Change the context length and confirm the recreate; give what the question said."""
    await shows(pilot, "ready")
    await pilot.press("e")
    await shows(pilot, "max-model-len", "127.0.0.1:8123")
    await pilot.press("slash", *"max-model-len", "enter", *"2048", "ctrl+l")
    asked = await shows(pilot, "way back")
    await pilot.press("y")
    await until(pilot, lambda text: "way back" not in text, "it begins")
    return asked


async def test_a_recreated_server_shows_its_log_and_says_what_is_kept_of_the_old_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        asked = await confirmed(pilot)
        assert "cut off" not in asked  # no request runs
        await until(pilot, lambda _text: world.app.screen.query_one(WorkArea).tab == "logs", "the log is shown", 20)
        await shows(pilot, "smol-llmtui-old", "until the next recreate")
        await shows(pilot, "u step back · ctrl+y forward · U drops it")


async def test_the_old_one_is_dropped_after_a_question(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    world.engine.add("smol-llmtui-old", state="exited")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "U drops it")
        await pilot.press("U")
        await shows(pilot, "Drop what smol was before its last recreate?", "Drop the old one")
        await pilot.press("escape")
        await until(pilot, lambda text: "Drop what smol" not in text, "it is kept")
        assert "smol-llmtui-old" in world.engine.names
        await pilot.press("U")
        await shows(pilot, "Drop the old one")
        await pilot.press("y")
        await until(pilot, lambda _text: world.engine.names == ["smol"], "it is gone")
        await until(pilot, lambda text: "U drops it" not in text, "nothing is said of it any more")


async def test_where_nothing_is_kept_nothing_is_offered_to_be_dropped(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ready")
        await pilot.press("U")
        await pilot.pause()
        assert "Drop what" not in await shows(pilot, "ready")
