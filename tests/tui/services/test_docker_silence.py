"""An engine that begins to answer and then says no more."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from tui.services import docker_engine
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError


def stalled(path: Path) -> socket.socket:
    """An engine that sends the head of an answer and nothing else."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()
    held: list[socket.socket] = []

    def answer() -> None:
        try:
            while True:
                held.append(listening.accept()[0])
                held[-1].recv(65536)
                held[-1].sendall(b"HTTP/1.0 200 OK\r\nServer: Docker/27.0.1 (linux)\r\n\r\n")
        except OSError:
            return

    threading.Thread(target=answer, daemon=True).start()
    return listening


def test_a_log_that_is_not_followed_is_given_up_when_the_engine_stalls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_engine, "LOG_SILENCE", 0.2)
    listening = stalled(tmp_path / "docker.sock")
    engine = DockerEngine(f"unix://{tmp_path}/docker.sock")
    source = engine.logs("smol", tty=False, follow=False)
    threading.Timer(5.0, source.close).start()
    began = time.monotonic()
    with pytest.raises(ServiceError):
        list(source)
    assert time.monotonic() - began < 3
    engine.close()
    listening.close()
