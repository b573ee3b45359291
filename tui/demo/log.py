"""What a simulated container has written, and who reads along."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

from tui.demo.source import DemoSource
from tui.services.engine import LogBatch

STAMP = 30
"""Characters of a timestamp."""


class DemoLog:
    """The lines of one container with their timestamps; written by a thread, read by others."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._readers: list[DemoSource[LogBatch]] = []
        self._lock = threading.Lock()

    def write(self, texts: Iterable[str], when: float) -> None:
        """Add lines that were written at a moment (seconds since the epoch)."""
        stamp = time_text(when)
        lines = tuple(f"{stamp} {text}".encode() for text in texts)
        with self._lock:
            self._lines += lines
            readers = tuple(self._readers)
            for reader in readers:
                reader.put(LogBatch(lines))

    def read(self, tail: int | None, since: float | None, follow: bool) -> DemoSource[LogBatch]:
        """Stream what is there, and with `follow` what comes."""
        with self._lock:
            lines = self._lines
            if since is not None:
                start = time_text(since).encode()
                lines = [line for line in lines if line[:STAMP] >= start]
            if tail is not None:
                lines = lines[max(0, len(lines) - tail) :]
            source = DemoSource([LogBatch(tuple(lines))] if lines else [], self._forget)
            if follow:
                self._readers.append(source)
            else:
                source.end()
        return source

    def end(self) -> None:
        """End the streams of whoever follows: the container has ended."""
        with self._lock:
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.end()

    def close(self) -> None:
        """Close the streams of whoever follows."""
        with self._lock:
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.close()

    def _forget(self, source: DemoSource[LogBatch]) -> None:
        with self._lock:
            if source in self._readers:
                self._readers.remove(source)


def time_text(when: float) -> str:
    """Write a time as an engine does: nine digits and a Z, always as long."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
