"""A program in a terminal of 160 x 45, with what it cost: wall seconds, CPU seconds, memory."""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.terminal import ROOT, Terminal

ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_=>])")


class Screen(Terminal):
    """One measured program; the clock starts when it does."""

    def __init__(self, arguments: Sequence[str], **environ: str) -> None:
        self.began = time.monotonic()
        super().__init__(arguments, True, 45, 160, **environ)
        self.plain = bytearray()
        """What was written, without escapes."""
        self.heard = self.began
        """When the last bytes came."""

    def pump(self, seconds: float) -> bool:
        """Take what comes within this time; say whether anything did."""
        if not select.select([self.master], [], [], max(0.0, seconds))[0]:
            return False
        at = len(self.written)
        self.read_once()
        self.heard = time.monotonic()
        self.plain += ESCAPES.sub(b"", self.written[at:])
        return True

    def until(self, pattern: str, seconds: float = 60, start: int = 0) -> float:
        """Wait until the text written from `start` on matches; give the moment.

        Raises:
            TimeoutError: It never came.
        """
        wanted = re.compile(pattern.encode())
        end = time.monotonic() + seconds
        at = start
        while not wanted.search(self.plain, at):
            at = max(start, len(self.plain) - 4000)
            if time.monotonic() > end or (self.process.poll() is not None and not self.pump(0)):
                raise TimeoutError(f"{pattern!r} never came; last: {self.plain[-300:]!r}")
            self.pump(0.02)
        return self.heard

    def settle(self, quiet: float = 0.3, most: float = 5.0) -> None:
        """Wait until nothing has been written for a while."""
        end = time.monotonic() + most
        while time.monotonic() < end and self.pump(quiet):
            pass

    def key(self, keys: str, quiet: float = 0.03) -> float:
        """Press a key; give the seconds until the last byte of its answer."""
        pressed = time.monotonic()
        self.heard = pressed
        self.type(keys)
        while self.pump(0.5 if self.heard == pressed else quiet):
            if time.monotonic() - pressed > 2:
                break
        return self.heard - pressed

    @property
    def cpu(self) -> float:
        """CPU seconds of the process so far, all its threads, living and ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> float:
        """The most memory it ever held, MB."""
        with contextlib.suppress(OSError):
            found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
            return int(found[1]) / 1000 if found else 0.0
        return 0.0


def llmtui(home: Path, *options: str, **environ: str) -> Screen:
    """Open the app with a home of its own, in English."""
    return Screen(["-m", "tui", "--home", str(home), "--lang", "en", *options], **environ)


def peer(*arguments: str) -> Screen:
    """Open one of the small programs."""
    return Screen([str(ROOT / "bench/peers.py"), *arguments], TEXTUAL_DISABLE_KITTY_KEY="1")


def median(measure: Callable[[], tuple[float, ...]], times: int) -> tuple[float, ...]:
    """Measure some times; give the median of each figure."""
    rows = [measure() for _ in range(times)]
    return tuple(sorted(column)[len(column) // 2] for column in zip(*rows, strict=True))
