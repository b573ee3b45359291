"""A program in a terminal of 160 x 45, with what it cost: wall seconds, CPU seconds, memory."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.terminal import ROOT, Terminal

ROWS, COLUMNS = 45, 160
PIECES = re.compile(
    r"\x1b\[(?P<y>\d*);?(?P<x>\d*)H|(?P<clear>\x1b\[2?J)"
    r"|(?P<other>\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[@-OQ-WYZ\\=>78]))"
    r"|(?P<text>[^\x00-\x1f\x7f]+)|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
)


class Shown:
    """What stands on a terminal: characters alone, without their colours."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._x = self._y = 0
        self._clear()

    def _clear(self) -> None:
        self._cells = [[" "] * COLUMNS for _ in range(ROWS)]

    def feed(self, data: bytes) -> None:
        """Take what was written; an escape that is not whole yet waits for its end."""
        text, at = self._rest + self._decoder.decode(data), 0
        while found := PIECES.match(text, at):
            at = found.end()
            if found["text"]:
                self._write(found["text"])
            elif found["clear"]:
                self._clear()
            elif found["control"]:
                self._x = 0 if found["control"] == "\r" else self._x
                self._y += found["control"] == "\n"
            elif not found["other"]:
                self._y, self._x = (int(found[axis] or 1) - 1 for axis in "yx")
        self._rest = text[at:]

    def _write(self, text: str) -> None:
        for character in text:
            if self._y < ROWS and self._x < COLUMNS:
                self._cells[self._y][self._x] = character
            if unicodedata.east_asian_width(character) in "WF":
                self._x += 1
                if self._y < ROWS and self._x < COLUMNS:
                    self._cells[self._y][self._x] = ""
            self._x += 1

    def __str__(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self._cells)


class Screen(Terminal):
    """One measured program; the clock starts when it does."""

    def __init__(self, arguments: Sequence[str], **environ: str) -> None:
        self.began = time.monotonic()
        super().__init__(arguments, True, ROWS, COLUMNS, **environ)
        self.shown = Shown()
        self.heard = self.began
        """When the last bytes came."""

    def pump(self, seconds: float) -> bool:
        """Take what comes within this time; say whether anything did."""
        if not select.select([self.master], [], [], max(0.0, seconds))[0]:
            return False
        at = len(self.written)
        self.read_once()
        self.heard = time.monotonic()
        self.shown.feed(bytes(self.written[at:]))
        return True

    def until(self, pattern: str, seconds: float = 60, unlike: str = "") -> float:
        """Wait until what stands on the screen matches, with other words than these; give the moment.

        Raises:
            TimeoutError: It never came.
        """
        wanted = re.compile(pattern)
        end = time.monotonic() + seconds
        while not (found := wanted.search(str(self.shown))) or found[0] == unlike:
            if time.monotonic() > end or (self.process.poll() is not None and not self.pump(0)):
                raise TimeoutError(f"{pattern!r} never came:\n{self.shown}")
            while not self.pump(0.02) and time.monotonic() < end and self.process.poll() is None:
                pass
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
