"""The whole app while its daemon dies, hangs and comes back."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.own_daemon import OwnDaemon
from tests.world import app_over, shows, until
from tui.app import LlmTui
from tui.services.docker_engine import DockerEngine

pytestmark = pytest.mark.docker

TICKING = ["sh", "-c", "i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.2; done"]


@pytest.fixture
def app(own_daemon: OwnDaemon, tmp_path: Path) -> Iterator[LlmTui]:
    engine = DockerEngine(own_daemon.address)
    yield app_over(engine, tmp_path)
    engine.close()


async def test_a_daemon_killed_under_a_log_is_told_in_a_sentence_and_the_log_goes_on_afterwards(
    app: LlmTui, own_daemon: OwnDaemon
) -> None:
    own_daemon.run("ticker", TICKING)
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ticker", "running")
        await pilot.press("l")
        await shows(pilot, "tick 3")
        await asyncio.to_thread(own_daemon.kill)
        await shows(pilot, "as last seen", seconds=20)
        await asyncio.to_thread(own_daemon.start)
        # A daemon without live-restore ends what ran under it: the row must say so, not what was true before.
        await until(pilot, lambda text: "as last seen" not in text, "the engine answers again", 40)
        await asyncio.to_thread(own_daemon.client().restart, "ticker", 0)
        await until(pilot, _ticks_anew, "the log goes on", 40)
        await shows(pilot, "running", seconds=20)


async def test_a_hanging_daemon_freezes_nothing(app: LlmTui, own_daemon: OwnDaemon) -> None:
    own_daemon.run("ticker", TICKING)
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ticker", "running")
        own_daemon.freeze()
        try:
            began = time.monotonic()
            await pilot.press("question_mark")
            await shows(pilot, "Keys that work here", seconds=2)
            await pilot.press("escape", "r", "y")
            assert time.monotonic() - began < 5
            await until(pilot, lambda text: "as last seen" in text or "does not answer" in text, "it is told", 30)
        finally:
            own_daemon.thaw()
        await until(pilot, lambda text: "as last seen" not in text, "it heals", 40)


def _ticks_anew(text: str) -> bool:
    return re.search(r"tick \d", text.partition("── started again")[2]) is not None
