"""A long log: from the key to its last line, beside `docker logs | cat >/dev/null`."""

from __future__ import annotations

import time
from pathlib import Path

from bench.engine import LAST, created, floor, logging
from bench.report import Row, absolute, ratio
from bench.screen import llmtui
from tests.own_daemon import OwnDaemon


def _read(home: Path, daemon: OwnDaemon, name: str) -> tuple[float, float, float, float]:
    """Open the log of a server; give seconds to the first screenful, to the last line, CPU seconds, MB at most."""
    screen = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        screen.until(name)
        screen.settle(1.0)
        cpu, pressed = screen.cpu, time.monotonic()
        screen.type("l")
        first = screen.until(r"Avg prompt throughput|" + LAST) - pressed
        last = screen.until(LAST, 240) - pressed
        screen.settle(0.5)
        return first, last, screen.cpu - cpu, screen.peak
    finally:
        screen.close()


def log(home: Path, daemon: OwnDaemon) -> list[Row]:
    """200 000 lines, then 400 000: twice the lines should cost no more than twice the time."""
    created(daemon, 0)
    walls = []
    rows: list[Row] = []
    for lines in (200_000, 400_000):
        name = f"log-{lines // 1000}k"
        logging(daemon, name, lines)
        floors = [floor(daemon, name) for _ in range(3)]
        runs = [_read(home, daemon, name) for _ in range(3)]
        first = min(run[0] for run in runs)
        _, last, cpu, peak = min(runs, key=lambda run: run[1])
        walls.append(last)
        rows += [
            ratio(f"log of {lines:,} lines, wall", last, min(wall for wall, _ in floors), "L", 1.5),
            ratio(f"log of {lines:,} lines, CPU", cpu, min(cpu for _, cpu in floors), "L", 2.5),
        ]
        if lines == 200_000:
            rows += [absolute("first screenful of it", first, 0.15), absolute("memory with it", peak, 170, unit="MB")]
        daemon.client().remove_container(name, force=True)
    return [*rows, ratio("400,000 lines beside 200,000, wall", walls[1], walls[0], "of half", 2.2)]
