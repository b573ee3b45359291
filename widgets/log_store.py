"""All lines of a log that are kept, in chunks, bounded by bytes."""

from __future__ import annotations

from bisect import bisect_right

from widgets.log_chunk import CHUNK_BYTES, CHUNK_LINES, DIVIDER, FRAME, PASSED, POLL, Chunk, LogLine, LogLines


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

    def number_from(self, stamp: bytes) -> int | None:
        """Find the number of the first line that was written at this moment or later."""
        for chunk in self.chunks:
            if not len(chunk) or b"" < chunk.stamp(len(chunk) - 1) < stamp:
                continue
            for at in range(len(chunk)):
                if chunk.stamp(at) >= stamp and not chunk.kinds[at] & DIVIDER:
                    return chunk.line(at).number
        return None

    def snapshot(self) -> list[tuple[Chunk, int]]:
        """Give the chunks with how many finished lines each has now; another thread may read those."""
        chunks = [(chunk, len(chunk)) for chunk in self.chunks]
        if self._partial:
            chunks[-1] = (self.chunks[-1], len(self.chunks[-1]) - 1)
        return chunks

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
