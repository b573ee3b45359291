"""What a console that is only looked at costs: bytes to the terminal and CPU seconds while nothing, little or much changes."""

from __future__ import annotations

import contextlib
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.engine import created
from bench.report import Row, absolute, ratio
from bench.screen import Screen, llmtui
from bench.starting import floor
from tests.nvml_stub.build import build, compiler, environment, put
from tests.nvml_stub.cards import DESKTOP, without
from tests.own_daemon import OwnDaemon
from tests.terminal import ROOT

PORTS = (8652, 8653, 8654)
SECONDS = 30
MANY = 300


def _watched(screen: Screen, change: Callable[[int], object] = lambda second: None) -> tuple[float, float]:
    """Look on for a while, with one change each second; give kB a second to the terminal and CPU seconds a minute."""
    screen.pump(0.0)
    written, cpu, began = len(screen.written), screen.cpu, time.monotonic()
    for second in range(SECONDS):
        change(second)
        while time.monotonic() < began + second + 1:
            screen.pump(began + second + 1 - time.monotonic())
    return (len(screen.written) - written) / SECONDS / 1000, (screen.cpu - cpu) / SECONDS * 60


def _born(daemon: OwnDaemon) -> list[float]:
    """When each container was made, seconds since the epoch."""
    client = daemon.client()
    try:
        return [row["Created"] for row in client.containers(all=True)]
    finally:
        client.close()


def nothing(home: Path, daemon: OwnDaemon) -> list[Row]:
    """Three servers that do not run, between two ticks of their ages: those are told by the minute, from the first one on."""
    created(daemon, 3)
    born = _born(daemon)
    screen = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        screen.until(r"bench-\d\d\d")
        screen.settle(1.0)
        while not all(now - one > 62 and 2 < (now - one) % 60 < 58 - SECONDS for now in [time.time()] for one in born):
            screen.pump(0.2)
        screen.settle(1.0)
        rate, cpu = _watched(screen)
    finally:
        screen.close()
    empty = floor()[1]
    return [
        absolute("nothing changes, to the terminal", rate * 1000, 0, unit="B/s"),
        ratio("nothing changes, CPU a minute", cpu, empty, "E", 4),
    ]


@contextlib.contextmanager
def _served() -> Iterator[None]:
    """Three servers whose counters go on."""
    command = [sys.executable, str(ROOT / "bench/peers.py"), "live", *map(str, PORTS)]
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def live(home: Path, daemon: OwnDaemon) -> list[Row]:
    """Three servers that work and two GPUs, all of whose figures change each second."""
    cards = home / "nvml"
    environ = {}
    if compiler() is not None:
        build(cards)
        environ = environment(cards)
    created(daemon, 0)
    for port in PORTS:
        command = ["sh", "-c", f"sleep 99999; vllm serve /models/bench --host 127.0.0.1 --port {port}"]
        daemon.run(f"bench-{port}", command, HostConfig={"NetworkMode": "host"})

    def change(second: int) -> None:
        share = (1 + math.sin(second)) / 2
        heat = 50 + int(30 * share)
        # vLLM takes its memory at the start and keeps it.
        card = without(DESKTOP, 0, utilization=int(100 * share), temperature=heat, power=100_000 + 900 * heat)
        put(cards, without(card, 1, utilization=int(100 - 100 * share), temperature=heat))

    cards.mkdir(exist_ok=True)
    change(0)
    with _served():
        screen = llmtui(home, DOCKER_HOST=daemon.address, **environ)
        try:
            screen.until(rf"bench-{PORTS[0]} +(ready|busy)", 30)
            screen.until("ttft|TTFT", 30)
            screen.settle(1.0, 3.0)
            rate, cpu = _watched(screen, change)
        finally:
            screen.close()
    empty = floor()[1]
    return [
        absolute("3 servers and 2 GPUs at work, to the terminal", rate, 2, unit="kB/s"),
        ratio("3 servers and 2 GPUs at work, CPU a minute", cpu, empty, "E", 12),
    ]


def many(home: Path, daemon: OwnDaemon) -> list[Row]:
    """300 servers, of which one starts or ends each second; the others are past the minute in which ages are told by the second."""
    created(daemon, MANY)
    names = [f"bench-{number:03}" for number in range(5)]
    for name in names:
        daemon.run(name, ["sh", "-c", "sleep 99999; vllm serve /models/bench"])
    client = daemon.client()

    def change(second: int) -> None:
        act = client.kill if second // len(names) % 2 == 0 else client.start
        act(names[second % len(names)])

    screen = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        screen.until(r"bench-\d\d\d")
        youngest = max(_born(daemon))
        while time.time() < youngest + 62:
            screen.pump(0.5)
        screen.settle(2.0)
        rate, cpu = _watched(screen, change)
    finally:
        screen.close()
        client.close()
    empty = floor()[1]
    return [
        ratio(f"{MANY} servers, one starts or ends each second, CPU a minute", cpu, empty, "E", 8),
        absolute(f"{MANY} servers, one starts or ends each second, to the terminal", rate, 6, unit="kB/s"),
    ]


def memory(home: Path, daemon: OwnDaemon) -> list[Row]:
    """300 servers, each tab visited."""
    created(daemon, MANY)
    screen = llmtui(home, DOCKER_HOST=daemon.address)
    try:
        screen.until(r"bench-\d\d\d")
        screen.settle(1.0)
        for keys in ("l", "]", "]", "["):
            screen.key(keys)
            screen.settle(1.0)
        return [absolute(f"memory with {MANY} servers, every tab visited", screen.peak, 100, unit="MB")]
    finally:
        screen.close()
