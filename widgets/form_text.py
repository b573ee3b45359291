"""Cutting and wrapping text by cells, for rows that must not break."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size, split_graphemes

ELLIPSIS = "…"
_WIDE = "\u2e80-\u303f\u3040-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = "（《「『【“‘", "）》」』】”’。，、；：？！…"
_UNITS = re.compile(
    rf"(\s*)([{_OPENING}]*(?:(?![{_CLOSING}])[{_WIDE}]|[^\s{_WIDE}{_CLOSING}{_OPENING}]+)[{_CLOSING}]*|\S)"
)
"""What is not broken: a word of letters, one wide character; each with the signs that open and close it."""


def cut(text: str, width: int) -> str:
    """Shorten text to `width` cells; an ellipsis says that something is missing."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS


def cut_front(text: str, width: int) -> str:
    """Shorten text to `width` cells from its front, for paths: what matters stands at their end."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    start, cells = len(text), 1
    for begin, _end, size in reversed(split_graphemes(text)[0]):
        if cells + size > width:
            break
        start, cells = begin, cells + size
    return ELLIPSIS + text[start:]


def fitted(text: str, width: int) -> str:
    """Shorten text to `width` cells: a path from its front, anything else from its end."""
    is_path = text.startswith(("/", "~", "\\")) or text[1:3] == ":\\"
    return cut_front(text, width) if is_path else cut(text, width)


def wrapped(text: str, width: int, most: int) -> list[str]:
    """Break text into at most `most` lines of `width` cells, at spaces where there are some; the last line is cut."""
    if width < 2 or most < 1:
        return [cut(text, width)] if text else []
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines.extend(_broken(paragraph, width))
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], cut(rest, width)]
    return lines


def padded(text: str, width: int) -> str:
    """Cut or fill text to exactly `width` cells."""
    return set_cell_size(cut(text, width), width)


def _broken(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for gap, word in _UNITS.findall(paragraph):
        candidate = f"{line}{' ' if gap else ''}{word}" if line else word
        if cell_len(candidate) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        pieces = _pieces(word, width)
        lines.extend(pieces[:-1])
        line = pieces[-1]
    if line:
        lines.append(line)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """Break one word that is too long for a line, never inside a wide character."""
    if cell_len(word) <= width:
        return [word]
    pieces: list[str] = []
    piece, cells = "", 0
    for start, end, size in split_graphemes(word)[0]:
        if cells + size > width:
            pieces.append(piece)
            piece, cells = "", 0
        piece += word[start:end]
        cells += size
    return [*pieces, piece]
