"""4 000 tokens at 200 a second into the chat: what drawing them costs, and how far behind it falls."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from bench.engine import created
from bench.peers import LAST, RATE
from bench.report import Row, absolute, ratio
from bench.screen import Screen, llmtui
from bench.starting import floor
from tests.own_daemon import BUSYBOX, OwnDaemon
from tests.terminal import ROOT

PORT = 8651
TOKENS = 4000
_TOKEN = re.compile(r"\bw(\d+)\b")


def _run(daemon: OwnDaemon) -> None:
    created(daemon, 0)
    command = ["sh", "-c", f"sleep 99999; vllm serve /models/bench --host 127.0.0.1 --port {PORT}"]
    daemon.run("bench-chat", command, HostConfig={"NetworkMode": "host"}, Image=BUSYBOX)


def _behind(screen: Screen, began: Path) -> float:
    """Watch the tokens arrive on the screen until the last; give the most seconds any stretch was late.

    Raises:
        TimeoutError: It never came.
    """
    worst, newest = 0.0, -1
    end = time.monotonic() + TOKENS / RATE * 4
    while time.monotonic() < end:
        screen.pump(0.05)
        shown = str(screen.shown)
        newest = max([newest, *(int(number) for number in _TOKEN.findall(shown))])
        if newest >= 0 and (text := began.read_text()):
            due = min(TOKENS - 1, int((time.monotonic() - float(text)) * RATE))
            worst = max(worst, (due - newest) / RATE)
        if LAST in shown:
            return worst
    raise TimeoutError(f"the answer never ended; last seen: token {newest}")


def chat(home: Path, daemon: OwnDaemon) -> list[Row]:
    """One question, one long answer."""
    began = home / "began"
    began.write_text("")
    server = subprocess.Popen([sys.executable, str(ROOT / "bench/peers.py"), "sse", str(PORT), str(began), str(TOKENS)])
    screen = None
    try:
        _run(daemon)
        empty = sorted(floor()[1] for _ in range(3))[1]
        screen = llmtui(home, DOCKER_HOST=daemon.address)
        screen.until(r"bench-chat +ready", 30)
        screen.settle(1.0)
        for keys in ("c", "i", "go"):
            screen.key(keys)
        screen.settle(0.5)
        cpu = screen.cpu
        screen.type("\r")
        behind = _behind(screen, began)
        screen.settle(0.5)
        return [
            ratio(f"{TOKENS:,} tokens at {RATE} tok/s, CPU", screen.cpu - cpu, empty, "E", 12),
            absolute("the furthest it fell behind", behind, 0.3),
        ]
    finally:
        server.kill()
        server.wait()
        if screen is not None:
            screen.close()
