"""The app over a real Docker daemon that was stopped in its tracks: it ends at once from everywhere, and leaves the terminal as it was."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.own_daemon import OwnDaemon
from tests.terminal import Terminal

pytestmark = pytest.mark.docker

QUIT, SIGNALLED = 0.6, 0.7
"""Seconds; 0.2 more than what is promised, for a machine that does other things too."""
TICKING = "i=0; while true; do i=$((i+1)); echo tick $i; sleep 0.2; done; vllm serve /models/m"
"""A server by its command: other containers are hidden where this machine has servers."""
F1, PALETTE, FIND, LEAVE = "\x1bOP", "\x10", "\x06", "\x11"
Steps = tuple[tuple[str, str], ...]
"""Keys, and the words that come of them; "" waits a moment instead."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in the app; the daemon is stopped between the two walks."""

    before: Steps = ()
    after: Steps = ()


PLACES = {
    "servers": Place(),
    "filter": Place((("/", ""),)),
    "logs asked of it": Place((), (("l", ""),)),
    "find in the logs": Place((("l", "tick"), ("/tick", ""))),
    "parameters asked of it": Place((), (("e", ""),)),
    "help": Place(((F1, "Keys that work here"),)),
    "commands": Place(((PALETTE, "Commands"),)),
    "copies": Place((("y", " Choose"),)),
    "stopping": Place((("s", "Stop ticker"),), (("y", ""),)),
    "rename": Place((("R", "Rename ticker"),)),
    "launch asked of it": Place((), (("n", "New server"),)),
    "find a flag": Place((("n", "New server"), (FIND, "Find"))),
}
"""One of each kind of screen, and each question that the daemon leaves unanswered."""
CHOSEN: Steps = ((":", "Go to"), ("ticker\r", ""), ("\x1b", ""))
"""This machine may have servers of its own beside that container."""
WAYS: dict[str, dict[str, str | signal.Signals]] = {
    "quit": dict.fromkeys(PLACES, LEAVE),
    "signal": {"find in the logs": signal.SIGTERM, "stopping": signal.SIGHUP, "launch asked of it": signal.SIGINT},
    "error": {"servers": F1},
}


@pytest.fixture
def terminals() -> Iterator[ExitStack]:
    """Ends what is left of them."""
    with ExitStack() as stack:
        yield stack


def walk(terminal: Terminal, steps: Steps) -> None:
    for keys, words in steps:
        terminal.type(keys)
        terminal.wait_for(words or "")
        terminal.read(0.2)


@pytest.mark.parametrize("how", WAYS)
def test_it_ends_at_once(own_daemon: OwnDaemon, tmp_path: Path, terminals: ExitStack, how: str) -> None:
    own_daemon.run("ticker", ["sh", "-c", TICKING])
    module = "tests.tui.cli.raising_app" if how == "error" else "tui"
    opened = {}
    for name in WAYS[how]:
        arguments = ["-m", module, "--lang", "en", "--home", str(tmp_path / name)]
        opened[name] = Terminal(arguments, DOCKER_HOST=own_daemon.address)
        terminals.callback(opened[name].close)
    for name, terminal in opened.items():
        terminal.wait_for("ticker", 60)
        walk(terminal, (*CHOSEN, *PLACES[name].before))
    own_daemon.freeze()
    wrong = {}
    for name, terminal in opened.items():
        terminal.read(0.05)
        walk(terminal, PLACES[name].after)
        way = WAYS[how][name]
        took = left(terminal, way)
        if took > (QUIT if isinstance(way, str) else SIGNALLED) or terminal.left_on or not terminal.cooked:
            wrong[name] = (took, terminal.left_on, terminal.cooked)
    assert wrong == {}


def left(terminal: Terminal, way: str | signal.Signals) -> float:
    """Let it end; give the seconds that it took."""
    if isinstance(way, signal.Signals):
        return terminal.end(way)
    terminal.type(way)
    return terminal.end()
