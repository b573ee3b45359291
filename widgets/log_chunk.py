"""Some thousand lines of a log as one block of bytes with arrays of numbers beside it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
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
    _shown: tuple[int, int, int] = (0, 0, 0)

    @property
    def shown(self) -> int:
        """How many lines take a row at all; counted again only when there are others."""
        state = (len(self.ends), self.ends[-1] if self.ends else 0)
        if self._shown[:2] != state:
            self._shown = (*state, len(set(self.ends) - {0}))
        return self._shown[2]


@dataclass(slots=True)
class Hits:
    """The lines of a chunk that match a pattern."""

    pattern: object
    """Which search it was: its key, compared by identity."""
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
