"""How long a key takes in a list of many servers: beside a bare table, and beside a log that goes on."""

from __future__ import annotations

import re
import time
from pathlib import Path

from bench.engine import created
from bench.peers import READY
from bench.report import Row, absolute, ratio
from bench.screen import Screen, llmtui, peer
from tests.own_daemon import OwnDaemon

KEYS = 60
DOWN = "\x1b[B"
NOISY = "noisy"
CHOSEN = r"▌[^\n]{0,8}bench-\d\d\d"
"""The row with the bar before it."""


def _percentile(screen: Screen) -> float:
    """The 95th percentile of a key's answer, in ms; from the first row on."""
    screen.settle()
    screen.key("g")
    screen.settle()
    screen.key(DOWN)
    took = sorted(screen.key(DOWN) for _ in range(KEYS))
    return took[int(KEYS * 0.95)] * 1000


def keys(home: Path, daemon: OwnDaemon) -> list[Row]:
    """The arrow key, sixty times."""
    created(daemon, 300)
    bare = peer("table", "300")
    try:
        bare.until(READY)
        floor = _percentile(bare)
    finally:
        bare.close()
    ours = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        ours.until(r"bench-\d\d\d")
        took = _percentile(ours)
    finally:
        ours.close()
    return [ratio("key down in 300 rows, p95", took, floor, "bare DataTable", 1.5, unit="ms")]


def busy(home: Path, daemon: OwnDaemon) -> list[Row]:
    """The arrow key among 200 servers while the log of one, 100 lines a second, is followed beside them."""
    created(daemon, 199)
    line = "while :; do echo INFO 11-24 08:23:34 [loggers.py:123] Engine 000: one more line; usleep 10000; done"
    daemon.run(NOISY, ["sh", "-c", f"{line}; vllm serve /models/bench"])
    screen = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        screen.until(NOISY)
        screen.settle(0.5)
        for keys in (":", NOISY, "\r", "l"):
            screen.key(keys)
        screen.until("one more line")
        screen.type("\x1b")
        screen.settle(0.5, 1.0)
        took = sorted(_moved(screen) for _ in range(KEYS))
        return [
            absolute(
                "key down in 200 rows beside a log of 100 lines/s, p95", took[int(KEYS * 0.95)] * 1000, 50, unit="ms"
            )
        ]
    finally:
        screen.close()


def _moved(screen: Screen) -> float:
    """Seconds from the key to the chosen row's new place, whatever else is drawn meanwhile; before it rests the log stays."""
    before, pressed = re.search(CHOSEN, str(screen.shown)), time.monotonic()
    screen.type(DOWN)
    return screen.until(CHOSEN, 2, before[0] if before else "") - pressed
