"""A walk through the demo, by its keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.waiting import shown, until
from tests.world import World, shows
from tui.app import LlmTui
from tui.demo.engine import DemoEngine
from tui.demo.host import DemoServices
from tui.screens.launch import LaunchScreen
from tui.services.server import Server, State
from tui.settings import Settings
from widgets.dialog_recreate import RecreateDialog
from widgets.server_list import ServerList

PACE = 40.0
SLOW = 6.0
"""Slow enough to be seen while it boots."""


@asynccontextmanager
async def demo(pace: float = PACE) -> AsyncIterator[tuple[LlmTui, Pilot[None]]]:
    app = LlmTui(DemoServices(pace=pace), Settings())
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(lambda: len(app.fleet.servers) == 4)
        await shows(pilot, "qwen3-8b", "Write a message")
        yield app, pilot


def server(app: LlmTui, name: str) -> Server | None:
    return next((one for one in app.fleet.servers if one.name == name), None)


def state(app: LlmTui, name: str) -> State | None:
    found = server(app, name)
    return found.state if found else None


def serves(app: LlmTui, name: str) -> bool:
    return state(app, name) in {State.READY, State.BUSY}


async def go_to(app: LlmTui, pilot: Pilot[None], name: str) -> None:
    """Choose a server by its name."""
    await pilot.press("colon", *name, "enter")
    screen = app.screen
    await until(lambda: getattr(screen, "server", None) is not None and screen.server.name == name)  # type: ignore[attr-defined]
    async with asyncio.timeout(10):
        while not isinstance(app.focused, ServerList):  # the first escape in a log lets go of the marked line
            await pilot.press("escape")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home and a folder for temporary things in which every trace is found."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HF_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    yield tmp_path
    assert list(tmp_path.iterdir()) == [], "the demo left something behind"


async def test_four_servers_stand_there_and_the_top_line_says_demo() -> None:
    async with demo(SLOW) as (app, _pilot):
        await until(lambda: serves(app, "qwen3-8b"))
        assert "DEMO" in shown(app).splitlines()[0]
        assert state(app, "bge-m3") is State.STARTING
        assert state(app, "qwen3-4b-long") is State.FAILED
        assert state(app, "glm-4-9b") is State.STOPPED
        assert {one.name for one in app.fleet.others} == {"open-webui", "pgvector"}
        await until(lambda: serves(app, "bge-m3"))
        assert app.fleet.boots["demo", "bge-m3"].ready


@pytest.mark.parametrize(("question", "words"), [("Hello", "OpenAI(base_url="), ("你好", "人工智能")])
async def test_the_chat_answers_in_the_language_of_the_question(question: str, words: str) -> None:
    async with demo() as (app, pilot):
        await until(lambda: serves(app, "qwen3-8b"))
        await go_to(app, pilot, "qwen3-8b")
        await pilot.press("c", *question, "enter")
        text = await shows(pilot, words, "thought", "stop", "tok/s")
        assert "OpenAI" in text


async def test_the_failed_one_says_why_and_a_shorter_context_mends_it() -> None:
    async with demo() as (app, pilot):
        await until(lambda: state(app, "qwen3-4b-long") is State.FAILED)
        await go_to(app, pilot, "qwen3-4b-long")
        await pilot.press("l")
        await shows(pilot, "estimated maximum model length", "max seq len (131072)")
        await edit_length(app, pilot, "qwen3-4b-long", "32768")
        await until(lambda: state(app, "qwen3-4b-long") in {State.CREATED, State.STOPPED})
        await pilot.press("escape", "s")
        await until(lambda: serves(app, "qwen3-4b-long"))


async def test_a_recreate_is_proven_by_an_answer_and_can_be_undone() -> None:
    async with demo() as (app, pilot):
        await until(lambda: serves(app, "qwen3-8b"))
        await edit_length(app, pilot, "qwen3-8b", "8192")
        await until(lambda: length(app) == 8192)
        await until(lambda: bool(server(app, "qwen3-8b") and server(app, "qwen3-8b").kept))  # type: ignore[union-attr]
        await until(lambda: "qwen3-8b" not in app.screen.under_way)  # type: ignore[attr-defined]
        await go_to(app, pilot, "qwen3-8b")
        await pilot.press("u")
        await shows(pilot, "Bring back what qwen3-8b was")
        await pilot.press("y")
        await until(lambda: length(app) == 16384)


async def test_a_profile_is_launched_its_image_pulled_and_its_boot_seen() -> None:
    async with demo() as (app, pilot):
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, LaunchScreen))
        name = app.screen.profile.name  # type: ignore[attr-defined]
        await shows(pilot, "vllm-openai:latest is not on the")
        await pilot.press("ctrl+l")
        await until(lambda: not isinstance(app.screen, LaunchScreen))
        await until(lambda: serves(app, name))


async def test_servers_are_stopped_started_renamed_and_removed() -> None:
    async with demo() as (app, pilot):
        await go_to(app, pilot, "glm-4-9b")
        await pilot.press("s")
        await until(lambda: serves(app, "glm-4-9b"))
        await pilot.press("R")
        await shows(pilot, "glm-4-9b")
        await pilot.press("ctrl+u", *"glm", "enter")
        await until(lambda: serves(app, "glm"))
        await go_to(app, pilot, "glm")
        await pilot.press("d")
        await shows(pilot, "Remove glm")
        await pilot.press("y")
        await until(lambda: server(app, "glm") is None and len(app.fleet.servers) == 3)


async def test_d_shows_the_demo_where_there_is_no_engine_and_no_server(home: Path) -> None:
    world = World(home / "world")
    world.engine.dead = True
    app = LlmTui(world.services, Settings(), open_demo=lambda: DemoServices(pace=PACE))
    async with app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "D opens a demo")
        await pilot.press("D")
        await shows(pilot, "DEMO", "qwen3-8b", "glm-4-9b")
        assert world.engine.closed
        assert isinstance(app.services.host.engine, DemoEngine)
        await pilot.press("D")
        await asyncio.sleep(0)
        assert "opens a demo" not in shown(app)


async def test_where_there_is_a_server_no_demo_is_offered(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    world.serve("smol", 8000)
    app = LlmTui(world.services, Settings(), open_demo=lambda: DemoServices(pace=PACE))
    async with app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol", "Write a message")
        await pilot.press("D")
        await pilot.pause()
        assert app.services is world.services
        assert "Demo" not in shown(app).splitlines()[-1]


def length(app: LlmTui) -> int | None:
    found = server(app, "qwen3-8b")
    return found.context_length if found and serves(app, "qwen3-8b") else None


async def edit_length(app: LlmTui, pilot: Pilot[None], name: str, tokens: str) -> None:
    """Write another context length into the form, and recreate."""
    await go_to(app, pilot, name)
    await pilot.press("e")
    await shows(pilot, f"Parameters · {name}", "▌host")
    await pilot.press("ctrl+f")
    await shows(pilot, "Find a field or a flag", "type to filter")
    await pilot.press(*"max-m", "enter")
    await shows(pilot, "▌max-model-len")
    await pilot.press("ctrl+u", *tokens)
    await shows(pilot, f"→ {tokens}")
    await pilot.press("ctrl+l")
    await until(lambda: isinstance(app.screen, RecreateDialog))
    await pilot.press("y")
    await until(lambda: not isinstance(app.screen, RecreateDialog))
