"""What is looked for in a log: plain text or a regular expression, case smart."""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from math import inf

from widgets.log_chunk import Chunk
from widgets.log_guard import TooSlowError, guarded

LONGEST_LINE = 16_384
"""Letters of a line through which a regular expression looks."""
MOST = 0.25
"""Seconds that a regular expression may take for a chunk when it must be looked through at once."""

_LEVEL_NAMES = ("", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text to look for in messages and level names; capital letters in it make the case count.

    Raises:
        re.error: It is meant as a regular expression and is none.
    """

    text: str
    regex: bool = False
    whole: bool = False
    """Whether lines are looked through as they were written, head included."""
    slow: bool = field(default=False, init=False, repr=False, compare=False)
    """Whether it took too long for a line; then it matches nothing any more."""
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        flags = re.NOFLAG if any(letter.isupper() for letter in self.text) else re.IGNORECASE
        object.__setattr__(self, "_compiled", re.compile(self.text if self.regex else re.escape(self.text), flags))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Find where a text matches, empty matches left out."""
        if not self.regex:
            return self._spans(text)
        if self.slow:
            return []
        try:
            with guarded() as guard:
                guard.wind()
                return self._spans(text[:LONGEST_LINE])
        except TooSlowError:
            self._give_up()
            return []

    def is_level(self, level: int) -> bool:
        """Whether a level's name matches."""
        return level > 0 and bool(self.spans(_LEVEL_NAMES[level]))

    def hits(self, chunk: Chunk, begin: int = 0) -> list[int]:
        """Find the lines of a chunk, from `begin` on, that match."""
        found, end = self.look(chunk, begin, time.perf_counter() + MOST)
        if end < len(chunk):
            self._give_up()
            return []
        return found

    def look(self, chunk: Chunk, begin: int = 0, until: float = inf) -> tuple[list[int], int]:
        """Find the matching lines from `begin` on, and say up to which line was looked; stops at the time `until`."""
        end = len(chunk)
        if not self.regex and self.text.isascii():
            found = self._in_block(chunk, begin)
        else:
            try:
                found, end = self._in_lines(chunk, begin, until)
            except TooSlowError:
                self._give_up()
                return [], end
        levels = [level for level in range(1, len(_LEVEL_NAMES)) if not self.whole and self.is_level(level)]
        if not levels:
            return found, end
        named = [at for at in range(begin, end) if chunk.levels[at] in levels]
        return sorted({*found, *named}), end

    def _spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._compiled.finditer(text) if match.end() > match.start()]

    def _give_up(self) -> None:
        object.__setattr__(self, "slow", True)

    def _in_lines(self, chunk: Chunk, begin: int, until: float) -> tuple[list[int], int]:
        hits: list[int] = []
        if self.slow:
            return hits, len(chunk)
        lines = chunk.text[chunk.start(begin) :].decode("utf-8", "replace").split("\n")
        search = self._compiled.search
        longest = LONGEST_LINE if self.regex else len(chunk.text)
        with guarded() as guard:
            for at, line in enumerate(lines[: len(chunk) - begin], begin):
                guard.wind()
                start = 0 if self.whole else chunk.starts[at]
                if search(line[start : start + longest]):
                    hits.append(at)
                if time.perf_counter() > until:
                    return hits, at + 1
        return hits, len(chunk)

    def _in_block(self, chunk: Chunk, begin: int) -> list[int]:
        """Look for ASCII text in the block itself, which is much faster than line by line."""
        exact = not self._compiled.flags & re.IGNORECASE
        block = chunk.text if exact else chunk.text.lower()
        needle = self.text.encode() if exact else self.text.lower().encode()
        hits: list[int] = []
        found = block.find(needle, chunk.start(begin))
        while found >= 0:
            at = bisect_right(chunk.ends, found)
            message = chunk.start(at) + chunk.starts[at]
            if self.whole or found >= message or block.find(needle, message, chunk.ends[at]) >= 0:
                hits.append(at)
            found = block.find(needle, chunk.ends[at])
        return hits
