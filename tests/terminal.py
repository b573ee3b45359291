"""A terminal for tests: a program in a pty, what it wrote, and how it left the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

ROOT = Path(__file__).parents[1]
OURS = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
"""Our environment without a size, which would outweigh the terminal's own."""
MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")


class Terminal:
    """One program in a pty of its own; answers the cursor report as a terminal does, one column a character."""

    def __init__(
        self, arguments: Sequence[str], answers: bool = True, rows: int = 24, columns: int = 80, **environ: str
    ) -> None:
        self.written = bytearray()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._answers = answers
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
            cwd=ROOT,
            env={**OURS, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environ},
        )

    def read(self, seconds: float) -> bytearray:
        """Read what comes within this time; give all that was written so far."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            self.read_once()
        return self.written

    def read_once(self) -> None:
        """Read what is there, waiting for at least a byte."""
        got = os.read(self.master, 65536)
        if self._answers and b"\x1b[6n" in got:
            text = got.split(b"\x1b[6n")[0].split(b"\x1b[8m")[-1].split(b"\x1b")[0]
            os.write(self.master, b"\x1b[1;%dR" % (len(text.decode()) + 1))
        self.written += got
        self._stream.feed(got)

    def wait_for(self, text: str, seconds: float = 15) -> None:
        """Read until this text came, or stands on the screen: only changed cells are written, so it need not come in one piece."""
        until = time.monotonic() + seconds
        while text.encode() not in self.written and text not in self.shown:
            assert time.monotonic() < until, f"{text!r} never came:\n{self.shown}"
            self.read(0.05)

    @property
    def shown(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(self.screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def end(self, number: signal.Signals | None = None, seconds: float = 5) -> float:
        """Send a signal (or only wait), read to the end; give the seconds until the process was gone."""
        began = time.monotonic()
        if number is not None:
            self.process.send_signal(number)
        while self.process.poll() is None:
            assert time.monotonic() < began + seconds, f"still there: {self.written[-300:]!r}"
            self.read(0.01)
        took = time.monotonic() - began
        self.read(0.05)
        return took

    @property
    def left_on(self) -> set[str]:
        """The private modes that were switched on and never off (25, the cursor, and 7, wrap, the other way round)."""
        state = {"25": "h", "7": "h"}
        for modes, letter in MODE.findall(self.written):
            state.update({mode: letter.decode() for mode in modes.decode().split(";")})
        return {mode for mode, letter in state.items() if (letter == "h") != (mode in ("25", "7"))}

    @property
    def cooked(self) -> bool:
        """Whether the line discipline is what it was."""
        return termios.tcgetattr(self.slave) == self.before

    def close(self) -> None:
        """End what is left."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)
