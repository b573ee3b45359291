"""The app ends at once and leaves the terminal as it found it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

Opener = Callable[[str], Terminal]
QUIT, SIGNALLED = 0.6, 0.7
"""Seconds; 0.2 more than what is promised, for a machine that does other things too."""
ON = {"1049", "1000", "1003", "1006", "1004", "2004", "25", "7"}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Open the tiny app in a terminal and wait until it stands there."""
    terminals: list[Terminal] = []

    def open_app(how: str) -> Terminal:
        terminal = Terminal(["-m", "tests.tui.cli.ending_app", how, str(tmp_path)], TEXTUAL_DISABLE_KITTY_KEY="1")
        terminals.append(terminal)
        terminal.wait_for("ready")
        terminal.read(0.1)
        assert terminal.left_on >= ON
        assert not terminal.cooked
        if how:
            terminal.type("x")
            terminal.read(0.5)
        return terminal

    yield open_app
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("how", ["", "block", "thread", "await"])
def test_a_signal_ends_it_whatever_hangs(opened: Opener, how: str, number: signal.Signals) -> None:
    terminal = opened(how)
    assert terminal.end(number) <= SIGNALLED
    assert terminal.process.returncode == 128 + number
    assert terminal.left_on == set()
    assert terminal.cooked


@pytest.mark.parametrize("how", ["", "thread", "await", "block"])
def test_quitting_takes_no_longer_than_a_blink_whatever_hangs(opened: Opener, how: str) -> None:
    terminal = opened(how)
    terminal.type("\x11")
    assert terminal.end() <= QUIT
    assert terminal.left_on == set()
    assert terminal.cooked


@pytest.mark.parametrize(("how", "name"), [("raise", "LookupError"), ("worker", "KeyError")])
def test_an_error_ends_in_one_sentence_and_a_report(opened: Opener, tmp_path: Path, how: str, name: str) -> None:
    terminal = opened(how)
    terminal.end()
    assert terminal.process.returncode == 1
    assert terminal.left_on == set()
    assert terminal.cooked
    after = terminal.written.rsplit(b"\x1b[?1049l", 1)[1].decode()
    assert f"llmtui ended because of an error it did not expect ({name}" in after
    assert "Traceback" not in after
    assert "\x1b]" not in after
    report = next(tmp_path.glob("crash-*.txt"))
    assert name in report.read_text()
    assert "ending_app.py" in report.read_text()
    assert "sk-hidden" not in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


def test_it_can_be_stopped_and_goes_on(opened: Opener) -> None:
    terminal = opened("")
    terminal.process.send_signal(signal.SIGTSTP)
    until = time.monotonic() + 20
    while not os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT):
        assert time.monotonic() < until
        terminal.read(0.02)
    terminal.read(0.1)
    assert terminal.left_on <= {"1016"}
    assert terminal.cooked
    while not terminal.left_on >= ON:
        assert time.monotonic() < until, f"still off: {ON - terminal.left_on}"
        terminal.process.send_signal(signal.SIGCONT)  # again and again, as a shell's fg: a busy machine may miss one
        terminal.read(0.5)
    assert terminal.end(signal.SIGTERM) <= SIGNALLED
    assert terminal.left_on == set()
