"""What is typed in lines breaks as everything else does: English words stay whole, wide characters break anywhere."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from textual._wrap import compute_wrap_offsets as _of_textual
from textual.document import _wrapped_document

from widgets.answer_wrap import row_starts


def offsets(text: str, width: int, tab_size: int, *more: Any, **named: Any) -> list[int]:
    """Where the rows of a typed line begin after the first; as Textual's own where no character is wide, or where there are tabs."""
    if not width or "\t" in text or text.isascii() or cell_len(text) == len(text):
        return _of_textual(text, width, tab_size, *more, **named)
    return row_starts(text, width)[1:]


def install() -> None:
    """Let Textual's text areas break their lines so."""
    _wrapped_document.compute_wrap_offsets = offsets  # type: ignore[attr-defined]
