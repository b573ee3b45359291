"""Pulling from a registry on this machine: progress, refusals, cancelling, breaking off."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.own_daemon import run_busybox, until
from tui.services.docker_context import Endpoint
from tui.services.docker_engine import DockerEngine
from tui.services.docker_sources import PullSource
from tui.services.docker_streams import ByteStream
from tui.services.docker_trouble import gate
from tui.services.engine import PullProgress
from tui.services.errors import ServiceError


@pytest.fixture
def published(docker_client: Any, busybox: str, registry: str) -> Iterator[str]:
    """An image with a second layer of 30 MB in the registry, and not on this machine."""
    reference = f"{registry}/llmtui-test/big:1"
    name = f"llmtui-test-layer-{os.getpid()}"
    run_busybox(docker_client, name, ["sh", "-c", "head -c 30000000 /dev/urandom > /blob"])
    docker_client.wait(name)
    docker_client.commit(name, repository=reference.rpartition(":")[0], tag="1")
    remove_quietly(docker_client, name)
    answers = list(docker_client.push(reference, stream=True, decode=True))
    assert not any("error" in answer for answer in answers), answers
    docker_client.remove_image(reference)
    yield reference
    with contextlib.suppress(Exception):
        docker_client.remove_image(reference)


@pytest.mark.docker
async def test_a_pull_tells_each_layers_progress(docker_engine: DockerEngine, published: str) -> None:
    steps = list(docker_engine.pull(published))
    assert any(step.layer and step.status == "Downloading" and 0 < step.current <= step.total for step in steps)
    assert steps[-1].status.startswith("Status: Downloaded")
    assert await docker_engine.image(published) is not None


@pytest.mark.docker
async def test_closing_cancels_a_pull(docker_engine: DockerEngine, published: str) -> None:
    source = docker_engine.pull(published)
    for step in source:
        if step.status in ("Downloading", "Pulling fs layer"):
            start = time.monotonic()
            source.close()
    assert time.monotonic() - start < 0.1
    assert source.closed
    assert await docker_engine.image(published) is None


@pytest.mark.docker
def test_what_the_registry_does_not_have(docker_engine: DockerEngine, registry: str) -> None:
    with pytest.raises(ServiceError, match="no such image or tag"):
        list(docker_engine.pull(f"{registry}/llmtui-test/nothing:9"))
    with pytest.raises(ServiceError, match="does not reach the registry"):
        list(docker_engine.pull("127.0.0.1:9/llmtui-test/nothing"))


@pytest.mark.docker
def test_a_name_that_is_none(docker_engine: DockerEngine) -> None:
    with pytest.raises(ServiceError, match="no name of an image"):
        list(docker_engine.pull("No Such NAME"))


class Scripted:
    """A server that says exactly these bytes to whoever connects, and hangs up or waits."""

    def __init__(self, answer: bytes, hangs: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self._hangs = hangs
        self.endpoint = Endpoint(f"tcp://127.0.0.1:{self._listener.getsockname()[1]}", "default", "argument")
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self._listener, self._listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(self._answer)
            while self._hangs and connection.recv(100):
                pass

    def pull(self) -> PullSource:
        """Pull from it."""
        stream = ByteStream(lambda: self.endpoint, "/images/create", method="POST", whole=True)
        return PullSource(stream, lambda: gate(self.endpoint, "Docker could not pull x"), "Docker could not pull x")


def chunked(*messages: dict[str, Any], end: bool = True) -> bytes:
    """Write an engine's answer."""
    bodies = [json.dumps(message).encode() + b"\r\n" for message in messages]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body), body) for body in bodies)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + (b"0\r\n\r\n" if end else b"")


STEP = {"status": "Downloading", "id": "a1", "progressDetail": {"current": 1, "total": 2}}


def test_an_error_in_the_middle_of_a_pull_is_a_failure() -> None:
    source = Scripted(chunked(STEP, {"errorDetail": {}, "error": "write /x: no space left on device"})).pull()
    steps = iter(source)
    assert next(steps) == PullProgress("a1", "Downloading", 1, 2)
    with pytest.raises(ServiceError, match="The engine's disk is full"):
        next(steps)


def test_a_pull_that_breaks_off_is_no_success() -> None:
    source = Scripted(chunked(STEP, end=False)).pull()
    with pytest.raises(ServiceError):
        list(source)
    assert len(list(Scripted(chunked(STEP)).pull())) == 1


def test_rubbish_instead_of_an_answer_is_a_failure_in_words() -> None:
    with pytest.raises(ServiceError, match="is no Docker engine"):
        list(Scripted(b"SSH-2.0-OpenSSH\r\n\r\n").pull())
    with pytest.raises(ServiceError):
        list(Scripted(b"").pull())
    with pytest.raises(ServiceError):
        list(Scripted(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").pull())


def test_closing_ends_a_pull_that_says_nothing() -> None:
    source = Scripted(b"", hangs=True).pull()
    steps: list[PullProgress] = []
    reader = threading.Thread(target=lambda: steps.extend(source), daemon=True)
    reader.start()
    time.sleep(0.1)
    source.close()
    until(lambda: not reader.is_alive(), 0.1, "the end of the pull")
