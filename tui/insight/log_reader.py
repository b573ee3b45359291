"""Reads a log batch by batch: for each line its timestamp, level and message, and what may be hidden or folded."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.insight.log_clean import clean_lines, split_stamps
from tui.insight.log_head import read_heads
from tui.insight.log_traceback import Tracebacks

_POLL = re.compile(
    rb'"(?:(?:GET|HEAD) /(?:metrics|health|ping|load|version|v1/models)(?:\?[^ "]*)?|POST /[\w/]+\?by=llmtui) HTTP/[\d.]+" 200'
)
_PROGRESS = re.compile(rb"(.*?)\s*\b\d{1,3}%(?:\||[^|]{0,20}\|)")


@dataclass(frozen=True, slots=True)
class ReadLines:
    """A batch of lines, read; the sequences run in parallel. Positions count from the first line, older lines are negative."""

    texts: Sequence[bytes]
    """Cleaned, whole, head included."""
    stamps: Sequence[bytes]
    """The engine's timestamps; b"" where there is none."""
    levels: bytes
    """Values of `Level`, one byte a line."""
    starts: bytes
    """Where the message begins in each text."""
    polls: Sequence[int] = ()
    """Positions of access lines that come from asking a server how it is."""
    passed: Sequence[int] = ()
    """Positions of progress lines that a later one has overtaken."""
    heads: Mapping[int, int] = field(default_factory=dict)
    """Position of a traceback's foldable line to the position of its first line."""
    counts: Mapping[int, int] = field(default_factory=dict)
    """Position of a traceback's first line to its number of frames so far."""


class LogReader:
    """Reads one container's log from its beginning, remembering what is open between batches."""

    def __init__(self) -> None:
        self._tracebacks = Tracebacks()
        self._progress: bytes | None = None

    def read(self, lines: Sequence[bytes]) -> ReadLines:
        """Read the next complete lines, raw as the engine gave them."""
        stamps, rest = split_stamps(lines)
        texts = clean_lines(rest)
        levels, starts, processes = read_heads(texts)
        frames = self._tracebacks.read(texts, starts, processes)
        polls = [at for at, text in enumerate(texts) if b" HTTP/" in text and _POLL.search(text)]
        return ReadLines(texts, stamps, levels, starts, polls, self._overtaken(texts), frames.heads, frames.counts)

    def peek(self, line: bytes) -> ReadLines:
        """Read an unfinished line without remembering it."""
        return copy.deepcopy(self).read([line])

    def divide(self) -> None:
        """Tell that something else came between: what is open ends here."""
        self._tracebacks.close()
        self._progress = None

    def _overtaken(self, texts: list[bytes]) -> list[int]:
        """Find the progress lines that are followed at once by the same bar further on."""
        passed: list[int] = []
        before = self._progress
        for at, text in enumerate(texts):
            key = None
            if b"|" in text and b"%" in text:
                match = _PROGRESS.match(text)
                key = match[1] if match else None
                if key is not None and key == before:
                    passed.append(at - 1)
            before = key
        self._progress = before
        return passed
