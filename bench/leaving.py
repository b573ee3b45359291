"""How long ending takes, on every screen and by every signal, and how the terminal is left."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

from bench.engine import created
from bench.report import Row, absolute
from bench.screen import Screen, llmtui
from tests.own_daemon import OwnDaemon

PLACES = {"console": "", "chat": "c", "logs": "l", "launch": "\x0e"}
"""Each screen or tab and the key that opens it."""
QUIT = "\x11"


def _left(screen: Screen, number: signal.Signals | None) -> float:
    """End it; give the seconds, or 99 where a mode stayed on or the terminal stayed raw."""
    if number is None:
        screen.type(QUIT)
    took = screen.end(number, 20)
    return took if not screen.left_on and screen.cooked else 99.0


def _measured(home: Path, address: str, key: str, number: signal.Signals | None, before: object = None) -> float:
    screen = llmtui(home, DOCKER_HOST=address)
    try:
        screen.until("bench-000")
        screen.settle(0.5)
        if key:
            screen.key(key)
            screen.settle(0.5)
        if callable(before):
            before()
        return _left(screen, number)
    finally:
        screen.close()


def _rows(home: Path, daemon: OwnDaemon) -> Iterator[Row]:
    created(daemon, 3)
    for name, key in PLACES.items():
        took = sorted(_measured(home, daemon.address, key, None) for _ in range(3))[1]
        yield absolute(f"quit from {name}", took, 0.4)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        took = sorted(_measured(home, daemon.address, "", number) for _ in range(3))[1]
        yield absolute(f"{number.name}, terminal restored", took, 0.5)
    try:
        yield absolute("quit while the engine hangs", _measured(home, daemon.address, "l", None, daemon.freeze), 0.4)
    finally:
        daemon.thaw()


def leaving(home: Path, daemon: OwnDaemon) -> list[Row]:
    """Every way out."""
    return list(_rows(home, daemon))
