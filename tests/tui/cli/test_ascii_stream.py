"""With --ascii the terminal gets nothing but ASCII, wherever one goes."""

from __future__ import annotations

from pathlib import Path

from tests.terminal import Terminal

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


def test_no_byte_is_above_ascii(tmp_path: Path) -> None:
    arguments = ["-m", "tui", "--demo", "--ascii", "--lang", "en", "--home", str(tmp_path)]
    terminal = Terminal(arguments, rows=36, columns=120, TEXTUAL_ANIMATIONS="none")
    try:
        for keys, words in ROUTE:
            terminal.written.clear()
            terminal.type(keys)
            terminal.read(0.3)
            terminal.wait_for(words, 20)
            terminal.read(0.3)
            assert [byte for byte in terminal.written if byte > 0x7F] == [], f"after {keys!r}"
    finally:
        terminal.close()
