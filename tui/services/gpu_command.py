"""Running the tools that tell of GPUs, on this machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence

Run = Callable[[Sequence[str]], tuple[int, str]]
"""Runs a command and gives its exit code and what it wrote; 127 where there is no such program.

It may run here or inside a container, blocks its thread for a few seconds at most, and raises `GpuAbsent` when there is nowhere
to run it.
"""
PATIENCE = 10.0
"""Seconds after which a tool that hangs is ended."""


def run_here(command: Sequence[str]) -> tuple[int, str]:
    """Run a tool on this machine; its complaints are given only when it fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        return 127, str(error)
    except subprocess.TimeoutExpired:
        return 124, f"{command[0]}: no answer within {PATIENCE:.0f} s"
    output = done.stdout + (done.stderr if done.returncode else b"")
    return done.returncode, output.decode("utf-8", "replace")
