"""The whole app and a server that runs as a process: found, read, chatted with, stopped; and an address added by hand."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import FakeEngine
from tests.world import shows, text_of, until
from tui.app import LlmTui
from tui.screens import console_natives
from tui.services.beside import Beside
from tui.services.endpoints import Endpoints
from tui.services.host import Host
from tui.services.native_proc import Proc
from tui.services.natives import Natives
from tui.services.services import Places, Services
from tui.settings import Settings, read_settings

SIZE = (160, 45)
FAKE = Path(__file__).parents[1] / "fake_vllm.py"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"

Start = Callable[..., subprocess.Popen[bytes]]


class OwnProc(Proc):
    """Shows only the processes of the test: others on this machine are none of its business."""

    def __init__(self) -> None:
        super().__init__()
        self.ours: list[int] = []

    def pids(self) -> list[int]:
        return [pid for pid in super().pids() if pid in self.ours]


@pytest.fixture
def proc() -> OwnProc:
    return OwnProc()


@pytest.fixture
def start(tmp_path: Path, proc: OwnProc) -> Iterator[Start]:
    """Starts servers that look like vLLM's and write their log into a file."""
    program = tmp_path / "vllm" / "entrypoints" / "openai" / "api_server.py"
    program.parent.mkdir(parents=True)
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, front: str = "", **environ: str) -> subprocess.Popen[bytes]:
        text = FAKE.read_text("utf-8").replace("given.parse_args()", "given.parse_known_args()[0]")
        program.write_text(text.replace("import argparse\n", f"import argparse\n{front}", 1), "utf-8")
        with (tmp_path / "vllm.log").open("ab") as log:
            running = subprocess.Popen(
                [sys.executable, "-u", str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environ},
            )
        started.append(running)
        proc.ours.append(running.pid)
        return running

    yield begin
    for one in started:
        one.kill()
        one.wait()


def app_over(folder: Path, proc: Proc, engine: FakeEngine | None = None, read_only: bool = False) -> LlmTui:
    host = Host("local", "local", engine or FakeEngine())
    places = Places(folder / "profiles", folder / "llmtui.db", folder / "journal")
    beside = Beside(Natives(proc, every=0.2), Endpoints((), folder / "settings.toml"))
    services = Services("local", lambda: host, places, {}, read_only=read_only, open_beside=lambda: beside)
    return LlmTui(services, Settings())


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


async def test_a_process_is_found_though_no_engine_answers_and_its_log_is_followed(
    tmp_path: Path, proc: OwnProc, start: Start
) -> None:
    engine = FakeEngine()
    engine.dead = True
    port = free_port()
    start("--model", "tiny", "--port", port, FAKE_BOOT="1")
    app = app_over(tmp_path, proc, engine)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        text = await shows(pilot, "tiny", "ready", port, "of ")
        assert "as last seen" not in text
        await pilot.press("l")
        await shows(pilot, "Application startup complete", "Log · tiny")
        with (tmp_path / "vllm.log").open("ab") as log:
            log.write(b"INFO: a line that comes later\n")
        await shows(pilot, "a line that comes later")


async def test_a_starting_process_shows_the_phase_that_its_log_tells(
    tmp_path: Path, proc: OwnProc, start: Start
) -> None:
    start("--model", "tiny", "--port", free_port(), FAKE_BOOT="60")
    while b"args" not in (tmp_path / "vllm.log").read_bytes():
        await asyncio.sleep(0.02)
    with (tmp_path / "vllm.log").open("ab") as log:
        log.write(b"INFO Starting to load model /models/m...\n")
    async with app_over(tmp_path, proc).run_test(size=SIZE) as pilot:
        await shows(pilot, "tiny", "weights")


async def test_one_talks_to_a_process(tmp_path: Path, proc: OwnProc, start: Start) -> None:
    start("--model", "tiny", "--port", free_port())
    async with app_over(tmp_path, proc).run_test(size=SIZE) as pilot:
        await shows(pilot, "tiny", "ready")
        await pilot.press("c")
        await shows(pilot, "Write a message")
        await pilot.press("h", "i", "enter")
        await shows(pilot, "word19")


