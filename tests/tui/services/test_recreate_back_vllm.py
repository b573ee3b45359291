"""Two recreates of a real vLLM server, and two steps back and one forward: it answers each time with its context length."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.tui.services.recreate_scene import scene, steps
from tests.tui.services.vllm_rooms import models_folder
from tui.services.answer import one_token
from tui.services.docker_engine import DockerEngine
from tui.services.recreate import Recreator
from tui.services.timeline import Way

pytestmark = [pytest.mark.docker, pytest.mark.vllm]
IMAGE = os.environ.get("LLMTUI_TEST_IMAGE", "vllm/vllm-openai:v0.32.0")
NAME = "g-vllm-steps"
PORT = "8792"


@pytest.fixture
def engine(docker_client: Any, docker_engine: DockerEngine) -> Iterator[DockerEngine]:
    """The engine, where the image and the small model are there; cleared afterwards."""
    if not docker_client.images(IMAGE):
        pytest.skip(f"the image {IMAGE} is not on this machine")
    if not (models_folder(docker_client) / "tiny-qwen3").is_dir():
        pytest.skip("there is no tiny-qwen3")
    yield docker_engine
    for row in docker_client.containers(all=True):
        if any(one.lstrip("/").startswith(NAME) for one in row["Names"]):
            remove_quietly(docker_client, row["Id"])


def command(length: int) -> list[str]:
    """What it serves."""
    return ["/models/tiny-qwen3", "--served-model-name", "tiny", "--max-model-len", str(length)]


def body(models: Path) -> dict[str, Any]:
    """A server as somebody would start it by hand."""
    ports = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": PORT}]}
    host = {"PortBindings": ports, "IpcMode": "host", "Binds": [f"{models}:/models:ro"]}
    return {"Image": IMAGE, "Cmd": command(256), "ExposedPorts": {"8000/tcp": {}}, "HostConfig": host}


def length() -> int:
    """The context length of the server that answers; 0 while none does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/v1/models", timeout=10) as answer:
            return int(json.load(answer)["data"][0]["max_model_len"])
    except (OSError, http.client.HTTPException):
        return 0


async def step(recreator: Recreator, way: Way) -> int:
    """Go one step and wait for an answer; the context length then."""
    back = await recreator.step(NAME, way)
    assert back is not None
    if back.plan is not None:
        await steps(recreator.recreate(back.plan))
    else:
        await recreator.undo(NAME, way)
    async with asyncio.timeout(240):
        while not (found := await asyncio.to_thread(length)):
            await asyncio.sleep(0.5)
    return found


async def test_two_steps_back_and_one_forward_answer_each_time(
    engine: DockerEngine, docker_client: Any, tmp_path: Path
) -> None:
    await engine.start(await engine.create(NAME, body(models_folder(docker_client))))
    recreator = scene(engine, tmp_path, one_token, limit=240)
    for wanted in (320, 384):
        plan = await recreator.plan(NAME, lambda old, wanted=wanted: {**old, "Cmd": command(wanted)})
        await steps(recreator.recreate(plan))
        assert length() == wanted
    assert await step(recreator, "undo") == 320
    assert await step(recreator, "undo") == 256
    assert await step(recreator, "redo") == 320
