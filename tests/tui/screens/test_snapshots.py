"""One picture a screen at two sizes: a change of look is a change somebody meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown
from tests.tui.waiting import until as true
from tests.world import World, shows, until

SIZES = pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=["160x45", "80x24"])
Compare = Callable[..., bool]


@SIZES
def test_console(snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setattr("tui.host_line._kind", lambda product: "Linux")
    monkeypatch.setattr("tui.panes.server_words.age", lambda now, since: "3m" if since else "")
    world = World(tmp_path)
    world.serve("qwen3-8b", 8123, "qwen3-8b")
    world.engine.add("qwen3-4b-long", state="exited", exit_code=1, port=8124)
    world.engine.add("glm-4-9b", state="created", port=8125)

    async def settled(pilot: Pilot[None]) -> None:
        await shows(pilot, "ready", "failed", "created", "temp 0.7")
        await until(pilot, lambda text: "Nothing said yet" in text, "the chat")

    assert snap_compare(world.app, terminal_size=size, run_before=settled)


@SIZES
def test_launch(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = LaunchApp(tmp_path)

    async def settled(pilot: Pilot[None]) -> None:
        await true(lambda: app.launcher.looks and "Will it fit?" in shown(app) and "Port is free" in shown(app))
        await pilot.pause(0.5)

    assert snap_compare(app, terminal_size=size, run_before=settled)