async def test_stop_names_the_process_and_ends_it_after_a_yes(tmp_path: Path, proc: OwnProc, start: Start) -> None:
    running = start("--model", "tiny", "--port", free_port(), "--served-model-name", "mine")
    async with app_over(tmp_path, proc).run_test(size=SIZE) as pilot:
        await shows(pilot, "mine", "ready")
        await pilot.press("s")
        await shows(pilot, "Stop mine?", f"process {running.pid}", "--served-model-name", "cannot start it again")
        await pilot.press("escape")
        await until(pilot, lambda text: "Stop mine?" not in text, "the question closes")
        assert running.poll() is None
        await pilot.press("s")
        await shows(pilot, "Stop mine?")
        await pilot.press("y")
        await shows(pilot, "mine", "stopped")
        assert running.wait(5) == -15


async def test_what_does_not_end_is_killed_after_another_yes(
    tmp_path: Path, proc: OwnProc, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_natives, "PATIENCE", 0.5)
    running = start("--model", "tiny", "--port", free_port(), front=STUBBORN)
    async with app_over(tmp_path, proc).run_test(size=SIZE) as pilot:
        await shows(pilot, "tiny", "ready")
        await pilot.press("s")
        await shows(pilot, "Stop tiny?")
        await pilot.press("y")
        await shows(pilot, "Kill tiny?")
        await pilot.press("y")
        await shows(pilot, "tiny", "stopped")
        assert running.wait(5) == -9


async def test_what_ends_by_itself_is_gone(tmp_path: Path, proc: OwnProc, start: Start) -> None:
    running = start("--model", "tiny", "--port", free_port())
    async with app_over(tmp_path, proc).run_test(size=SIZE) as pilot:
        await shows(pilot, "tiny", "ready")
        running.terminate()
        running.wait(5)
        await shows(pilot, "tiny", "gone")
        await pilot.press("s")
        await shows(pilot, "gone")


async def test_what_only_a_container_can_do_is_not_offered(tmp_path: Path, proc: OwnProc, start: Start) -> None:
    start("--model", "tiny", "--port", free_port(), "--api-key", "sk-secret")
    async with app_over(tmp_path, proc).run_test(size=SIZE, notifications=True) as pilot:
        text = await shows(pilot, "tiny", "Stop/start", "l Logs")
        assert not any(words in text for words in ("e Edit", "d Remove", "R Rename", "r Restart"))
        await pilot.press("right_square_bracket", "right_square_bracket")
        text = await shows(pilot, "can be read here and not be changed", "--api-key '•••'")
        assert "sk-secret" not in text


async def test_an_address_is_added_kept_in_the_settings_and_forgotten(
    tmp_path: Path, proc: OwnProc, start: Start
) -> None:
    port = free_port()
    start("--model", "tiny", "--port", port)
    proc.ours.clear()
    app = app_over(tmp_path, proc)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await shows(pilot, "no container here yet")
        await pilot.press("A")
        await shows(pilot, "Add an endpoint", "Address")
        await pilot.press("f", "a", "r", "enter", "enter", "enter")
        await shows(pilot, "An endpoint needs an address")
        await pilot.press("shift+tab", *"127.0.0.1:", *port, *"/v1", "enter", "enter")
        await shows(pilot, "far", "ready", "tiny", "the settings")
        assert [one.name for one in read_settings(tmp_path / "settings.toml").endpoints] == ["far"]
        await pilot.press("d")
        await shows(pilot, "Forget far?")
        await pilot.press("y")
        await until(pilot, lambda text: "Forget" not in text and "far" not in text, "it is forgotten")
        assert read_settings(tmp_path / "settings.toml").endpoints == ()
        assert "far" not in text_of(app)
