"""With --ascii the terminal gets nothing but ASCII, wherever one goes."""

from __future__ import annotations

import time
from pathlib import Path

import pyte

from tests.terminal import Terminal

ROWS, COLUMNS = 36, 120

ROUTE = (
    ("", "qwen3-8b"),
    ("j", "path   Qwen"),
    ("\x1bOP", "Keys that work here"),
    ("\x1b", "bge-m3"),
    ("l", "Log"),
    ("m", ""),
    ("\x1b", ""),
    ("e", "served-model-name"),
    ("\x1b", ""),
    ("d", "Remove qwen3-8b"),
    ("n", ""),
    ("c", "rite a message"),
    ("Who are you?\r", "tokens . stop"),
    ("\x1b", ""),
    ("n", "New server"),
    ("\x1b", ""),
    ("\x10", "Commands"),
)
"""What is pressed, and what comes of it; "" is a moment without waiting for anything."""


class Seen:
    """What stands on the screen: only changed cells are written, so no text need ever come in one piece."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.written = b""
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)

    def wait_for(self, words: str, seconds: float = 20) -> None:
        """Read until the words stand there, and a moment longer."""
        self.written = b""
        until = time.monotonic() + seconds
        self.take(0.3)
        while words not in "\n".join(self.screen.display):
            assert time.monotonic() < until, f"{words!r} never came:\n" + "\n".join(self.screen.display)
            self.take(0.1)
        self.take(0.3)

    def take(self, seconds: float) -> None:
        """Read what comes within this time."""
        new = bytes(self.terminal.read(seconds))
        self.terminal.written.clear()
        self.written += new
        self.stream.feed(new.replace(b"\x1b[<u", b""))


def test_no_byte_is_above_ascii(tmp_path: Path) -> None:
    arguments = ["-m", "tui", "--demo", "--ascii", "--lang", "en", "--home", str(tmp_path)]
    terminal = Terminal(arguments, rows=ROWS, columns=COLUMNS, TEXTUAL_ANIMATIONS="none")
    seen = Seen(terminal)
    try:
        for keys, words in ROUTE:
            terminal.type(keys)
            seen.wait_for(words)
            assert [byte for byte in seen.written if byte > 0x7F] == [], f"after {keys!r}"
    finally:
        terminal.close()
