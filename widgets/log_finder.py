"""Finds a pattern through the whole log without ever taking long at once."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from widgets.log_chunk import DIVIDER, PASSED, POLL, Chunk, Hits
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which lines can be seen at all; what lies folded can, for a match opens its fold."""

    only: Pattern | None = None
    """Matching lines only."""
    polls: bool = True
    """Polling lines too."""
    passed: bool = True
    """Also what a later state of the same line took the place of."""

    def sift(self, chunk: Chunk, begin: int, found: list[int]) -> list[int]:
        """Give those of the lines found, from `begin` on, that can be seen."""
        hidden = (0 if self.polls else POLL) | (0 if self.passed else PASSED)
        found = [at for at in found if not chunk.kinds[at] & hidden]
        if self.only is None or not found:
            return found
        shown = set(self.only.hits(chunk, begin))
        return [at for at in found if at in shown or chunk.kinds[at] & DIVIDER]


class LogFinder:
    """Looks through the chunks slice by slice and knows the matches of those it has seen."""

    def __init__(self, store: LogStore) -> None:
        self.store = store
        self._pattern: Pattern | None = None
        self._sieve = Sieve()
        self._key = object()
        """Another one for each search: what was found for another is not taken for its."""

    @property
    def pattern(self) -> Pattern | None:
        """What is looked for."""
        return self._pattern

    @pattern.setter
    def pattern(self, pattern: Pattern | None) -> None:
        self._pattern, self._key = pattern, object()

    @property
    def sieve(self) -> Sieve:
        """Among which lines."""
        return self._sieve

    @sieve.setter
    def sieve(self, sieve: Sieve) -> None:
        if sieve != self._sieve:
            self._sieve, self._key = sieve, object()

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
        return chunk.hits is not None and chunk.hits.pattern is self._key and chunk.hits.scanned == len(chunk)

    def _hits(self, chunk: Chunk) -> list[int]:
        return chunk.hits.lines if chunk.hits is not None and chunk.hits.pattern is self._key else []

    def _look(self, chunk: Chunk, until: float) -> None:
        pattern = self.pattern
        if pattern is None:
            return
        hits = chunk.hits
        if hits is None or hits.pattern is not self._key or hits.scanned > len(chunk):
            hits = chunk.hits = Hits(self._key, 0, [])
        found, end = pattern.look(chunk, hits.scanned, until)
        hits.lines.extend(self._sieve.sift(chunk, hits.scanned, found))
        hits.scanned = end
