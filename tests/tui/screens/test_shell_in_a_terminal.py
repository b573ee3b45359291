"""A shell in a container, in a real terminal and a real engine: what is lent, what comes back."""

from __future__ import annotations

import fcntl
import shutil
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.own_daemon import OwnDaemon
from tests.terminal import Terminal

NAME = "beside"
ON = {"1049", "1000", "1003", "1006", "1004", "2004", "25", "7"}
"""Modes that the app has switched on."""
SPEAKING = 'i=0; while true; do i=$((i+1)); echo "word $i"; sleep 1; done'
Opener = Callable[[], Terminal]

pytestmark = pytest.mark.skipif(shutil.which("docker") is None, reason="the docker command is not installed")


@pytest.fixture
def opened(own_daemon: OwnDaemon, tmp_path: Path) -> Iterator[Opener]:
    """Open the app over an engine with one container, and wait until its row stands there."""
    terminals: list[Terminal] = []

    def open_app() -> Terminal:
        own_daemon.run(NAME, ["sh", "-c", SPEAKING])
        arguments = ["-m", "tests.tui.screens.shell_app", own_daemon.address, str(tmp_path)]
        terminals.append(terminal := Terminal(arguments, TEXTUAL_DISABLE_KITTY_KEY="1", LANG="C.UTF-8"))
        terminal.wait_for(NAME, 30)
        waits_for_modes(terminal, ON)
        return terminal

    yield open_app
    for terminal in terminals:
        terminal.close()


def waits_for_modes(terminal: Terminal, wanted: set[str]) -> None:
    until = time.monotonic() + 20
    while not terminal.left_on >= wanted:
        assert time.monotonic() < until, f"still off: {wanted - terminal.left_on}"
        terminal.read(0.1)


def enter(terminal: Terminal) -> None:
    """Press E until the line stands there: the row may not be chosen yet at the first press."""
    terminal.type("E")
    terminal.wait_for("shell in beside: exit returns to llmtui", 20)


def run(terminal: Terminal, command: str, answer: str) -> None:
    terminal.type(f"{command}\r")
    terminal.wait_for(answer, 20)


def test_the_terminal_is_lent_as_it_was_and_comes_back_with_its_modes(opened: Opener) -> None:
    terminal = opened()
    enter(terminal)
    run(terminal, "echo in-$((20+22))", "in-42")
    assert terminal.left_on == set()
    size = struct.pack("HHHH", 30, 100, 0, 0)
    fcntl.ioctl(terminal.slave, termios.TIOCSWINSZ, size)
    before = len(terminal.written)
    terminal.type("exit\r")
    waits_for_modes(terminal, ON)
    terminal.wait_for("\x1b[30;", 20)
    assert not terminal.cooked
    drawn = bytes(terminal.written[before:])
    assert NAME.encode() in drawn
    terminal.type("\x11")
    terminal.end(seconds=10)
    assert terminal.left_on == set()
    assert terminal.cooked


def test_nothing_is_drawn_over_the_shell_and_its_exit_code_is_told(opened: Opener) -> None:
    terminal = opened()
    enter(terminal)
    run(terminal, "echo begin-$((1+1))", "begin-2")
    before = len(terminal.written)
    terminal.read(3)
    assert bytes(terminal.written[before:]) == b""
    terminal.type("exit 3\r")
    terminal.wait_for("ended with code 3", 20)


def test_a_signal_that_comes_while_the_shell_is_open_ends_the_app_and_leaves_the_terminal_in_order(
    opened: Opener,
) -> None:
    terminal = opened()
    enter(terminal)
    run(terminal, "echo in-$((20+22))", "in-42")
    terminal.end(signal.SIGTERM)
    assert terminal.process.returncode == 143
    assert terminal.left_on == set()
