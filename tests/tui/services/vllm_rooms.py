"""Real vLLM servers for tests: containers on a network of their own, asked and driven from outside."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly

MODEL = "tiny-qwen3"
BOOT_SECONDS = 300.0
SMALL = ("--max-model-len", "2048", "--kv-cache-memory-bytes", "268435456", "--enforce-eager")


def models_folder(client: Any | None = None) -> Path:
    """The folder of models: LLMTUI_TEST_MODELS, else what some container has mounted at /models; skips where there is none."""
    rows = client.containers(all=True) if client is not None else ()
    mounts = [mount for row in rows for mount in row["Mounts"]]
    seen = [mount["Source"] for mount in mounts if mount.get("Destination") == "/models" and mount.get("Source")]
    for folder in map(Path, filter(None, [os.environ.get("LLMTUI_TEST_MODELS"), *seen])):
        if (folder / MODEL / "config.json").exists():
            return folder
    pytest.skip(f"no folder with the model {MODEL}: set LLMTUI_TEST_MODELS")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rooms:
    """Containers with real servers, removed together.

    Args:
        client: docker-py's client.
        image: The vLLM image.
        models: The folder that holds the model.
    """

    def __init__(self, client: Any, image: str, models: Path) -> None:
        self.client = client
        self._image = image
        self._models = models
        self._network = f"llmtui-test-{uuid.uuid4().hex[:6]}"
        client.create_network(self._network)
        self.names: list[str] = []

    def name(self) -> str:
        """Think of a name that the list shows whole."""
        return f"room-{uuid.uuid4().hex[:5]}"

    def start(self, name: str, *arguments: str, port: int | None = None) -> str:
        """Run a server; `port` publishes it on this machine."""
        host: dict[str, Any] = {"NetworkMode": self._network, "ShmSize": 1 << 29}
        host["Binds"] = [f"{self._models}:/models:ro"]
        if port is not None:
            host["PortBindings"] = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
        body = {
            "Image": self._image,
            "Cmd": [f"/models/{MODEL}", "--served-model-name", "tiny", *SMALL, *arguments],
            "Env": ["OMP_NUM_THREADS=1", "HF_HUB_OFFLINE=1", "VLLM_CPU_OMP_THREADS_BIND=nobind"],
            "ExposedPorts": {"8000/tcp": {}},
            "HostConfig": host,
        }
        answer = self.client._post_json(self.client._url("/containers/create"), body, params={"name": name})
        self.client._raise_for_status(answer)
        self.names.append(name)
        self.client.start(name)
        return name

    def close(self) -> None:
        """Remove everything."""
        for name in self.names:
            remove_quietly(self.client, name)
        self.client.remove_network(self._network)


def get(port: int, path: str) -> tuple[int, str]:
    """Ask for a page; (0, "") where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status), str(answer.read().decode())
    except OSError:
        return 0, ""


def complete(port: int, prompt: str, tokens: int) -> None:
    """Have an answer of so many tokens written."""
    body = {"model": "tiny", "prompt": prompt, "max_tokens": tokens, "ignore_eos": True, "temperature": 0}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/completions", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 200


async def healthy(port: int) -> None:
    """Wait until a server has booted."""
    end = time.monotonic() + BOOT_SECONDS
    while (await asyncio.to_thread(get, port, "/health"))[0] != 200:
        assert time.monotonic() < end, "it never became healthy"
        await asyncio.sleep(0.5)
