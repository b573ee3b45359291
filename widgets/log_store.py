"""The lines of a log, kept as big blocks of bytes with arrays of numbers beside them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from widgets.log_text import LONGEST, cells_of

POLL, FRAME, PASSED, DIVIDER = 1, 2, 4, 8
"""Kinds of lines, as bits: a polling line, a traceback's frame, overtaken progress, a divider of our own."""

STAMP = 35
"""Bytes of the longest timestamp: nanoseconds and an offset."""

CHUNK_LINES = 2048
CHUNK_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class LogLines:
    """A batch of lines to show; the sequences run in parallel. Positions count from its first line, older are negative."""

    texts: Sequence[bytes]
    """Whole lines without control characters and newlines."""
    stamps: Sequence[bytes]
    """RFC 3339 timestamps; b"" where there is none."""
    levels: bytes
    """One byte a line: 0 none, 1 debug, 2 info, 3 warning, 4 error, 5 critical."""
    starts: bytes
    """One byte a line: where the message begins."""
    polls: Sequence[int] = ()
    """Positions of polling lines, hidden unless asked for."""
    passed: Sequence[int] = ()
    """Positions of progress that is overtaken."""
    heads: Mapping[int, int] = field(default_factory=dict)
    """Position of a foldable line to its fold's first line."""
    counts: Mapping[int, int] = field(default_factory=dict)
    """Position of a fold's first line to its number of frames."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One stored line."""

    number: int | None
    """What the gutter says, from 1; None for a divider."""
    text: bytes
    stamp: bytes
    level: int
    start: int
    kind: int


@dataclass(slots=True)
class Layout:
    """The rows of a chunk's lines, as they were counted last."""

    view: Hashable
    """How the log was looked at then."""
    ends: array[int]
    """The row of the chunk at which each line ends."""


@dataclass(slots=True)
class Hits:
    """The lines of a chunk that match a pattern."""

    pattern: Hashable
    scanned: int
    """How many lines were looked at."""
    lines: list[int]


class Chunk:
    """Some thousand lines in one block."""

    def __init__(self, first: int, number: int) -> None:
        self.first = first
        """The index of its first line."""
        self.number = number
        """How many numbered lines came before it."""
        self.text = bytearray()
        """The lines, each with a newline after it."""
        self.ends = array("I")
        """Where each line ends in the text, its newline included."""
        self.stamps = bytearray()
        """The timestamps, `STAMP` bytes each, padded with spaces."""
        self.levels = bytearray()
        self.starts = bytearray()
        self.kinds = bytearray()
        self.cells = array("H")
        """Cells of each message as drawn, head left out."""
        self.wide: list[int] = []
        """Lines that are not plain ASCII or are cut."""
        self.backs: dict[int, int] = {}
        """Foldable line to how many lines before it its fold begins."""
        self.dividers: list[int] = []
        self.layout: Layout | None = None
        """Put here by who counts the rows."""
        self.hits: Hits | None = None
        """Put here by who looks for a pattern."""

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        return len(self.text) + 48 * len(self.ends)

    @property
    def full(self) -> bool:
        """Whether no more lines should go into it."""
        return len(self.ends) >= CHUNK_LINES or len(self.text) >= CHUNK_BYTES

    def start(self, at: int) -> int:
        """Give where a line starts in the text."""
        return self.ends[at - 1] if at else 0

    def raw(self, at: int) -> bytes:
        """Give a line whole."""
        return bytes(self.text[self.start(at) : self.ends[at] - 1])

    def stamp(self, at: int) -> bytes:
        """Give a line's timestamp."""
        return bytes(self.stamps[at * STAMP : at * STAMP + STAMP]).rstrip()

    def line(self, at: int) -> LogLine:
        """Give a line with what is known of it."""
        number = None
        if not self.kinds[at] & DIVIDER:
            number = self.number + at + 1 - bisect_left(self.dividers, at)
        return LogLine(number, self.raw(at), self.stamp(at), self.levels[at], self.starts[at], self.kinds[at])

    def numbered(self) -> int:
        """Count its lines that have a number."""
        return len(self.ends) - len(self.dividers)

    def put(self, lines: LogLines, begin: int, end: int) -> None:
        """Take these lines of a batch."""
        texts, starts = lines.texts[begin:end], lines.starts[begin:end]
        base = len(self.ends)
        block = b"\n".join(texts)
        length = len(self.text)
        self.ends.extend(accumulate((len(text) + 1 for text in texts[1:]), initial=length + len(texts[0]) + 1))
        self.text += block
        self.text += b"\n"
        self.stamps += b"".join([stamp[:STAMP].ljust(STAMP) for stamp in lines.stamps[begin:end]])
        self.levels += lines.levels[begin:end]
        self.starts += starts
        self.kinds += bytes(end - begin)
        if block.isascii() and max(map(len, texts)) <= LONGEST:
            self.cells.extend([len(text) - start for text, start in zip(texts, starts, strict=True)])
            return
        for at, (text, start) in enumerate(zip(texts, starts, strict=True), base):
            if text.isascii() and len(text) <= LONGEST:
                self.cells.append(len(text) - start)
            else:
                self.cells.append(cells_of(text[start:]))
                self.wide.append(at)

    def pop(self) -> None:
        """Drop the last line."""
        at = len(self.ends) - 1
        del self.text[self.start(at) :]
        del self.stamps[at * STAMP :]
        for column in (self.ends, self.levels, self.starts, self.kinds, self.cells):
            del column[at:]
        self.backs.pop(at, None)
        for listed in (self.wide, self.dividers):
            if listed and listed[-1] == at:
                listed.pop()
        if self.layout is not None:
            del self.layout.ends[at:]
        if self.hits is not None and self.hits.scanned > at:
            self.hits.scanned = at
            self.hits.lines = [hit for hit in self.hits.lines if hit < at]


