"""Recreating a real vLLM server: other settings are proven by a token, settings that fail are taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.tui.services.recreate_scene import failure, scene, steps
from tests.tui.services.vllm_rooms import MODEL, models_folder
from tui.services.answer import one_token
from tui.services.answer_target import target
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError
from tui.services.host import Host

pytestmark = [pytest.mark.docker, pytest.mark.vllm]
IMAGE = os.environ.get("LLMTUI_TEST_IMAGE", "vllm/vllm-openai:v0.32.0")
NAME = "g-vllm-test"
PORT = "8790"


@pytest.fixture
def server(docker_client: Any, docker_engine: DockerEngine) -> Iterator[DockerEngine]:
    """The engine, where the image and the model are there; cleared afterwards."""
    if not docker_client.images(IMAGE):
        pytest.skip(f"the image {IMAGE} is not on this machine")
    yield docker_engine
    for row in docker_client.containers(all=True):
        if any(one.lstrip("/").startswith(NAME) for one in row["Names"]):
            remove_quietly(docker_client, row["Id"])


@pytest.fixture
def models(docker_client: Any) -> Path:
    return models_folder(docker_client)


def body(models: Path, length: int) -> dict[str, Any]:
    """A server as somebody would start it by hand."""
    ports = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": PORT}]}
    return {
        "Image": IMAGE,
        "Cmd": [f"/models/{MODEL}", "--served-model-name", "tiny", "--max-model-len", str(length)],
        "ExposedPorts": {"8000/tcp": {}},
        "HostConfig": {"PortBindings": ports, "IpcMode": "host", "Binds": [f"{models}:/models:ro"]},
    }


async def test_a_changed_context_length_is_proven_and_an_impossible_one_is_taken_back(
    server: DockerEngine, models: Path, tmp_path: Path
) -> None:
    await server.start(await server.create(NAME, body(models, 1024)))
    recreator = scene(server, tmp_path, one_token, limit=240)
    plan = await recreator.plan(NAME, lambda old: {**old, "Cmd": body(models, 512)["Cmd"]})
    assert [(change.field, change.old, change.new) for change in plan.changes] == [("--max-model-len", "1024", "512")]
    said = await steps(recreator.recreate(plan))
    assert any("loading the weights" in step.text or "KV cache" in step.text for step in said), said
    assert said[-2].text == "tiny answers"
    good = await server.inspect(NAME)

    impossible = await recreator.plan(NAME, lambda old: {**old, "Cmd": body(models, 65536)["Cmd"]})
    error = await failure(recreator.recreate(impossible))
    assert "65536" in error.detail
    assert "max_model_len" in error.detail
    assert error.mend == f"The old {NAME} runs again."
    back = await server.inspect(NAME)
    assert back["Id"] == good["Id"]
    assert back["State"]["Running"]


async def test_a_server_under_another_name_is_no_proof(server: DockerEngine) -> None:
    rows = [row for row in await server.containers() if row.state == "running" and "vllm" in row.command]
    host = Host("local", "local", server)
    asked = [target(host, await server.inspect(row.id), native=True) for row in rows]
    url = next((one.url for one in asked if one is not None and one.url), None)
    if url is None:
        pytest.skip("no vLLM server runs here")
    with pytest.raises(ServiceError, match="Another model answers"):
        await one_token(url, "some-other-model", timeout=30)
