"""Log lines for tests, and an app around a log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from textual import on
from textual.app import App, ComposeResult
from textual.message import Message

from widgets.log_box import LogBox
from widgets.log_chunk import LogLines
from widgets.log_view import LogView

STAMP = b"2026-11-24T07:05:59.942668482Z"


def lines_of(*texts: str | bytes, level: int = 0, start: int = 0, **more: object) -> LogLines:
    """Make a batch of lines that all have the same level."""
    raw = [text.encode() if isinstance(text, str) else text for text in texts]
    return LogLines(raw, [STAMP] * len(raw), bytes([level]) * len(raw), bytes([start]) * len(raw), **more)  # type: ignore[arg-type]


def traceback_of(frames: int) -> LogLines:
    """Make a traceback with so many frames, and its exception."""
    texts = ["Traceback (most recent call last):", *(f'  File "f{at}.py"' for at in range(frames)), "ValueError: no"]
    return lines_of(*texts, level=4, heads={at + 1: 0 for at in range(frames)}, counts={0: frames})


class LogApp(App[None]):
    """A log alone on the screen."""

    def __init__(self, limit: int = 256_000_000) -> None:
        super().__init__()
        self._limit = limit
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield LogBox(limit=self._limit, save_as="/nowhere/x.log")

    def on_mount(self) -> None:
        self.view.focus()

    @property
    def view(self) -> LogView:
        """The log."""
        return self.query_one(LogView)

    def put(self, lines: LogLines, partial: LogLines | None = None) -> None:
        """Add lines and draw them at once."""
        self.view.add(lines, partial)
        self.view.sync()

    @property
    def subtitle(self) -> str:
        """What stands below the log."""
        return self.query_one(LogBox).border_subtitle or ""

    @on(LogView.Copied)
    def _copied(self, event: LogView.Copied) -> None:
        self.messages.append(event)

    def rows(self) -> list[str]:
        """What is drawn now, row by row, without trailing blanks."""
        view = self.view
        return [view.render_line(y).text.rstrip() for y in range(view.face.height)]


async def until(what: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for a condition.

    Raises:
        AssertionError: It did not come true in time.
    """
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "the condition did not come true"
        await asyncio.sleep(0.01)
