"""What is looked for in a log: plain text or a regular expression, case smart."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from widgets.log_chunk import Chunk


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text to look for; capital letters in it make the case count.

    Raises:
        re.error: It is meant as a regular expression and is none.
    """

    text: str
    regex: bool = False
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        flags = re.NOFLAG if any(letter.isupper() for letter in self.text) else re.IGNORECASE
        object.__setattr__(self, "_compiled", re.compile(self.text if self.regex else re.escape(self.text), flags))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Find where a text matches, empty matches left out."""
        return [match.span() for match in self._compiled.finditer(text) if match.end() > match.start()]

    def hits(self, chunk: Chunk, begin: int = 0) -> list[int]:
        """Find the lines of a chunk, from `begin` on, that match."""
        if not self.regex and self.text.isascii():
            return self._plain(chunk, begin)
        lines = chunk.text[chunk.start(begin) :].decode("utf-8", "replace").split("\n")
        search = self._compiled.search
        return [at for at, line in enumerate(lines[: len(chunk) - begin], begin) if search(line)]

    def _plain(self, chunk: Chunk, begin: int) -> list[int]:
        """Look for ASCII text in the block itself, which is much faster than line by line."""
        exact = not self._compiled.flags & re.IGNORECASE
        block = chunk.text if exact else chunk.text.lower()
        needle = self.text.encode() if exact else self.text.lower().encode()
        hits: list[int] = []
        found = block.find(needle, chunk.start(begin))
        while found >= 0:
            at = bisect_right(chunk.ends, found)
            hits.append(at)
            found = block.find(needle, chunk.ends[at])
        return hits
