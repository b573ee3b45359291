"""Fixtures for tests that need a real engine; each skips with its reason where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.own_daemon import OwnDaemon, import_busybox, run_busybox, until
from tui.services.docker_context import resolve
from tui.services.docker_engine import DockerEngine


@pytest.fixture(scope="session")
def docker_client() -> Iterator[Any]:
    """docker-py's own client of the machine's engine."""
    import docker

    try:
        endpoint = resolve(None, None)
        client = docker.APIClient(endpoint.address, version="auto", timeout=20, tls=endpoint.tls or False)
    except Exception as error:
        pytest.skip(f"no Docker engine answers: {error}")
    yield client
    client.close()


@pytest.fixture
def docker_engine(docker_client: Any) -> Iterator[DockerEngine]:
    """The machine's engine through our own class."""
    engine = DockerEngine()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def busybox(docker_client: Any) -> str:
    """The name of an image with busybox on the machine's engine."""
    image = import_busybox(docker_client)
    if image is None:
        pytest.skip("Debian's busybox-static is not installed")
    return image


@pytest.fixture
def container(docker_client: Any, busybox: str) -> Iterator[Callable[..., str]]:
    """Run a busybox container on the machine's engine: `container(["sh", "-c", "…"], Tty=True)` gives its name."""
    names: list[str] = []

    def run(command: Sequence[str], **config: Any) -> str:
        names.append(f"llmtui-test-{uuid.uuid4().hex[:8]}")
        run_busybox(docker_client, names[-1], command, **config)
        return names[-1]

    yield run
    for name in names:
        remove_quietly(docker_client, name)


def remove_quietly(client: Any, name: str) -> None:
    """Remove a container that may be gone already."""
    from docker.errors import APIError

    try:
        client.remove_container(name, force=True)
    except APIError:
        return


@pytest.fixture(scope="session")
def _daemon_of_this_session() -> Iterator[OwnDaemon]:
    if os.geteuid() != 0:
        pytest.skip("starting a Docker daemon needs root")
    if shutil.which("dockerd") is None:
        pytest.skip("dockerd is not installed")
    daemon = OwnDaemon()
    try:
        daemon.start()
        image = import_busybox(daemon.client())
    except Exception as error:
        daemon.end()
        pytest.skip(f"a second Docker daemon does not start here: {error}")
    if image is None:
        daemon.end()
        pytest.skip("Debian's busybox-static is not installed")
    yield daemon
    daemon.end()


@pytest.fixture
def own_daemon(_daemon_of_this_session: OwnDaemon) -> OwnDaemon:
    """A second Docker daemon with a busybox image, to be killed, frozen and started again."""
    _daemon_of_this_session.ready()
    return _daemon_of_this_session


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry on 127.0.0.1 (Debian's docker-registry), as `127.0.0.1:PORT`."""
    command = shutil.which("docker-registry")
    if command is None:
        pytest.skip("docker-registry is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    folder = tmp_path_factory.mktemp("registry")
    config = folder / "config.yml"
    storage = f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}"
    config.write_text(f"version: 0.1\n{storage}\nhttp: {{addr: '{address}'}}\n")
    with Path(folder / "log").open("wb") as log:
        process = subprocess.Popen([command, "serve", str(config)], stdout=log, stderr=log)
    until(lambda: _serves(address), 10, "the registry's start")
    yield address
    process.terminate()
    process.wait(10)


def _serves(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/v2/", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        time.sleep(0.05)
        return False


@pytest.fixture
def vllm_image(docker_client: Any) -> str:
    """The vLLM image on the machine's engine: LLMTUI_TEST_IMAGE, else vllm/vllm-openai:latest."""
    name = os.environ.get("LLMTUI_TEST_IMAGE", "vllm/vllm-openai:latest")
    if not docker_client.images(name):
        pytest.skip(f"the image {name} is not on this machine")
    return name


@pytest.fixture
def small_model(docker_client: Any) -> Path:
    """The folder of SmolLM2-135M-Instruct, in LLMTUI_TEST_MODELS or in what some container has mounted at /models."""
    mounts = [mount for row in docker_client.containers(all=True) for mount in row["Mounts"]]
    seen = [mount["Source"] for mount in mounts if mount.get("Destination") == "/models" and mount.get("Source")]
    for folder in map(Path, filter(None, [os.environ.get("LLMTUI_TEST_MODELS"), *seen])):
        if (folder / "SmolLM2-135M-Instruct" / "config.json").exists():
            return folder / "SmolLM2-135M-Instruct"
    pytest.skip("no folder holds SmolLM2-135M-Instruct: set LLMTUI_TEST_MODELS")
