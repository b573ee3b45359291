"""Finds a pattern through the whole log without ever taking long at once."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from widgets.log_chunk import Chunk, Hits
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore


class LogFinder:
    """Looks through the chunks slice by slice and knows the matches of those it has seen."""

    def __init__(self, store: LogStore) -> None:
        self.store = store
        self.pattern: Pattern | None = None

    def settle(self, around: int, backward: bool = False, budget: float = 0.01) -> bool:
        """Look for at most `budget` seconds, from the line `around` onward first; say whether all was looked through."""
        if self.pattern is None:
            return True
        until = time.perf_counter() + budget
        looked = 0
        for chunk in self._order(around, backward):
            if self._seen(chunk):
                continue
            if looked and time.perf_counter() > until:
                return False
            self._look(chunk, until)
            looked += 1
            if not self._seen(chunk):
                return False
        return True

    @property
    def count(self) -> int:
        """How many matching lines are known."""
        return sum(len(self._hits(chunk)) for chunk in self.store.chunks)

    def place(self, index: int) -> int | None:
        """Say the how-manieth match a line is, from 1; None when it is none."""
        at = max(self.store.chunk_of(index), 0)
        chunk = self.store.chunks[at]
        hits = self._hits(chunk)
        inside = bisect_left(hits, index - chunk.first)
        if inside == len(hits) or hits[inside] != index - chunk.first:
            return None
        return sum(len(self._hits(before)) for before in self.store.chunks[:at]) + inside + 1

    def next(self, index: int, backward: bool, shown: Callable[[int], bool]) -> int | None:
        """Give the nearest match after (or before) a line that is `shown`, going round at the end.

        None when there is none, or when the way to it has not been looked through yet.
        """
        order = self._order(index, backward)
        for turn, chunk in enumerate([*order, *order[:1]]):
            if not self._seen(chunk):
                return None
            hits = self._hits(chunk)
            local = index - chunk.first
            if backward:
                some = hits[: bisect_left(hits, local)] if turn == 0 else hits
                some = some[::-1]
            else:
                some = hits[bisect_right(hits, local) :] if turn == 0 else hits
            for hit in some:
                if shown(chunk.first + hit):
                    return chunk.first + hit
        return None

    def _order(self, index: int, backward: bool) -> list[Chunk]:
        chunks = self.store.chunks
        here = max(self.store.chunk_of(index), 0)
        if backward:
            return [*chunks[here::-1], *chunks[:here:-1]]
        return [*chunks[here:], *chunks[:here]]

    def _seen(self, chunk: Chunk) -> bool:
        return chunk.hits is not None and chunk.hits.pattern is self.pattern and chunk.hits.scanned == len(chunk)

    def _hits(self, chunk: Chunk) -> list[int]:
        return chunk.hits.lines if chunk.hits is not None and chunk.hits.pattern is self.pattern else []

    def _look(self, chunk: Chunk, until: float) -> None:
        pattern = self.pattern
        if pattern is None:
            return
        hits = chunk.hits
        if hits is None or hits.pattern is not pattern or hits.scanned > len(chunk):
            hits = chunk.hits = Hits(pattern, 0, [])
        found, end = pattern.look(chunk, hits.scanned, until)
        hits.lines.extend(found)
        hits.scanned = end
