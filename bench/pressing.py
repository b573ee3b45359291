"""How long a key takes in a list of 300 servers, beside a bare table."""

from __future__ import annotations

from pathlib import Path

from bench.engine import created
from bench.peers import READY
from bench.report import Row, ratio
from bench.screen import Screen, llmtui, peer
from tests.own_daemon import OwnDaemon

KEYS = 60
DOWN = "\x1b[B"


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
