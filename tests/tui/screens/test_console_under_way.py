"""What is under way hinders other changes and quitting, and what nobody foresaw is told."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from tests.world import World, shows, until
from tui.screens.under_way import QuitDialog, UnderWay, quit_question
from tui.services.recreate_back import Back
from tui.services.timeline import Version, Way


async def test_an_undo_hinders_a_stop_and_quitting_asks_once_however_often_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, go_on = World(tmp_path), asyncio.Event()
    world.serve("smol", 8123)
    world.engine.add("smol-llmtui-old", state="exited")

    async def step(name: str, way: Way) -> Back:
        return Back(name, way, Version("1"), (), 0, 1)

    async def undo(name: str, way: Way) -> str:
        await go_on.wait()
        return f"The old {name} runs again."

    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        monkeypatch.setattr(world.services.recreator, "step", step)
        monkeypatch.setattr(world.services.recreator, "undo", undo)
        await shows(pilot, "ready", "U drops it")
        await pilot.press("u")
        await shows(pilot, "Bring back what smol was")
        await pilot.press("y")
        await until(pilot, lambda _text: "smol" in world.app.screen.under_way, "the undo")  # type: ignore[attr-defined]
        await pilot.press("s")
        await shows(pilot, "smol is being changed right now; wait until it is done")
        await pilot.press("ctrl+q")
        await shows(pilot, "Quit while smol is being brought back?")
        await pilot.press("n")
        await until(pilot, lambda text: "Quit while" not in text, "it goes on")
        await pilot.press("ctrl+q")
        await shows(pilot, "Quit while smol")
        assert sum(isinstance(screen, QuitDialog) for screen in world.app.screen_stack) == 1
        await pilot.press("ctrl+q")
        await until(pilot, lambda _text: world.app._exit, "the end")
        go_on.set()


async def test_what_nobody_foresaw_is_told_and_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)

    async def remove(container: str, force: bool = False, volumes: bool = False) -> None:
        raise RuntimeError("Bearer sk-" + "hidden")

    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        monkeypatch.setattr(world.engine, "remove", remove)
        await shows(pilot, "ready")
        with caplog.at_level(logging.ERROR, "llmtui"):
            await pilot.press("d")
            await shows(pilot, "Remove smol?")
            await pilot.press("y")
            text = await shows(pilot, "llmtui failed at: remove smol", "RuntimeError")
        assert "in remove" in caplog.text
        assert "sk-hidden" not in caplog.text + text


def test_a_launch_is_asked_about_in_its_own_words() -> None:
    title, body = words({"fresh": UnderWay("launch")})
    assert title == "Quit while fresh is being launched?"
    assert "download" in body and "next start" not in body


def test_several_changes_are_asked_about_together() -> None:
    title, body = words({"fresh": UnderWay("launch"), "smol": UnderWay("recreate")})
    assert title == "Quit while fresh, smol are being changed?"
    assert "download" in body and "next start" in body


def words(under_way: dict[str, UnderWay]) -> tuple[str, str]:
    """The title and the body of the question."""
    dialog = quit_question(under_way)
    return dialog.heading, " ".join(line.text.plain for line in dialog._body)
