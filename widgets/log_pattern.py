"""What is looked for in a log: plain text or a regular expression, case smart."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from widgets.log_chunk import Chunk

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
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        flags = re.NOFLAG if any(letter.isupper() for letter in self.text) else re.IGNORECASE
        object.__setattr__(self, "_compiled", re.compile(self.text if self.regex else re.escape(self.text), flags))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Find where a text matches, empty matches left out."""
        return [match.span() for match in self._compiled.finditer(text) if match.end() > match.start()]

    def is_level(self, level: int) -> bool:
        """Whether a level's name matches."""
        return level > 0 and self._compiled.search(_LEVEL_NAMES[level]) is not None

    def hits(self, chunk: Chunk, begin: int = 0) -> list[int]:
        """Find the lines of a chunk, from `begin` on, that match."""
        plain = not self.regex and self.text.isascii()
        found = self._in_block(chunk, begin) if plain else self._in_lines(chunk, begin)
        levels = [level for level in range(1, len(_LEVEL_NAMES)) if not self.whole and self.is_level(level)]
        if not levels:
            return found
        named = [at for at in range(begin, len(chunk)) if chunk.levels[at] in levels]
        return sorted({*found, *named})

    def _in_lines(self, chunk: Chunk, begin: int) -> list[int]:
        lines = chunk.text[chunk.start(begin) :].decode("utf-8", "replace").split("\n")
        search = self._compiled.search
        if self.whole:
            return [at for at, line in enumerate(lines[: len(chunk) - begin], begin) if search(line)]
        both = enumerate(zip(lines, chunk.starts[begin:], strict=False), begin)
        return [at for at, (line, start) in both if search(line[start:])]

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
