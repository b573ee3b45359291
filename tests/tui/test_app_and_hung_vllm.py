"""The whole app beside real vLLM servers that stop working: a process whose engine is frozen, a pair that loses one half."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.vllm_rooms import MODEL, SMALL, Rooms, free_port, get, healthy, models_folder
from tests.world import shows, until
from tui.app import LlmTui
from tui.services.beside import Beside
from tui.services.docker_engine import DockerEngine
from tui.services.endpoints import Endpoints
from tui.services.engine import Engine
from tui.services.host import Host
from tui.services.native_proc import Proc
from tui.services.natives import Natives
from tui.services.probe import Probing
from tui.services.services import Places, Services
from tui.settings import Settings

pytestmark = [pytest.mark.docker, pytest.mark.vllm]

EVERY = 15.0
HUNG_SECONDS = EVERY + 15.0
"""Until a server whose engine stands still is known to hang, at most."""
SOON = 20.0
"""The same where somebody waits for an answer, and until it is ready again."""
BOOT = 300.0


def app_over(folder: Path, engine: Engine, proc: Proc | None = None) -> LlmTui:
    host = Host("local", "local", engine)
    places = Places(folder / "profiles", folder / "llmtui.db", folder / "journal")
    probing = Probing(EVERY)
    beside = Beside(Natives(proc) if proc else None, Endpoints((), folder / "settings.toml"), probing)
    services = Services("local", lambda: host, places, {}, open_probing=lambda: probing, open_beside=lambda: beside)
    return LlmTui(services, Settings())


class Family(Proc):
    """Shows one process and its descendants: others on this machine are none of the test's business."""

    first = 0

    def pids(self) -> list[int]:
        everyone = super().pids()
        parents = {pid: stat.parent for pid in everyone if (stat := self.stat(pid)) is not None}
        found = {self.first}
        for _generation in range(8):
            found |= {pid for pid, parent in parents.items() if parent in found}
        return [pid for pid in everyone if pid in found]


@pytest.fixture
def native(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A `vllm serve` of this machine, on a port that nobody guesses."""
    program = os.environ.get("LLMTUI_TEST_VLLM") or shutil.which("vllm")
    if program is None:
        pytest.skip("no program vllm: set LLMTUI_TEST_VLLM to that of an environment which has vLLM")
    model, port = models_folder() / MODEL, free_port()
    words = [program, "serve", str(model), "--served-model-name", "alone", "--host", "127.0.0.1", "--port", str(port)]
    quiet = {"VLLM_CPU_CI_ENV": "1", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "VLLM_NO_USAGE_STATS": "1"}
    with (tmp_path / "vllm.log").open("wb") as log:
        running = subprocess.Popen(
            [*words, *SMALL], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **quiet}
        )
    yield running, port
    running.terminate()
    try:
        running.wait(20)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait(10)


async def test_a_native_server_is_found_and_a_frozen_engine_is_seen(
    native: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    running, port = native
    proc = Family()
    proc.first = running.pid
    async with app_over(tmp_path, FakeEngine(), proc).run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda text: row(text, "alone") == ("ready", str(port)), "ready at its own port", BOOT)
        await pilot.press("c")
        await shows(pilot, "Write a message")
        await pilot.press(*"rain", "enter")
        await until(pilot, lambda text: " tokens · " in text and "answering" not in text, "an answer", 90)
        await pilot.press("escape", "l")
        await shows(pilot, "Log · alone", "POST /v1/chat/completions")
        (engine,) = [pid for pid in proc.pids() if proc.argv(pid)[:1] == ("VLLM::EngineCore",)]
        os.kill(engine, SIGSTOP)
        try:
            began = time.monotonic()
            await until(pilot, lambda text: (row(text, "alone") or ("",))[0] == "hung", "hung", HUNG_SECONDS)
            assert get(port, "/health")[0] == 200, "only its engine stands"
        finally:
            os.kill(engine, SIGCONT)
        print(f"hung after {time.monotonic() - began:.1f} s")
        await until(pilot, lambda text: (row(text, "alone") or ("",))[0] == "ready", "ready again", SOON)
        os.kill(engine, SIGSTOP)
        try:
            await pilot.press("escape", "c")
            await shows(pilot, "Write a message")
            await pilot.press(*"and snow", "enter")
            await shows(pilot, "alone is hung", seconds=SOON)
        finally:
            os.kill(engine, SIGCONT)
        await until(pilot, lambda text: (row(text, "alone") or ("",))[0] == "ready", "ready again", SOON)


@pytest.fixture
def rooms(docker_client: Any, vllm_image: str) -> Iterator[Rooms]:
    made = Rooms(docker_client, vllm_image, models_folder(docker_client))
    yield made
    made.close()


async def test_a_pair_that_loses_one_half_works_by_half_while_its_health_is_well(
    rooms: Rooms, docker_engine: DockerEngine, tmp_path: Path
) -> None:
    head, port = rooms.name(), free_port()
    together = ("-dp", "2", "-dpl", "1", "-dpa", head, "-dpp", "13345")
    rooms.start(head, *together, port=port)
    other = rooms.start(rooms.name(), *together, "-dpr", "1", "--headless")
    async with app_over(tmp_path, docker_engine).run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda text: (row(text, other) or ("",))[0] == "headless", "the other half is up", BOOT)
        await healthy(port)
        await until(pilot, lambda text: (row(text, head) or ("",))[0] == "ready", "the head is ready", 30)
        await asyncio.to_thread(rooms.client.kill, other)
        await until(pilot, lambda text: (row(text, other) or ("",))[0] == "killed", "who was killed is so called", 5)
        await until(pilot, lambda text: (row(text, head) or ("",))[0] == "half working", "half of it", HUNG_SECONDS)
        assert get(port, "/health")[0] == 200
        await pilot.press("colon", *head, "enter")
        await shows(pilot, "some of its engines work, some do not")


def row(text: str, name: str) -> tuple[str, str] | None:
    """State and port in a server's row; None while there is no such row."""
    found = re.search(rf"│[▌ ]\S+ {name}\s+(\S.*?)(?:\s+(\d{{4,5}}))?\s+\d+[smh]", text)
    return (found[1], found[2] or "") if found else None
