"""The last minute on one line: eight heights, the newest on the right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

LEVELS = "▁▂▃▄▅▆▇█"
SLOTS = 60
"""Values that a full line stands for; fewer fill it from the right, and a narrow one shows means of neighbours."""


def spark(values: Sequence[float | None], width: int, tone: str = "$primary", top: float | None = None) -> Content:
    """Draw values as a share of `top`, or of the highest one; a value that is not known is a gap."""
    width = min(width, SLOTS)
    slots = [*[None] * (SLOTS - len(values)), *values[-SLOTS:]]
    cells = [_mean(slots[place * SLOTS // width : (place + 1) * SLOTS // width]) for place in range(width)]
    highest = top or max((cell for cell in cells if cell is not None), default=0.0)
    return Content.styled("".join(_level(cell, highest) for cell in cells), tone)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _level(value: float | None, highest: float) -> str:
    if value is None:
        return " "
    share = value / highest if highest > 0 else 0.0
    return LEVELS[min(max(int(share * len(LEVELS)), 0), len(LEVELS) - 1)]
