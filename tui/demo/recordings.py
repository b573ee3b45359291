"""The recorded logs: lines of a real vLLM 0.32 with the seconds after which they came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

WORD = re.compile(r"@([A-Z]+)@")
"""A place that a server fills with its own name or number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a recording."""

    after: float
    """Seconds since its beginning."""
    text: str
    """With places to be filled."""


@cache
def recording(name: str) -> tuple[Line, ...]:
    """Read one recording of this package."""
    text = files("tui.demo").joinpath("data", f"{name}.txt").read_text("utf-8")
    rows = (row.split("\t", 1) for row in text.split("\n") if row)
    return tuple(Line(float(after), words) for after, words in rows)


def filled(line: Line, words: Mapping[str, str], when: float) -> str:
    """Give a line's text with a server's own words and the time at which it is written."""
    clock = datetime.fromtimestamp(when).strftime("%m-%d %H:%M:%S")
    return WORD.sub(lambda found: clock if found[1] == "CLOCK" else words.get(found[1], found[0]), line.text)
