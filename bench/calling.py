"""What the command costs without the app, and the app's first frame where there is nothing to find."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.report import Row, ratio
from bench.screen import median
from bench.starting import NOWHERE, TIMES, beside, floor
from tests.terminal import ROOT


def _called(home: Path, *arguments: str) -> tuple[float]:
    """CPU seconds of one call."""
    before = os.times()
    command = [sys.executable, "-m", "tui", "--home", str(home), "--lang", "en", *arguments]
    environ = {**os.environ, "DOCKER_HOST": NOWHERE}
    subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False, timeout=30)
    after = os.times()
    return (after.children_user + after.children_system - before.children_user - before.children_system,)


def verbs(home: Path) -> list[Row]:
    """The command, each way it ends at once."""
    rows = []
    for words, goal in (("--version", 0.2), ("--help", 0.2), ("status", 0.9)):
        (cpu,) = median(lambda words=words: _called(home, words), TIMES)  # type: ignore[misc]
        name = "status, the engine does not answer" if words == "status" else words
        _wall, empty = median(floor, TIMES)
        rows.append(ratio(f"llmtui {name}, CPU", cpu, empty, "E", goal))
    return rows


def bare(home: Path) -> list[Row]:
    """The first frame on a machine with no engine, no driver and no program that knows one."""
    hidden = home / "bare"
    hidden.mkdir(exist_ok=True)
    for module in ("pynvml", "docker"):
        (hidden / f"{module}.py").write_text("raise ImportError\n")
    ours, empty = beside(home, "Servers", DOCKER_HOST=NOWHERE, PATH=str(hidden), PYTHONPATH=str(hidden))
    return [ratio("first frame with no GPU, no NVML, no Docker, CPU", ours[1], empty[1], "E", 1.3)]
