"""`llmtui status`, as a script reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, StalledLogs
from tui.cli.status import as_json, as_table
from tui.services.fleet import Fleet
from tui.services.fleet_view import FleetView
from tui.services.gpu import Gpu, GpuView
from tui.services.host import Host
from tui.services.server import Server, State
from tui.services.vllm import Identity

SERVER = Server("local", "id", "smol", "container", State.READY, model="m", url="http://127.0.0.1:8000", since=0.0)


def status(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", "--home", str(home), "--lang", "en", "status", *arguments]
    return subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=30, check=False
    )


def test_json_gives_every_promised_field() -> None:
    record = json.loads(as_json(FleetView("local", (SERVER,))))["servers"][0]
    assert {"host", "name", "kind", "state", "model", "url", "port", "since"} <= record.keys()
    assert record["since"] == "1970-01-01T00:00:00+00:00"


def test_json_tells_of_gpus_that_there_are_of_none_and_of_those_that_cannot_be_read() -> None:
    def told(gpus: GpuView | None) -> Any:
        return json.loads(as_json(FleetView("local"), gpus))["gpus"]

    card = Gpu(0, "RTX 4090", memory_used=1, memory_total=2)
    (record,) = told(GpuView((card,), "NVML"))
    assert (record["name"], record["memory_used"], record["power"]) == ("RTX 4090", 1, None)
    assert told(GpuView(trouble="There is no NVIDIA driver here", bare=True)) == []
    assert told(GpuView(trouble="The NVIDIA driver is not loaded")) is None
    assert told(None) is None


def test_the_table_never_speaks_to_the_terminal() -> None:
    hostile = Server("local", "id", "x", "container", State.FAILED, model="\x1b]52;c;aGk=\x07", phase="weights")
    table = as_table(FleetView("local", (hostile,)))
    assert "\x1b" not in table and "\x07" not in table
    assert "failed (weights)" in table


async def test_one_look_waits_until_every_running_server_has_been_asked() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    client.alive["http://127.0.0.1:8123"] = Identity("m", None, None, None)
    view = await Fleet(Host("local", "local", engine), client).look_once(5.0)
    assert [server.state for server in view.servers] == [State.READY]


async def test_one_look_ends_although_a_log_and_a_server_hang() -> None:
    engine, client = StalledLogs(), FakeClient()
    engine.add("slow", port=8123)
    engine.add("ended", state="exited", exit_code=1)
    began = time.monotonic()
    view = await Fleet(Host("local", "local", engine), client).look_once(0.5)
    assert time.monotonic() - began < 4
    assert [server.state for server in view.servers] == [State.STARTING, State.FAILED]


def test_a_thread_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = (
        "import threading; threading.Thread(target=threading.Event().wait).start();"
        "from tui.cli.headless import finish; print('said'); finish(1)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (1, "said\n")


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_without_an_engine_it_says_why_on_stderr_and_exits_with_1(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = status(tmp_path, *arguments, DOCKER_HOST=f"unix://{tmp_path}/nobody.sock")
    assert done.returncode == 1
    assert "DOCKER_HOST" in done.stderr and "Traceback" not in done.stderr
    if arguments:
        assert json.loads(done.stdout)["servers"] == []
    else:
        assert done.stdout == ""


def test_a_wrong_argument_exits_with_2_and_one_sentence(tmp_path: Path) -> None:
    done = status(tmp_path, "--yaml")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_an_engine_what_serves_beside_it_is_listed_and_the_engine_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    endpoint = '[[endpoint]]\nname = "far"\nurl = "http://127.0.0.1:9/v1"\n'
    (tmp_path / "config" / "settings.toml").write_text(endpoint, "utf-8")
    done = status(tmp_path, DOCKER_HOST=f"unix://{tmp_path}/none.sock")
    assert done.returncode == 1
    assert "far" in done.stdout and "no answer" in done.stdout
    assert "none.sock" in done.stderr
