"""Which lines of a log are a traceback's frames: what can be folded away, leaving its first line and the exception."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARK = b"raceback (most recent call last):"
_OPENING = re.compile(rb"[ |+]*(?:Exception Group )?Traceback \(most recent call last\):")
_FRAME = re.compile(rb"[ |]*File \"")


@dataclass(slots=True)
class _Open:
    """A traceback whose exception has not come yet."""

    head: int
    """Ordinal of its first line."""
    indent: int
    frames: int = 0


@dataclass(slots=True)
class Frames:
    """What a batch of lines says about tracebacks; positions count from the batch's first line, older ones are negative."""

    heads: dict[int, int] = field(default_factory=dict)
    """Position of a line that can be folded away to the position of its traceback's first line."""
    counts: dict[int, int] = field(default_factory=dict)
    """Position of a traceback's first line to how many frames it has so far."""


class Tracebacks:
    """Follows tracebacks through a log, one open at a time for each process, as processes write between each other."""

    def __init__(self) -> None:
        self._open: dict[bytes, _Open] = {}
        self._read = 0

    def close(self) -> None:
        """Forget the open ones: what comes now belongs to nothing before."""
        self._open.clear()

    def read(self, lines: list[bytes], starts: bytes, processes: list[bytes]) -> Frames:
        """Find the frames in the next lines (cleaned, with heads read)."""
        found = Frames()
        base = self._read
        self._read += len(lines)
        position = 0
        while position < len(lines):
            if not self._open:
                position = self._next_opening(lines, position)
                if position == len(lines):
                    break
            self._step(found, base, position, lines[position][starts[position] :], processes[position])
            position += 1
        return found

    @staticmethod
    def _next_opening(lines: list[bytes], position: int) -> int:
        for index in range(position, len(lines)):
            if _MARK in lines[index]:
                return index
        return len(lines)

    def _step(self, found: Frames, base: int, position: int, text: bytes, process: bytes) -> None:
        opening = _OPENING.match(text) if _MARK in text else None
        if opening:
            indent = len(text) - len(text.lstrip(b" |+"))
            self._open[process] = _Open(base + position, indent)
            found.counts[position] = 0
            return
        here = self._open.get(process)
        if here is None:
            return
        deeper = text[: here.indent + 1].strip(b" |+") == b"" and len(text) > here.indent
        if not deeper:
            del self._open[process]
            return
        found.heads[position] = here.head - base
        if _FRAME.match(text):
            here.frames += 1
        found.counts[here.head - base] = here.frames
