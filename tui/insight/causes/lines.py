"""One raw line of a log made readable: stamps, colours, overwritten progress and the head taken away."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.insight.log_clean import STAMP, clean_block
from tui.insight.log_head import HEAD, LONGEST_HEAD, Level

LONGEST = 24_000
"""Bytes of a line that are read."""

_COMPOSE = re.compile(rb"[\w.-]{1,80} +\| ")
"""What docker compose puts in front: `vllm-1  | `."""
_RAY = re.compile(rb"\([^()\n]{1,60}pid=\d+(?:, ip=[\d.:a-f]+)?\) ?")
_PLACE = re.compile(rb"[\w.]{1,60}\.py:\d+\] ")
"""vLLM up to 0.8 writes the place without an opening bracket."""
_GROUP = re.compile(rb" +[|+] ?(?=[^-])")
"""The margin of an exception group."""
_LEVELS = {b"DEBUG": Level.DEBUG, b"INFO": Level.INFO, b"I": Level.INFO, b"WARNING": Level.WARNING}
_LEVELS |= {b"WARN": Level.WARNING, b"W": Level.WARNING}
_GRAVE = {b"ERROR": Level.ERROR, b"E": Level.ERROR}


class Line(NamedTuple):
    """A line, read."""

    text: str
    process: str
    level: int
    """A value of `Level`."""

    @property
    def is_code(self) -> bool:
        """Whether it is a traceback's own line: a frame, or the source under it."""
        return self.text.startswith(("    ", '  File "'))


def read_line(raw: bytes, at: int = 0) -> Line:
    """Read one line without its newline; `at` says which overwritten part of it is meant, by an offset."""
    raw = raw[:LONGEST].rstrip(b"\r")
    if b"\r" in raw:
        start = raw.rfind(b"\r", 0, max(at, 1)) + 1
        end = raw.find(b"\r", max(at, start))
        raw = raw[start:] if end < 0 else raw[start:end]
    raw = clean_block(raw)
    for pattern in (STAMP, _COMPOSE, STAMP):
        if found := pattern.match(raw):
            raw = raw[found.end() :]
    level, process, raw = _head(raw)
    if margin := _GROUP.match(raw):
        raw = raw[margin.end() :]
    return Line(raw.decode("utf-8", "replace"), process, level)


def _head(raw: bytes) -> tuple[int, str, bytes]:
    process = b""
    if ray := _RAY.match(raw):
        process, raw = ray[0].strip(), raw[ray.end() :]
    match = HEAD.match(raw)
    if match is None or match.end() > LONGEST_HEAD:
        return Level.NONE, process.decode("ascii", "replace"), raw
    last = match.lastindex or 0
    word = match[last] if last > 1 else b""
    level = _LEVELS.get(word) or _GRAVE.get(word) or (Level.CRITICAL if word else Level.NONE)
    process = (process + b" " + match[1]).strip()
    raw = raw[match.end() :]
    if place := _PLACE.match(raw):
        raw = raw[place.end() :]
    return level, process.decode("ascii", "replace"), raw