class LogStore:
    """All lines that are kept, oldest first; the oldest go when there are too many bytes.

    Lines have an index that never changes: the first ever added is 0.

    Args:
        limit: Bytes to keep at most, about.
    """

    def __init__(self, limit: int = 256_000_000) -> None:
        self.limit = limit
        self.chunks: list[Chunk] = [Chunk(0, 0)]
        self.counts: dict[int, int] = {}
        """A fold's first line to its number of frames."""
        self.polls = 0
        """Kept polling lines."""
        self._bytes = 0
        self._partial = False

    @property
    def first(self) -> int:
        """The index of the oldest line that is kept."""
        return self.chunks[0].first

    @property
    def end(self) -> int:
        """The index that the next line will get."""
        return self.chunks[-1].first + len(self.chunks[-1])

    @property
    def last_number(self) -> int:
        """The number of the last numbered line."""
        return self.chunks[-1].number + self.chunks[-1].numbered()

    @property
    def partial(self) -> bool:
        """Whether the last line is unfinished."""
        return self._partial

    def add(self, lines: LogLines, partial: LogLines | None = None) -> None:
        """Append lines; an unfinished last line goes first, and `partial` becomes the new one."""
        if self._partial:
            self.chunks[-1].pop()
            self._partial = False
        self._append(lines)
        if partial is not None and partial.texts:
            self._append(partial)
            self._partial = True

    def divide(self, text: str, stamp: bytes = b"") -> None:
        """Append a divider of our own."""
        self._partial = False
        self._append(LogLines([text.encode()], [stamp], b"\0", b"\0"))
        chunk = self.chunks[-1]
        chunk.kinds[-1] |= DIVIDER
        chunk.dividers.append(len(chunk) - 1)

    def drop(self) -> bool:
        """Let the oldest go while there is too much; say whether any went."""
        dropped = False
        while self._bytes > self.limit and len(self.chunks) > 1:
            gone = self.chunks.pop(0)
            self._bytes -= gone.weight
            self.polls -= sum(kind & POLL for kind in gone.kinds)
            dropped = True
        if dropped:
            self.counts = {at: count for at, count in self.counts.items() if at >= self.first}
        return dropped

    def chunk_of(self, index: int) -> int:
        """Give which chunk holds the line."""
        return bisect_right(self.chunks, index, key=lambda chunk: chunk.first) - 1

    def at(self, index: int) -> LogLine:
        """Give a line by its index."""
        chunk = self.chunks[self.chunk_of(index)]
        return chunk.line(index - chunk.first)

    def kind(self, index: int) -> int:
        """Give a line's kind."""
        chunk = self.chunks[self.chunk_of(index)]
        return chunk.kinds[index - chunk.first]

    def head_of(self, index: int) -> int | None:
        """Give the first line of the fold that this line belongs to."""
        chunk = self.chunks[self.chunk_of(index)]
        back = chunk.backs.get(index - chunk.first)
        if back is not None:
            return index - back
        return index if index in self.counts else None

    def index_of(self, number: int) -> int | None:
        """Find the line with this number."""
        for chunk in self.chunks:
            if chunk.number < number <= chunk.number + chunk.numbered():
                at = number - chunk.number - 1
                for divider in chunk.dividers:
                    at += divider <= at
                return chunk.first + at
        return None

    def lines(self, start: int, end: int) -> Iterator[LogLine]:
        """Give the lines from `start` up to `end`."""
        for index in range(max(start, self.first), min(end, self.end)):
            yield self.at(index)

    def _append(self, lines: LogLines) -> None:
        base = self.end
        begin, total = 0, len(lines.texts)
        while begin < total:
            chunk = self.chunks[-1]
            if chunk.full:
                chunk = Chunk(self.end, self.last_number)
                self.chunks.append(chunk)
            end = self._room(chunk, lines, begin)
            before = chunk.weight
            chunk.put(lines, begin, end)
            self._bytes += chunk.weight - before
            begin = end
        self._note(lines, base)

    @staticmethod
    def _room(chunk: Chunk, lines: LogLines, begin: int) -> int:
        """Find how many lines of the batch go into this chunk: one at least."""
        end = min(len(lines.texts), begin + CHUNK_LINES - len(chunk))
        room = CHUNK_BYTES - len(chunk.text)
        for at in range(begin, end):
            room -= len(lines.texts[at])
            if room < 0:
                return at + 1
        return end

    def _note(self, lines: LogLines, base: int) -> None:
        """Write down what the batch says about kinds and folds."""
        for at in lines.polls:
            self._mark(base + at, POLL)
        self.polls += len(lines.polls)
        for at in lines.passed:
            self._mark(base + at, PASSED)
        for at, head in lines.heads.items():
            if base + head >= self.first:
                chunk = self._mark(base + at, FRAME)
                chunk.backs[base + at - chunk.first] = at - head
        for head, count in lines.counts.items():
            self.counts[base + head] = count

    def _mark(self, index: int, kind: int) -> Chunk:
        at = self.chunk_of(index)
        chunk = self.chunks[max(at, 0)]
        if index >= chunk.first:
            chunk.kinds[index - chunk.first] |= kind
            if chunk.layout is not None and index - chunk.first < len(chunk.layout.ends):
                chunk.layout = None
        return chunk
