"""From the command to the first frame, and to the first real rows."""

from __future__ import annotations

from pathlib import Path

from bench.engine import created
from bench.peers import READY
from bench.report import Row, ratio
from bench.screen import Screen, llmtui, peer
from tests.own_daemon import OwnDaemon

TIMES = 5
NOWHERE = "unix:///nonexistent/docker.sock"


def floor() -> tuple[float, float]:
    """E: wall and CPU seconds until an empty app stands."""
    screen = peer("empty")
    try:
        return screen.until(READY) - screen.began, screen.cpu
    finally:
        screen.close()


def _until(screen: Screen, pattern: str) -> tuple[float, float]:
    try:
        return screen.until(pattern) - screen.began, screen.cpu
    finally:
        screen.close()


def beside(home: Path, pattern: str, **environ: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ours and E in turn; medians of (wall, CPU)."""
    ours, floors = [], []
    for _ in range(TIMES):
        floors.append(floor())
        ours.append(_until(llmtui(home, **environ), pattern))
    return _medians(ours), _medians(floors)


def _medians(rows: list[tuple[float, float]]) -> tuple[float, float]:
    walls, cpus = zip(*rows, strict=True)
    return sorted(walls)[len(rows) // 2], sorted(cpus)[len(rows) // 2]


def first_frame(home: Path) -> list[Row]:
    """The frame alone, with no engine to ask."""
    ours, empty = beside(home, "Servers", DOCKER_HOST=NOWHERE)
    return [
        ratio("first frame, CPU", ours[1], empty[1], "E", 1.3),
        ratio("first frame, wall", ours[0], empty[0], "E", 1.3),
    ]


def first_rows(home: Path, daemon: OwnDaemon, count: int, goal: float) -> list[Row]:
    """The frame with rows that the engine told."""
    created(daemon, count)
    ours, empty = beside(home, r"bench-\d\d\d", DOCKER_HOST=daemon.address)
    return [
        ratio(f"first frame with {count} containers, CPU", ours[1], empty[1], "E", goal),
        ratio(f"first frame with {count} containers, wall", ours[0], empty[0], "E", goal),
    ]
