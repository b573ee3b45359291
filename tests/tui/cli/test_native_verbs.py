"""The verbs without a screen, on a server that runs as a process, where no engine answers."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import fake_vllm
from tests.fakes import FakeEngine
from tui.cli import logs, stop
from tui.cli.arguments import parse
from tui.services.beside import Beside
from tui.services.endpoints import Endpoint, Endpoints
from tui.services.host import Host
from tui.services.native_proc import Proc
from tui.services.natives import Natives
from tui.services.services import Places, Services

Said = pytest.CaptureFixture[str]
FAR = Endpoint("far", "http://127.0.0.1:9/v1")


class OneProc(Proc):
    """Shows one process: others on this machine are none of the test's business."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self._pid = pid

    def pids(self) -> list[int]:
        return [pid for pid in super().pids() if pid == self._pid]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Services, subprocess.Popen[bytes]]]:
    """A server that looks like vLLM's and writes its log into a file, and the services that see nothing else."""
    program = tmp_path / "vllm" / "entrypoints" / "openai" / "api_server.py"
    program.parent.mkdir(parents=True)
    program.write_text(Path(fake_vllm.__file__).read_text("utf-8"), "utf-8")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    with (tmp_path / "vllm.log").open("ab") as log:
        command = [sys.executable, "-u", str(program), "--model", "tiny", "--port", port]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(os.environ))
    engine = FakeEngine()
    engine.dead = True
    beside = Beside(Natives(OneProc(running.pid)), Endpoints((FAR,), tmp_path / "settings.toml"))
    places = Places(tmp_path / "profiles", tmp_path / "llmtui.db", tmp_path / "journal")
    host = Host("local", "local", engine)
    until = time.monotonic() + 20
    while "startup complete" not in (tmp_path / "vllm.log").read_text("utf-8"):
        assert time.monotonic() < until and running.poll() is None, (tmp_path / "vllm.log").read_text("utf-8")
        time.sleep(0.05)
    yield Services("local", lambda: host, places, {}, open_beside=lambda: beside), running
    running.kill()
    running.wait()


async def test_the_log_of_a_process_is_read_to_its_end_and_followed(
    served: tuple[Services, subprocess.Popen[bytes]], tmp_path: Path, capsys: Said
) -> None:
    services, _running = served
    with (tmp_path / "vllm.log").open("ab") as log:
        log.write(b"\x1b[31mlast\x1b[0m\n")
    assert await logs.work(parse(["logs", "tiny", "--tail", "1"]), services) == 0
    assert capsys.readouterr().out == "last\n"
    following = asyncio.ensure_future(logs.work(parse(["logs", "tiny", "-f", "--tail", "1"]), services))
    said, until = "", time.monotonic() + 10
    while "later" not in said:
        assert time.monotonic() < until and not following.done(), said
        said += capsys.readouterr().out
        if said == "last\n":
            with (tmp_path / "vllm.log").open("ab") as log:
                log.write(b"later\n")
        await asyncio.sleep(0.05)
    following.cancel()
    assert said.splitlines()[:2] == ["last", "later"]


async def test_a_process_is_stopped_by_its_name(served: tuple[Services, subprocess.Popen[bytes]], capsys: Said) -> None:
    services, running = served
    waited = asyncio.ensure_future(asyncio.to_thread(running.wait, 20))
    assert await stop.work(parse(["stop", "tiny"]), services) == 0
    assert capsys.readouterr().out == f"Stopped tiny, process {running.pid}.\n"
    assert await waited != 0


async def test_an_address_has_no_log_and_cannot_be_stopped(
    served: tuple[Services, subprocess.Popen[bytes]], capsys: Said
) -> None:
    services, running = served
    assert await logs.work(parse(["logs", "far"]), services) == 1
    assert "far has no log that can be read: It is known by its address alone" in capsys.readouterr().err
    assert await stop.work(parse(["stop", "far"]), services) == 1
    assert "Stop it where it was started" in capsys.readouterr().err
    assert running.poll() is None
