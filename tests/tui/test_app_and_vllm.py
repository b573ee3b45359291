"""The whole loop on a real vLLM, with the keys a user presses: launch, watch, chat, stop, change, recreate, remove."""

from __future__ import annotations

import asyncio
import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from profiles.profile import Profile
from profiles.store import ProfileStore
from tests.conftest import remove_quietly
from tests.world import app_over, shows, text_of, until
from tui.app import LlmTui
from tui.panes.chat import ChatPane
from tui.services.docker_engine import DockerEngine

pytestmark = [pytest.mark.docker, pytest.mark.vllm]

NAME = "llmtui-loop-test"
BOOT_SECONDS = 240


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def app(docker_client: Any, vllm_image: str, small_model: Path, port: int, tmp_path: Path) -> Iterator[LlmTui]:
    """The app, with a profile of the user's own for the small model on the CPU image."""
    flags = (("max-model-len", "4096"), ("max-num-seqs", "8"), ("kv-cache-memory-bytes", "1073741824"))
    profile = Profile(NAME, str(small_model), vllm_image, served_name="smol", port=port, gpus="none", flags=flags)
    ProfileStore(tmp_path / "profiles").save(profile)
    engine = DockerEngine()
    yield app_over(engine, tmp_path)
    engine.close()
    for row in docker_client.containers(all=True):
        if any(one.lstrip("/").startswith(NAME) for one in row["Names"]):
            remove_quietly(docker_client, row["Id"])


async def test_the_loop_from_launch_to_remove(app: LlmTui, port: int) -> None:
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await _launch(pilot)
        await _chat(pilot, port)
        await _recreate(pilot)
        await _stop_and_remove(pilot)


async def _launch(pilot: Pilot[None]) -> None:
    await shows(pilot, "Servers", "Chat", seconds=20)
    await pilot.press("n")
    await shows(pilot, f"from profile {NAME}", "--max-model-len 4096", "is free", seconds=20)
    await pilot.press("ctrl+l")
    await shows(pilot, NAME, "Start-up", seconds=30)
    phases = await _phases_until_ready(pilot)
    assert len(phases & {"config", "engine", "weights", "KV cache", "server"}) >= 2, phases


async def _phases_until_ready(pilot: Pilot[None]) -> set[str]:
    seen: set[str] = set()
    deadline = time.monotonic() + BOOT_SECONDS
    while "ready" not in seen:
        assert time.monotonic() < deadline, text_of(pilot.app)  # type: ignore[arg-type]
        seen.add(_row(text_of(pilot.app)).strip())  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        await pilot.pause()
    return {words.split(" ")[0] if words.endswith("%") else words for words in seen}


def _row(text: str) -> str:
    """The state beside the chosen server's name."""
    found = re.search(r"│▌\S+ llmtui-loop\S*\s+(.+?)\s+\d{4,5}\s", text)
    return found[1] if found else ""


async def _chat(pilot: Pilot[None], port: int) -> None:
    await pilot.press("escape", "c")
    await shows(pilot, "Write a message")
    await pilot.press(*"Say hello.", "enter")
    await until(pilot, lambda text: text.count(" tokens · ") == 1 and "answering" not in text, "an answer", 90)
    await pilot.press(*"用中文说你好", "enter")
    await until(pilot, lambda text: "用中文说你好" in text and text.count(" tokens · ") == 2, "a second answer", 90)
    await until(pilot, lambda text: "answering" not in text, "its end", 90)
    await pilot.press(*"Write a story of two thousand words.", "enter")
    await until(pilot, lambda text: "answering" in text, "a long answer", 30)
    pane = pilot.app.screen.query_one(ChatPane)
    await until(pilot, lambda _text: bool(pane.shown and pane.shown.messages[-1].text), "its first words", 60)
    await pilot.press("escape")
    await shows(pilot, "stopped")
    await _idle(port)


async def _idle(port: int) -> None:
    """The stopped answer no longer runs on the server."""
    deadline = time.monotonic() + 10
    while "num_requests_running{" not in (text := await asyncio.to_thread(_metrics, port)) or not _none_runs(text):
        assert time.monotonic() < deadline, "the server still works on the stopped answer"
        await asyncio.sleep(0.2)


def _metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def _none_runs(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.startswith("vllm:num_requests_running{")]
    return bool(lines) and all(float(line.rsplit(" ", 1)[1]) == 0 for line in lines)


async def _recreate(pilot: Pilot[None]) -> None:
    await pilot.press("escape", "e")
    await shows(pilot, "max-model-len", "4096", seconds=20)
    await pilot.press("slash")
    await shows(pilot, "type")
    await pilot.press(*"max-model-len", "enter", "ctrl+u", *["backspace"] * 4, *"2048")
    await shows(pilot, "4096 → 2048", "1 change")
    await pilot.press("ctrl+l")
    await shows(pilot, "Recreate", "way back")
    await pilot.press("y")
    await shows(pilot, "runs again and answers", seconds=BOOT_SECONDS)
    await shows(pilot, "ctx    2 048", "ready", seconds=30)


async def _stop_and_remove(pilot: Pilot[None]) -> None:
    await pilot.press("escape", "escape", "s")
    await shows(pilot, f"Stop {NAME}?")
    await pilot.press("y")
    await shows(pilot, "stopped", seconds=40)
    await pilot.press("d")
    await shows(pilot, f"Remove {NAME}?")
    await pilot.press("y")
    await until(pilot, lambda text: NAME not in text.replace(f"Remove {NAME}", ""), "it is gone", 30)
