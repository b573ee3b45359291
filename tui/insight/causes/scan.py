"""Finds literals in a log of any length: read once in chunks, each line that holds one read closely, memory bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tui.insight.causes.lines import Line, read_line

CHUNK = 1 << 20
AHEAD = 1 << 15
"""Bytes kept unread behind a chunk, so that what follows a line is at hand."""
BEHIND = 1 << 12
FOLLOWING = 10
"""Lines of the same process that are handed on with a found one."""
MOST = 48
"""Times that one literal is looked at in a chunk, from its begin; and once more at its end."""
LONGEST_LINE = 4 << 20
"""Bytes; what has no newline for longer is read in parts."""


class Found(NamedTuple):
    """A line with literals in it."""

    number: int
    line: Line
    before: str
    """The message of the line before, "" at the top."""
    after: str
    """The messages of the following lines of the same process, joined by newlines."""
    needles: tuple[bytes, ...]
    """The literals that it holds."""


def chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Read until there is no more."""
    while block := read(CHUNK):
        yield block


class Scanner:
    """Feeds on blocks of bytes and gives the found lines in their order."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._needles = tuple(dict.fromkeys(needles))
        self._buffer = b""
        self._start = 0
        """What stands before is context that has been searched."""
        self._number = 1
        """Number of the line that begins at the start."""

    @property
    def lines(self) -> int:
        """Number of the last line so far."""
        return self._number

    def feed(self, block: bytes) -> list[Found]:
        """Take a block; give what is certain by now."""
        self._buffer += block
        cut = self._buffer.rfind(b"\n", self._start, max(self._start, len(self._buffer) - AHEAD)) + 1
        if cut <= self._start:
            if len(self._buffer) - self._start < LONGEST_LINE:
                return []
            cut = len(self._buffer) - AHEAD
        return self._search(cut)

    def finish(self) -> list[Found]:
        """Give the rest."""
        return self._search(len(self._buffer))

    def _search(self, cut: int) -> list[Found]:
        buffer, start = self._buffer, self._start
        places: dict[int, list[bytes]] = {}
        for needle in self._needles:
            at = buffer.find(needle, start, cut)
            count = 0
            while at >= 0 and count < MOST:
                places.setdefault(at, []).append(needle)
                line_end = buffer.find(b"\n", at, cut)
                at = buffer.find(needle, line_end, cut) if line_end >= 0 else -1
                count += 1
            if at >= 0:
                places.setdefault(buffer.rfind(needle, start, cut), []).append(needle)
        found = self._read(places, cut)
        keep = max(0, cut - BEHIND)
        self._buffer, self._start = buffer[keep:], cut - keep
        return found

    def _read(self, places: dict[int, list[bytes]], cut: int) -> list[Found]:
        buffer, at, number = self._buffer, self._start, self._number
        rows: dict[int, tuple[int, int, list[bytes]]] = {}
        for place in sorted(places):
            number += buffer.count(b"\n", at, place)
            at = place
            if number in rows:
                rows[number][2].extend(places[place])
            else:
                rows[number] = (buffer.rfind(b"\n", 0, place) + 1, place, list(places[place]))
        self._number = number + buffer.count(b"\n", at, cut)
        return [self._found(number, *row) for number, row in rows.items()]

    def _found(self, number: int, begin: int, place: int, needles: list[bytes]) -> Found:
        buffer = self._buffer
        end = _line_end(buffer, begin)
        line = read_line(buffer[begin:end], place - begin)
        before = ""
        if begin > 0:
            before = read_line(buffer[buffer.rfind(b"\n", 0, begin - 1) + 1 : begin - 1]).text
        return Found(number, line, before, "\n".join(self._after(end + 1, line.process)), tuple(dict.fromkeys(needles)))

    def _after(self, at: int, process: str) -> Iterator[str]:
        given = 0
        for _ in range(FOLLOWING * 4):
            if at >= len(self._buffer) or given == FOLLOWING:
                return
            end = _line_end(self._buffer, at)
            line = read_line(self._buffer[at : min(end, at + 4000)])
            if line.process == process:
                given += 1
                yield line.text
            at = end + 1


def _line_end(buffer: bytes, at: int) -> int:
    end = buffer.find(b"\n", at)
    return len(buffer) if end < 0 else end
