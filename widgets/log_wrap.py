"""Where a long log line goes on in the next row: after a word that ends in the last third of the row, else where the row is full."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate, pairwise

from widgets.log_text import drawn, width_of

_MARKS = "/,="
"""After these a row may end too, where no space does: paths and lists of options are long."""
_MOST_CELLS = 65_536
"""More than any line has: `Chunk.cells` are two bytes each."""


def rows_of(data: bytes, width: int) -> int:
    """Count the rows of `width` cells that the drawn line takes; an empty line takes one."""
    return len(spans_of(drawn(data), width))


def spans_of(text: str, width: int) -> list[tuple[int, int]]:
    """Cut harmless text into rows of at most `width` cells: (start, end) in characters; no wide character is halved.

    A space at the end of a row may stand beyond it: nothing is lost when it is not drawn.
    """
    if not text.isascii():
        return list(pairwise([0, *_wide_ends(text, width)]))
    return [row.span() for row in ascii_row(width).finditer(text.encode())] or [(0, 0)]


@lru_cache(maxsize=4)
def ascii_row(width: int) -> re.Pattern[bytes]:
    """Make what matches row after row of a line of plain ASCII, so that counting is one call."""
    late = _least(width) - 1
    rest, word, mark, full = b".{1,%d}+\\Z", b".{%d,%d} ", b".{%d,%d}[%s]", b".{%d}"
    marks = _MARKS.encode()
    rows = (rest % width, word % (late, width), mark % (late, width - 1, marks), full % width)
    return re.compile(b"|".join(rows), re.DOTALL)


@lru_cache(maxsize=4)
def rows_by_cells(width: int) -> bytes:
    """Give how many rows an ASCII line takes by its cells alone; 0 where only its words can tell."""
    table = bytearray(_MOST_CELLS)
    least = _least(width)
    for rows in range(1, 256):
        first, last = (rows - 1) * (width + 1) + 1, width + (rows - 1) * least
        if first > last:
            break
        table[first : last + 1] = bytes([rows]) * (last + 1 - first)
    table[0] = 1
    return bytes(table)


def _least(width: int) -> int:
    """Cells that a row holds at least, if it is not the last."""
    return width - width // 3


def _wide_ends(text: str, width: int) -> list[int]:
    cells = list(accumulate(map(width_of, text)))
    ends: list[int] = []
    start, filled = 0, 0
    while start < len(text):
        full = max(bisect_right(cells, filled + width), start + 1)
        if full < len(text):
            full = _late_end(text, bisect_left(cells, filled + _least(width), start, full), full)
        ends.append(full)
        start, filled = full, cells[full - 1]
    return ends or [0]


def _late_end(text: str, late: int, full: int) -> int:
    """Give where a row had best end that could hold the text up to `full`, but not before `late`."""
    if text[full] == " ":
        return full + 1
    if width_of(text[full]) > 1:
        return full
    for at in range(full - 1, late - 1, -1):
        if text[at] == " " or width_of(text[at]) > 1:  # Chinese may go on in the next row after any character
            return at + 1
    at = max(text.rfind(mark, late, full) for mark in _MARKS)
    return at + 1 if at >= 0 else full
