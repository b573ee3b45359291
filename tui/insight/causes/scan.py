"""Finds literals in a log of any length: read once in chunks, each line that holds one read closely, memory bounded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from tui.insight.causes.lines import Line, read_line

CHUNK = 1 << 20
AHEAD = 1 << 18
"""Bytes kept unread behind a chunk, so that what follows a line is at hand; so much of a log's end is read closely."""
BEHIND = 1 << 12
FOLLOWING = 10
"""Lines of the same process that are handed on with a found one."""
MOST = 24
"""Times that one literal is looked at in a chunk, from its begin; and once more at its end."""
GATES = (
    b"rror",
    b"ERROR",
    b"xception",
    b"WARN",
    b"ailed",
    b"aemon",
    b"docker",
    b"Client",
    b"NCCL",
    b"not ",
    b"ot Found",
    b"illed",
)
"""What nearly every complaint holds: in the middle of a long log only lines with one of these are searched for all signs."""
FRAME = b'  File "'
NEAR = 1 << 13
"""Bytes within which two begins are those of one boot."""
DENSE = 1 << 16
"""Bytes of such lines that are searched at a chunk's begin, and as many at its end."""
LONGEST_LINE = 4 << 20
"""Bytes; what has no newline for longer is read in parts."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line with literals in it."""

    number: int
    line: Line
    needles: tuple[bytes, ...]
    """The literals that it holds."""
    buffer: bytes = field(repr=False)
    begin: int
    end: int

    @property
    def before(self) -> str:
        """The message of the line before, "" at the top."""
        if self.begin == 0:
            return ""
        return read_line(self.buffer[self.buffer.rfind(b"\n", 0, self.begin - 1) + 1 : self.begin - 1]).text

    @property
    def after(self) -> str:
        """The messages of the following lines of the same process, joined by newlines."""
        return "\n".join(self._after())

    def _after(self) -> Iterator[str]:
        at, given = self.end + 1, 0
        for _ in range(FOLLOWING * 4):
            if at >= len(self.buffer) or given == FOLLOWING:
                return
            end = _line_end(self.buffer, at)
            line = read_line(self.buffer[at : min(end, at + 4000)])
            if line.process == self.line.process:
                given += 1
                yield line.text
            at = end + 1


def chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Read until there is no more."""
    while block := read(CHUNK):
        yield block


class Scanner:
    """Feeds on blocks of bytes and gives the found lines in their order."""

    def __init__(
        self,
        marks: Iterable[bytes],
        signs: Iterable[bytes],
        begins: Iterable[bytes] = (),
        frames: Iterable[bytes] = (),
    ) -> None:
        self._frames = tuple(frames)
        """Searched for where there are tracebacks."""
        self._begins = tuple(begins)
        """What a boot begins with."""
        self.skipped = False
        """Boots have been passed over: the next begin is that of a new one."""
        self._marks = tuple(dict.fromkeys(marks))
        """Searched for everywhere."""
        self._signs = tuple(one for one in dict.fromkeys(signs) if one not in set(self._marks))
        """Searched for everywhere at both ends, and in complaints between them."""
        self._first = True
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
        found = self._search(cut, self._first)
        self._first = False
        return found

    def finish(self) -> list[Found]:
        """Give the rest."""
        return self._search(len(self._buffer), True)

    def _search(self, cut: int, closely: bool) -> list[Found]:
        places: dict[int, list[bytes]] = {}
        start = self._newest(cut)
        traced = self._buffer.find(FRAME, start, cut) >= 0
        for at, needle in _places(self._buffer, (*self._marks, *(self._frames if traced else ())), start, cut):
            places.setdefault(at, []).append(needle)
        if closely:
            for at, needle in _places(self._buffer, self._signs, start, cut):
                places.setdefault(at, []).append(needle)
        else:
            self._complaints(places, start, cut)
        return self._given(places, cut)

    def _newest(self, cut: int) -> int:
        """Where to begin: at the last boot, if several lie in this piece; what was before is over."""
        buffer, start = self._buffer, self._start
        first = [at for at in (buffer.find(one, start, cut) for one in self._begins) if at >= 0]
        last = max((buffer.rfind(one, start, cut) for one in self._begins), default=-1)
        if not first or last - min(first) < NEAR:
            return start
        self.skipped = True
        return max(start, buffer.rfind(b"\n", 0, max(start, last - NEAR)) + 1)

    def _complaints(self, places: dict[int, list[bytes]], start: int, cut: int) -> None:
        """Note the signs in lines that hold a gate, up to DENSE bytes of such lines at each end."""
        buffer = self._buffer
        lines: dict[int, int] = {}
        for gate in GATES:
            at = buffer.find(gate, start, cut)
            while at >= 0:
                begin, end = buffer.rfind(b"\n", 0, at) + 1, _line_end(buffer, at)
                lines[begin] = end
                at = buffer.find(gate, end, cut)
        spans = _dense(sorted(lines.items()))
        block = b"\n".join([buffer[begin:end] for begin, end in spans])
        starts = list(accumulate((end - begin + 1 for begin, end in spans), initial=0))
        for at, needle in _places(block, self._signs, 0, len(block)):
            row = bisect_right(starts, at) - 1
            places.setdefault(spans[row][0] + at - starts[row], []).append(needle)

    def _given(self, places: dict[int, list[bytes]], cut: int) -> list[Found]:
        buffer = self._buffer
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
        end = _line_end(self._buffer, begin)
        line = read_line(self._buffer[begin:end], place - begin)
        return Found(number, line, tuple(dict.fromkeys(needles)), self._buffer, begin, end)


def _line_end(buffer: bytes, at: int) -> int:
    end = buffer.find(b"\n", at)
    return len(buffer) if end < 0 else end


def _places(buffer: bytes, needles: tuple[bytes, ...], start: int, cut: int) -> Iterator[tuple[int, bytes]]:
    """Give where each literal stands, once a line and not too often."""
    for needle in needles:
        at = buffer.find(needle, start, cut)
        count = 0
        while at >= 0 and count < MOST:
            yield at, needle
            line_end = buffer.find(b"\n", at, cut)
            at = buffer.find(needle, line_end, cut) if line_end >= 0 else -1
            count += 1
        if at >= 0:
            yield buffer.rfind(needle, start, cut), needle


def _dense(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep the first and the last DENSE bytes of so many lines."""
    if sum(end - begin for begin, end in lines) <= 2 * DENSE:
        return lines
    first = list(_up_to(iter(lines)))
    last = list(_up_to(reversed(lines)))[::-1]
    return first + [one for one in last if one[0] > first[-1][0]]


def _up_to(lines: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    left = DENSE
    for begin, end in lines:
        yield begin, end
        left -= end - begin
        if left <= 0:
            return
