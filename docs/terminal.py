"""A terminal without a window: runs a program in a pty, presses keys, and knows what stands on the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

import pyte
from terminal_svg import text

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "esc": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}
KEYS |= {f"f{n + 1}": code for n, code in enumerate(("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~"))}
KEYS |= {f"f{n + 7}": code for n, code in enumerate(("\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~"))}
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*(\$p|u)|\x1b[P_^][^\x1b]*\x1b\\")
"""Sequences that pyte would print: the kitty keyboard, mode questions, strings for the terminal."""
UNFINISHED = re.compile(rb"\x1b(\[[0-9;?<>=$]*)?$")
SYNC_ASKED, SYNC_KNOWN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
STILL = 0.4
"""Seconds without output after which a screen counts as drawn."""
MOST = 3.0
"""Seconds after which it is taken as it is: something on it always moves."""


class Terminal:
    """One program on a screen of its own."""

    def __init__(self, command: Sequence[str], columns: int, rows: int, environ: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            environ = {**os.environ, **environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(command[0], list(command), environ)  # noqa: S606 (the caller's own program, in a terminal of its own)
        self.screen.write_process_input = lambda data: os.write(self._fd, data.encode())  # type: ignore[method-assign]

    def press(self, key: str) -> None:
        """Press one key by its name: enter, ctrl+l, f1, x."""
        code = KEYS.get(key) or (chr(ord(key[5]) & 31) if key.startswith("ctrl+") else key)
        os.write(self._fd, code.encode())

    def type(self, words: str) -> None:
        """Type a text."""
        os.write(self._fd, words.encode())

    def until(self, words: str, seconds: float) -> bool:
        """Wait until one of the texts (`ready|就绪`) stands on the screen; say whether it does."""
        end = time.monotonic() + seconds
        while not any(word in text(self.screen) for word in words.split("|")):
            if time.monotonic() > end or not self._read(0.1):
                return False
        return True

    def settle(self, still: float = STILL, most: float = MOST) -> None:
        """Wait until the screen has not changed for `still` seconds, `most` seconds at the longest."""
        end = time.monotonic() + most
        quiet = time.monotonic()
        while time.monotonic() < end and time.monotonic() - quiet < still:
            before = text(self.screen)
            if not self._read(0.1):
                return
            if text(self.screen) != before:
                quiet = time.monotonic()

    def close(self) -> None:
        """End the program, by force when it does not go."""
        for kind, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0)):
            try:
                os.kill(self._pid, kind)
            except ProcessLookupError:
                break
            end = time.monotonic() + patience
            while time.monotonic() < end:
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    os.close(self._fd)
                    return
                self._read(0.05)
        os.close(self._fd)

    def _read(self, seconds: float) -> bool:
        """Take what the program wrote within this time; False when it has ended."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            data = self._rest + os.read(self._fd, 65536)
        except OSError:
            return False
        if SYNC_ASKED in data:
            os.write(self._fd, SYNC_KNOWN)
        cut = UNFINISHED.search(data)
        self._rest = data[cut.start() :] if cut else b""
        self._stream.feed(UNKNOWN.sub(b"", data[: cut.start()] if cut else data))
        return True
