"""What asks the kernel, a drive or a directory about processes does not run on the event loop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from profiles.serve_command import parse
from tests.tui.services.fleet_fakes import FakeClient
from tests.tui.waiting import until
from tui.services import fleet_natives, native_end
from tui.services.beside import Beside
from tui.services.fleet_natives import FleetNatives
from tui.services.native_log import LogPlace
from tui.services.native_proc import Proc, Stat
from tui.services.native_scan import Native
from tui.services.natives import Natives


class Asked(Proc):
    """Notes in which threads it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[threading.Thread] = set()

    def stat(self, pid: int) -> Stat | None:
        self.threads.add(threading.current_thread())
        return super().stat(pid)

    def below(self, pid: int) -> list[int]:
        self.threads.add(threading.current_thread())
        return super().below(pid)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends only when it is told to."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"]) as running:
        yield running
        running.kill()


@pytest.mark.parametrize("how", [native_end.end, native_end.kill])
async def test_a_process_is_ended_beside_the_event_loop(how: Any, sleeper: subprocess.Popen[bytes]) -> None:
    proc = Asked()
    stat = proc.stat(sleeper.pid)
    assert stat is not None
    proc.threads.clear()
    assert await how(proc, f"pid:{sleeper.pid}:{stat.start}", 10.0)
    assert threading.current_thread() not in proc.threads and proc.threads
    assert sleeper.wait(5) in (-signal.SIGTERM, -signal.SIGKILL)


class Found(Natives):
    """Finds one server, again and again."""

    def once(self) -> list[Native]:
        command = parse(["vllm", "serve", "m", "--port", "8399"])
        assert command is not None
        return [Native(os.getpid(), 1, 0.0, command, os.getuid(), outputs=("/log", "/log"))]


async def test_where_a_process_writes_and_whose_it_is_is_found_out_once_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[threading.Thread] = []

    def place(_server: Native, _proc: Proc) -> LogPlace:
        asked.append(threading.current_thread())
        return LogPlace("/log", "/log")

    def user(_number: int | None) -> str:
        asked.append(threading.current_thread())
        return "anna"

    monkeypatch.setattr(fleet_natives, "log_place", place)
    monkeypatch.setattr(fleet_natives, "user_name", user)
    natives = FleetNatives("local", FakeClient(), Beside(Found(every=0.01)), lambda: 1.0, lambda: None)
    natives.start()
    await until(lambda: natives.rows((), {}))
    (row,) = natives.rows((), {})
    assert "anna" in row.origin
    assert natives.log_of(row) == LogPlace("/log", "/log")
    assert natives.log_of(replace(row, id="pid:1:1")) is None
    natives.close()
    assert len(asked) == 2 and threading.current_thread() not in asked
