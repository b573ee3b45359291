"""Both themes of our own can be read: every text at 4.5, the focus and the edges of fields at 3."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.contrast import PARTS, TEXT, Piece, contrast, is_line, pieces
from tests.tui.screens.launch_fakes import LaunchApp
from tests.tui.waiting import shown
from tests.tui.waiting import until as true
from tests.world import World, shows, until
from widgets.form_editors import FixedEditor
from widgets.theme import DARK, LIGHT

SIZE = (160, 45)
THEMES = pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
LOG = (
    b"INFO 11-24 07:06:12 [a.py:1] loading\nWARNING 11-24 07:06:13 [a.py:2] slow\nERROR 11-24 07:06:14 [a.py:3] no\n"
    b'DEBUG 11-24 07:06:14 [a.py:4] words\nTraceback (most recent call last):\n  File "a.py", line 1\nValueError: x\n'
)


def world_of(folder: Path) -> World:
    """One server in each state that can be made to stand still."""
    world = World(folder)
    world.serve("ready", 8123)
    world.engine.record("ready")["HostConfig"]["PortBindings"] = {"8000/tcp": [{"HostIp": "", "HostPort": "8123"}]}
    world.engine.add("starting", port=8124)
    world.engine.add("failed", state="exited", exit_code=1, port=8125)
    world.engine.add("stopped", state="exited", port=8126)
    world.engine.add("proxy", "nginx", ("nginx",))
    world.engine.feed("ready", LOG)
    return world


async def list_of_servers(pilot: Pilot[None]) -> None:
    await pilot.press("a", "j", "space", "k")
    await shows(pilot, "other containers", "1 marked", "no key")


async def filter_line(pilot: Pilot[None]) -> None:
    await pilot.press("slash", "r")
    await shows(pilot, "/r")


async def log_and_find(pilot: Pilot[None]) -> None:
    await pilot.press("l")
    await shows(pilot, "Log · ready", "loading", "ValueError")
    await pilot.press("slash", *"slow", "enter", "g", "m")
    await until(pilot, lambda text: "1 of 1" in text or "1/1" in text, "it is found")


async def failed_log(pilot: Pilot[None]) -> None:
    await pilot.press("j", "j", "l")
    await shows(pilot, "Log · failed")


async def changed_parameters(pilot: Pilot[None]) -> None:
    await pilot.press("x")
    await shows(pilot, "0.0.0.0:8123 → 127.0.0.1:8123")


async def recreate_dialog(pilot: Pilot[None]) -> None:
    await changed_parameters(pilot)
    await pilot.press("ctrl+l")
    await shows(pilot, "way back")


async def stop_dialog(pilot: Pilot[None]) -> None:
    await pilot.press("d")
    await shows(pilot, "Remove ready?")


async def chat(pilot: Pilot[None]) -> None:
    await pilot.press("c", *"hello")
    await shows(pilot, "hello")


async def chat_settings(pilot: Pilot[None]) -> None:
    await pilot.press("c", "ctrl+g")
    await until(pilot, lambda text: "temperature" in text.lower(), "the settings")


async def help_panel(pilot: Pilot[None]) -> None:
    await pilot.press("f1")
    await shows(pilot, "Keys that work here")


async def palette(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+p", *"st")
    await shows(pilot, "Stop")


async def places(pilot: Pilot[None]) -> None:
    await pilot.press("colon")
    await shows(pilot, "Parameters", "failed")


async def toast(pilot: Pilot[None]) -> None:
    for level in ("information", "warning", "error"):
        pilot.app.notify("words", title=f"said {level}", severity=level, markup=False)  # type: ignore[arg-type]
    await shows(pilot, "said information", "said warning", "said error")


SCENES = (
    list_of_servers, filter_line, log_and_find, failed_log, changed_parameters, recreate_dialog, stop_dialog, chat,
    chat_settings, help_panel, palette, places, toast,
)  # fmt: skip


@THEMES
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_every_text_of_the_console_can_be_read(
    tmp_path: Path, theme: str, scene: Callable[[Pilot[None]], Awaitable[None]]
) -> None:
    world = world_of(tmp_path)
    world.app.theme = theme
    async with world.app.run_test(size=SIZE, notifications=True) as pilot:
        await shows(pilot, "failed", "stopped", "no key", "Write a message")
        await scene(pilot)
        await pilot.pause()
        assert not (faint := unread(world.app)), "\n".join(faint)


def unread(app: App[None]) -> list[str]:
    return sorted({str(piece) for piece in pieces(app) if not is_line(piece.text) and piece.contrast < TEXT})


@THEMES
async def test_every_text_of_the_launch_screen_can_be_read_and_fields_have_edges(tmp_path: Path, theme: str) -> None:
    app = LaunchApp(tmp_path)
    for ours in (DARK, LIGHT):
        app.register_theme(ours)
    app.theme = theme
    async with app.run_test(size=SIZE) as pilot:
        await true(lambda: app.launcher.looks and "docker run" in shown(app))
        await pilot.press("ctrl+f", *"max-model-len", "enter", "ctrl+u", *"x")
        await pilot.pause()
        assert not (faint := unread(app)), "\n".join(faint)
        fields = app.screen.query(".form-editor").results()
        blurred = [str(one) for one in fields if not isinstance(one, FixedEditor) and edge(app, one) < PARTS]
        assert not blurred


@THEMES
async def test_the_border_of_the_focus_stands_out(tmp_path: Path, theme: str) -> None:
    world = world_of(tmp_path)
    world.app.theme = theme
    async with world.app.run_test(size=SIZE) as pilot:
        await shows(pilot, "ready", "Write a message")
        for key, panel in (("k", "ServersPane"), ("l", "LogBox"), ("c", "Prompt"), ("e", "ParametersPane")):
            await pilot.press("escape", key)
            await true(lambda name=panel: bool(world.app.screen.query(f"{name}:focus-within, {name}:focus")))
            box = world.app.screen.query(f"{panel}:focus-within, {panel}:focus").first()
            corner = at(world.app, box.region.x, box.region.bottom - 1)
            assert corner.text[0] in "╰└┗", corner
            assert corner.contrast >= PARTS, corner


def edge(app: App[None], field: Widget) -> float:
    """How well a field's left edge stands out, both from the field and from what lies beside it."""
    here, beside, inside = (at(app, field.region.x + step, field.region.y) for step in (0, -1, field.region.width - 1))
    assert here.text[0] == "▏", here
    return min(contrast(here.front, here.back), contrast(here.front, beside.back), contrast(here.front, inside.back))


def at(app: App[None], x: int, y: int) -> Piece:
    """Give what stands in a cell."""
    return next(one for one in pieces(app) if one.y == y and one.x <= x < one.x + cell_len(one.text))
