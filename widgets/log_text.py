"""How a log line becomes text on cells: made harmless and measured."""

from __future__ import annotations

import re
from gettext import gettext as _

from rich.cells import get_character_cell_size

LONGEST = 16_384
"""Bytes of a line that are drawn; a longer one is kept whole and drawn cut, with a mark."""

_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
"""Control characters, invisible ones and those that turn the direction of writing."""


class _Widths(dict[str, int]):
    """Cells by character, looked up once each."""

    def __missing__(self, character: str) -> int:
        width = 0 if _HARMFUL.match(character) else get_character_cell_size(character)
        self[character] = width
        return width


_WIDTHS = _Widths()
width_of = _WIDTHS.__getitem__
"""Counts the cells that one character takes."""


def harmless(text: str) -> str:
    """Give the text without anything a terminal would act on or that cannot be seen."""
    return _HARMFUL.sub("", text)


def drawn(data: bytes) -> str:
    """Give what is drawn of a line: decoded, harmless, and cut with a mark when it is too long."""
    text = harmless(data[:LONGEST].decode("utf-8", "replace"))
    if len(data) > LONGEST:
        text += " … " + _("cut: the line has {count} bytes").format(count=f"{len(data):,}".replace(",", " "))
    return text


def cells_of(data: bytes) -> int:
    """Count the cells that the drawn line takes; the line holds no ASCII control characters."""
    if len(data) <= LONGEST:
        if data.isascii():
            return len(data)
        return sum(map(width_of, data.decode("utf-8", "replace")))
    return sum(map(width_of, drawn(data)))
