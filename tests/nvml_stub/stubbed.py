"""A process that reads the stub's cards, for tests that change the cards while it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.nvml_stub.build import environment, put
from tests.nvml_stub.cards import Card

ROOT = Path(__file__).parents[2]


class Stubbed:
    """The reader of `tests.nvml_stub.reader` over a folder with the library; an empty folder is a machine without a driver.

    Args:
        folder: Where the library lies, or does not.
        card: What the cards say at first.
        wsl: Whether the reader takes itself to be on WSL2.
    """

    def __init__(self, folder: Path, card: Card, *, wsl: bool = False) -> None:
        self._folder = folder
        meminfo = folder / "meminfo"
        meminfo.write_text("MemTotal:       131072 kB\nMemFree:  1 kB\nMemAvailable:    32768 kB\n")
        put(folder, card)
        words = [str(meminfo), "wsl" if wsl else "linux"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nvml_stub.reader", *words],
            cwd=ROOT,
            env={**os.environ, **environment(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._guard = threading.Timer(30, self._process.kill)
        self._guard.start()

    def put(self, card: Card) -> None:
        """Change the cards under its eyes."""
        put(self._folder, card)

    def say(self, command: str = "read") -> Any:
        """Put one command; give the answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> int:
        """Let it end by itself; give its exit code."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        code = self._process.wait(20)
        self._process.stdout.close()
        self._guard.cancel()
        return code
