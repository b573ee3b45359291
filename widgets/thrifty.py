"""Only cells that read otherwise than before are written to the terminal.

Textual writes a changed line from its widget's left edge to its right one, as a whole; of a gauge that grew by a cell, or of
an age that is a minute older, that is ten times what there is to say. On a slow line that is felt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rich.console import Console, RenderableType
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

APART = 6
"""Equal cells between two changes from which on it is shorter to jump over them than to write them."""
_PLAIN = re.compile("[ -~°·×–—…─-◕✔✖]*")
"""Signs that every terminal draws one cell wide; on a line with others a cell's place is a matter of opinion."""

_LETTERS = frozenset(map(chr, range(33, 127)))


class Shadow:
    """What stands on the terminal: each line's pieces by the column where they begin."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, Strip]] = {}

    def forget(self) -> None:
        """Nobody knows what stands there."""
        self._lines.clear()

    def whole(self, update: LayoutUpdate) -> None:
        """Note what everything was written anew."""
        self._lines.clear()
        for y, strips in enumerate(update.strips, update.region.y):
            x, line = update.region.x, self._lines.setdefault(y, {})
            for strip in strips:
                line[x] = strip
                x += strip.cell_length

    def changes(self, update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
        """Give what must be written as (line, column, piece), and note it."""
        for y, start, end in update.spans:
            fresh, line = update.chops[y], self._lines.setdefault(y, {})
            if not line.keys() <= fresh.keys():
                line.clear()  # another layout: where its pieces began says nothing any more
            for (x, strip), stop in zip(fresh.items(), update.chop_ends[y], strict=False):
                if strip is None or x > end or stop <= start:
                    continue
                before, line[x] = line.get(x), strip
                for first, last in differences(before, strip):
                    yield y, x + first, strip.crop(first, last)


def differences(before: Strip | None, after: Strip) -> list[tuple[int, int]]:
    """Give the stretches of cells in which a piece of a line reads otherwise than before."""
    if before == after:
        return []
    if before is None or before.cell_length != after.cell_length:
        return [(0, after.cell_length)]
    old, new = before.text, after.text
    if not (_PLAIN.fullmatch(old) and _PLAIN.fullmatch(new)):
        return [(0, after.cell_length)]
    cells = zip(old, new, _looks(before), _looks(after), strict=True)
    changed = [
        place for place, (was, now, had, has) in enumerate(cells) if was != now or (had is not has and had != has)
    ]
    spans = [(changed[0], changed[0] + 1)] if changed else []
    for place in changed:
        if place - spans[-1][1] < APART:
            spans[-1] = spans[-1][0], place + 1
        else:
            spans.append((place, place + 1))
    return [_words(new, *span) for span in spans]


def _words(text: str, first: int, last: int) -> tuple[int, int]:
    """Widen a stretch to whole words: a terminal that reads aloud what is written says words, not letters."""
    while first > 0 and text[first - 1] in _LETTERS and text[first] in _LETTERS:
        first -= 1
    while last < len(text) and text[last - 1] in _LETTERS and text[last] in _LETTERS:
        last += 1
    return first, last


def _looks(strip: Strip) -> list[Style | None]:
    """Give the look of each cell."""
    looks: list[Style | None] = []
    for text, style, _control in strip:
        looks += [style] * len(text)
    return looks


class Shadowed(CompositorUpdate):
    """An update of the screen that writes no more than it has to.

    Args:
        update: What Textual would write.
        shadow: What stands there.
    """

    def __init__(self, update: CompositorUpdate, shadow: Shadow) -> None:
        self._update = update
        self._shadow = shadow

    def render_segments(self, console: Console) -> str:
        """Give what is written; it counts as written from here on."""
        if not isinstance(self._update, ChopsUpdate):
            (self._shadow.whole(self._update) if isinstance(self._update, LayoutUpdate) else self._shadow.forget())
            return self._update.render_segments(console)
        pieces = self._shadow.changes(self._update)
        return "".join(f"{Control.move_to(x, y)}{strip.render(console)}" for y, x, strip in pieces)


class Thrifty(App[Any]):
    """An app that writes only what changed."""

    def __init__(self) -> None:
        super().__init__()
        self._shadow = Shadow()
        self._shadow_size = self.size

    def _resume_signal(self) -> None:
        self._shadow.forget()  # another program had the terminal
        super()._resume_signal()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            if self._shadow_size != self.size:
                self._shadow_size = self.size
                self._shadow.forget()  # the terminal may have moved what stood there
            renderable = Shadowed(renderable, self._shadow)
        super()._display(screen, renderable)
