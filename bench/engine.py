"""A Docker engine of the benchmark's own, so that nobody's containers are touched or counted."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator

from tests.own_daemon import OwnDaemon, import_busybox

LINE = "INFO 11-24 08:23:34 [loggers.py:123] Engine 000: Avg prompt throughput: 12.3 tokens/s, Running: 1 reqs, Waiting: 0, line %d"
READY = "INFO:     Application startup complete."
LAST = "END-OF-LOG"


def missing() -> str:
    """Say why there can be no engine; "" when there can."""
    if os.geteuid() != 0:
        return "what needs Docker (only root can start an engine of its own)"
    for program in ("dockerd", "docker", "busybox"):
        if shutil.which(program) is None:
            return f"what needs Docker ({program} is not installed)"
    return ""


@contextlib.contextmanager
def engine() -> Iterator[OwnDaemon]:
    """Start it, with the busybox image in it; end it and leave nothing behind."""
    daemon = OwnDaemon()
    try:
        daemon.start()
        import_busybox(daemon.client())
        yield daemon
    finally:
        daemon.end()


def created(daemon: OwnDaemon, count: int) -> None:
    """Let there be exactly `bench-000` … `bench-NNN`, servers that were never started."""
    from tests.own_daemon import BUSYBOX

    client = daemon.client()
    there = {name for row in client.containers(all=True) for name in row["Names"]}
    for number in range(count):
        if f"/bench-{number:03}" not in there:
            client.create_container(BUSYBOX, ["vllm", "serve", "/models/bench"], name=f"bench-{number:03}")
    for row in client.containers(all=True):
        if row["Names"][0] not in {f"/bench-{number:03}" for number in range(count)}:
            client.remove_container(row["Id"], force=True)
    client.close()


def logging(daemon: OwnDaemon, name: str, lines: int) -> None:
    """Run a server that says it is ready, has written so many lines and now waits; returns when they stand in its log."""
    program = f'BEGIN {{ print "{READY}"; for (i = 2; i < {lines}; i++) printf "{LINE}\\n", i; print "{LAST}" }}'
    daemon.run(name, ["sh", "-c", f"sleep 1; awk '{program}'; sleep 99999; vllm serve /models/bench"])
    end = time.monotonic() + 120
    while LAST not in plain_log(daemon, name, "--tail", "1"):
        if time.monotonic() > end:
            raise TimeoutError(f"{name} did not write its lines")
        time.sleep(0.2)


def plain_log(daemon: OwnDaemon, name: str, *options: str) -> str:
    """What `docker logs` prints."""
    command = ["docker", "-H", daemon.address, "logs", *options, name]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def floor(daemon: OwnDaemon, name: str) -> tuple[float, float]:
    """L: wall and CPU seconds of `docker logs --timestamps NAME | cat >/dev/null`."""
    before, began = os.times(), time.monotonic()
    line = 'docker -H "$0" logs --timestamps "$1" | cat >/dev/null'
    subprocess.run(["sh", "-c", line, daemon.address, name], check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu
