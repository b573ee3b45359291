"""The estimate before a launch against what a real vLLM server then prints."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from profiles.fit.estimate import estimate
from profiles.fit.flags import settings
from profiles.fit.printed import Printed, read
from profiles.profile import Profile
from tests.conftest import remove_quietly
from tests.tui.services.vllm_rooms import MODEL, models_folder
from tui.services.fit_card import ram
from tui.services.models_on_disk_weights import facts

pytestmark = [pytest.mark.docker, pytest.mark.vllm]
IMAGE = os.environ.get("LLMTUI_TEST_IMAGE", "vllm/vllm-openai:v0.32.0")
NAME = "llmtui-test-fit"
PROFILE = Profile(
    NAME,
    MODEL,
    image=IMAGE,
    gpus="none",
    flags=(("max-model-len", "1000"), ("kv-cache-memory-bytes", "300M"), ("block-size", "64")),
)


@pytest.fixture
def models(docker_client: Any) -> Iterator[Path]:
    if not docker_client.images(IMAGE):
        pytest.skip(f"the image {IMAGE} is not on this machine")
    yield models_folder(docker_client)
    remove_quietly(docker_client, NAME)


def printed(client: Any, models: Path) -> Printed:
    """Start the profile's server and read what it prints until its cache is made."""
    remove_quietly(client, NAME)
    command = [f"/models/{MODEL}", *(word for name, value in PROFILE.flags for word in (f"--{name}", str(value)))]
    host = client.create_host_config(binds=[f"{models}:/models:ro"], ipc_mode="host")
    client.start(client.create_container(IMAGE, command, name=NAME, host_config=host))
    deadline = time.monotonic() + 150
    for chunk in client.logs(NAME, stream=True, follow=True):
        if b"KV cache size" in chunk or time.monotonic() > deadline:
            break
    return read(client.logs(NAME).decode("utf-8", "replace").splitlines())


def test_the_tokens_are_those_that_the_server_prints(docker_client: Any, models: Path) -> None:
    expected = estimate(facts(models / MODEL), settings(PROFILE), replace(ram(), free_gib=None))
    said = printed(docker_client, models)
    assert said.kv_tokens == expected.kv_tokens
    assert said.concurrency == pytest.approx(expected.concurrency, abs=0.01)
    assert said.kv_gib == pytest.approx(expected.kv_gib, abs=0.01)
