"""Lines with Chinese in them break between any two of its characters, everywhere: in toasts, dialogs, panels and answers.

Textual breaks at spaces alone. Chinese has none, so that a whole sentence counts as one word: it leaves the line it began on half
empty, and is then cut wherever the width ends, in the midst of an English word too.
"""

from __future__ import annotations

from rich._wrap import divide_line as _at_spaces
from rich.cells import cell_len
from textual import content

from widgets.answer_wrap import row_starts


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Where the lines after the first begin; as Rich's own of this name where no character is wide."""
    if not fold or text.isascii() or cell_len(text) == len(text):
        return _at_spaces(text, width, fold=fold)
    return row_starts(text, max(1, width))[1:]


def install() -> None:
    """Let Textual break every line of words so."""
    content.divide_line = divide_line  # type: ignore[attr-defined]


install()
