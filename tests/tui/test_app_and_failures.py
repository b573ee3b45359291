"""The whole app over a real engine, in front of containers that fail as vLLM does."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.own_daemon import BUSYBOX, run_busybox
from tests.world import app_over, shows, until
from tui.app import LlmTui
from tui.services.docker_engine import DockerEngine

pytestmark = pytest.mark.docker

LOG = Path("tests/data/fail-kv-cache.log")
TITLE = "The KV cache is smaller than one request"
NAME, LOOP = "llmtui-test-bad", "llmtui-test-loop"
SCRIPT = "while [ ! -e /there/go ]; do sleep 0.05; done; cat /log; exit 1"


@pytest.fixture
def app(docker_engine: DockerEngine, tmp_path: Path) -> Iterator[LlmTui]:
    yield app_over(docker_engine, tmp_path)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """The recorded log, without the engine's stamps, where a container can read it."""
    path = tmp_path / "log"
    path.write_bytes(b"".join(line.partition(b" ")[2] for line in LOG.read_bytes().splitlines(keepends=True)))
    return path


def run(client: Any, name: str, log: Path, script: str, **host: Any) -> None:
    """Start a container whose `vllm` is a script."""
    program = log.with_name("vllm")
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    run_busybox(
        client,
        name,
        ["vllm", "serve", "/models/m", "--max-model-len", "8192"],
        HostConfig={"Binds": [f"{log.parent}:/there:ro", f"{log}:/log:ro", f"{program}:/bin/vllm:ro"], **host},
    )


async def test_the_card_is_there_two_seconds_after_the_exit(
    app: LlmTui, docker_client: Any, busybox: str, recorded: Path
) -> None:
    assert busybox == BUSYBOX
    try:
        run(docker_client, NAME, recorded, SCRIPT)
        async with app.run_test(size=(160, 45)) as pilot:
            await shows(pilot, NAME, seconds=20)
            await pilot.press("slash", *NAME, "enter", "l")
            await shows(pilot, f"Log · {NAME}")
            recorded.with_name("go").touch()
            await until(pilot, lambda text: _ended(docker_client, NAME), "it has ended", 20)
            began = time.monotonic()
            await shows(pilot, "Did not start", TITLE, "fixes")
            assert time.monotonic() - began < 2.0
    finally:
        remove_quietly(docker_client, NAME)


async def test_a_restart_policy_that_starts_it_for_ever_is_named_and_stopped(
    app: LlmTui, docker_client: Any, busybox: str, recorded: Path
) -> None:
    try:
        run(docker_client, LOOP, recorded, "cat /log; exit 1", RestartPolicy={"Name": "always"})
        async with app.run_test(size=(160, 45)) as pilot:
            await shows(pilot, LOOP, seconds=20)
            await pilot.press("slash", *LOOP, "enter")
            await shows(pilot, "crash loop", "s stops it", TITLE, seconds=30)
            await pilot.press("s")
            await shows(pilot, f"Stop {LOOP}?")
            await pilot.press("y")
            await until(pilot, lambda text: _ended(docker_client, LOOP), "it is stopped", 30)
    finally:
        remove_quietly(docker_client, LOOP)


def _ended(client: Any, name: str) -> bool:
    with contextlib.suppress(Exception):
        return client.inspect_container(name)["State"]["Status"] == "exited"
    return False
