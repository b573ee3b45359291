"""Breaking plain text into rows of cells: words stay whole, wide characters break anywhere, nothing is broken twice."""

from __future__ import annotations

from rich.cells import get_character_cell_size

_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_SURROGATES = range(0xD800, 0xE000)
_OVERRIDES = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNWANTED: dict[int, str] = dict.fromkeys((*_CONTROLS, *_SURROGATES, *_OVERRIDES), "") | {9: "    "}

_NEVER_FIRST = frozenset("，。、；：？！）】》」』…,.;:?!)]}%”’")
"""What must not begin a row, as long as the character before it can come along."""


def shown(text: str) -> str:
    """The text as it may be drawn: without control characters, lone surrogates and bidi overrides; tabs are four spaces."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNWANTED)


def row_starts(line: str, width: int, start: int = 0) -> list[int]:
    """Where the rows of a line begin.

    The rows before the last one never change when the line grows, so a growing line is broken on from its last row.

    Args:
        line: Text without a line feed.
        width: Cells in a row, at least 1.
        start: Where in the line to begin; it is the first of the starts.
    """
    starts = [start]
    if len(line) - start <= width and line.isascii():
        return starts
    breaker = _narrow if line.isascii() else _wide
    while (following := breaker(line, starts[-1], width)) < len(line):
        starts.append(following)
    return starts


def _narrow(line: str, start: int, width: int) -> int:
    """Where the row after this one begins, one cell a character."""
    end = start + width
    if end >= len(line):
        return len(line)
    if line[end] == " ":
        return end + 1  # the space at a break is swallowed; more of them are the writer's own
    space = line.rfind(" ", start, end)
    return space + 1 if space > start else end


def _wide(line: str, start: int, width: int) -> int:
    """Where the row after this one begins, by the cells of each character."""
    used, at, breakable = 0, start, start
    while at < len(line):
        char = line[at]
        cells = 1 if char < "\x7f" else get_character_cell_size(char)
        if used + cells > width and at > start:
            break
        if at > start and (cells == 2 or _is_wide(line[at - 1])) and char not in _NEVER_FIRST:
            breakable = at
        used += cells
        at += 1
        if char == " ":
            breakable = at
    if at >= len(line):
        return len(line)
    if line[at] == " ":
        return at + 1
    if line[at] not in _NEVER_FIRST and (_is_wide(line[at]) or _is_wide(line[at - 1])):
        return at
    return breakable if breakable > start else at


def _is_wide(char: str) -> bool:
    return char > "\u10ff" and get_character_cell_size(char) == 2
