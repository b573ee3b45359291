"""Where each line of a log stands: which row it begins at, how many rows it takes, what is hidden."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from widgets.log_chunk import DIVIDER, FRAME, PASSED, POLL, Chunk, Layout
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore
from widgets.log_wrap import ascii_row, rows_by_cells, rows_of


@dataclass(frozen=True, slots=True)
class View:
    """How the log is looked at; a change means that rows must be counted anew."""

    width: int = 80
    """Cells for the message, gutter not counted."""
    wrap: bool = True
    whole: bool = False
    """Whether a line's head is shown as it was written."""
    polls: bool = False
    """Whether polling lines are shown."""
    unfolded: bool = False
    """Whether all folds are open."""
    only: Pattern | None = None
    """Show matching lines only."""


_NOTHING = Layout(None, array("I"))


class LogIndex:
    """Counts rows chunk by chunk; a chunk whose rows are not counted anew yet keeps its old ones.

    So a change never blocks: `settle` counts what is looked at first and the rest slice by slice.
    """

    def __init__(self, store: LogStore) -> None:
        self.store = store
        self.view = View()
        self.toggled: set[int] = set()
        """First lines of the folds that are the other way than `view.unfolded` says."""
        self._tops: list[int] = [0]

    @property
    def total(self) -> int:
        """All rows."""
        return self._tops[-1]

    def shown(self) -> int:
        """Count the lines that can be seen, dividers left out."""
        return sum(chunk.layout.shown - len(chunk.dividers) for chunk in self.store.chunks if chunk.layout)

    def toggle(self, head: int) -> None:
        """Open or close one fold."""
        self.toggled ^= {head}
        for chunk in self.store.chunks[max(self.store.chunk_of(head), 0) :]:
            chunk.layout = None
            if chunk.first > head and not chunk.backs:
                break

    def is_open(self, head: int) -> bool:
        """Whether this fold is open; one whose first line is gone always is."""
        return head < self.store.first or self.view.unfolded != (head in self.toggled)

    def settle(self, around: int, budget: float = 0.01) -> bool:
        """Count rows for at most `budget` seconds, nearest to the line `around` first; say whether all is counted.

        At least one chunk is. The last chunk, where lines are added, and the one with `around` are always counted.
        """
        chunks = self.store.chunks
        until = time.perf_counter() + budget
        here = max(self.store.chunk_of(around), 0)
        done, counted = True, 0
        for at in _nearest(here, len(chunks)):
            if self._current(chunks[at]):
                continue
            if at not in (here, len(chunks) - 1):
                if counted and time.perf_counter() > until:
                    done = False
                    break
                counted += 1
            self._count(chunks[at])
        self._tops = list(accumulate((_rows(chunk) for chunk in chunks), initial=0))
        return done

    def line_at(self, row: int) -> tuple[int, int]:
        """Give the line that is drawn at a row, and which of its own rows that is."""
        at = min(bisect_right(self._tops, row) - 1, len(self.store.chunks) - 1)
        chunk = self.store.chunks[at]
        ends = (chunk.layout or _NOTHING).ends
        local = row - self._tops[at]
        inside = bisect_right(ends, local)
        return chunk.first + inside, local - (ends[inside - 1] if inside else 0)

    def row_of(self, index: int) -> int:
        """Give the row at which a line begins; that of the next shown line when it is hidden."""
        at = max(self.store.chunk_of(index), 0)
        chunk = self.store.chunks[at]
        ends = (chunk.layout or _NOTHING).ends
        inside = min(max(index - chunk.first, 0), len(ends))
        return self._tops[min(at, len(self._tops) - 1)] + (ends[inside - 1] if inside else 0)

    def height(self, index: int) -> int:
        """Count the rows a line takes; 0 when it is hidden."""
        chunk = self.store.chunks[max(self.store.chunk_of(index), 0)]
        inside = index - chunk.first
        ends = (chunk.layout or _NOTHING).ends
        if not 0 <= inside < len(ends):
            return 0
        return ends[inside] - (ends[inside - 1] if inside else 0)

    def view_of(self, index: int) -> View:
        """Give the view that a line's rows were counted for."""
        layout = self.store.chunks[max(self.store.chunk_of(index), 0)].layout
        return layout.view if layout is not None and isinstance(layout.view, View) else self.view

    def _current(self, chunk: Chunk) -> bool:
        layout = chunk.layout
        return layout is not None and layout.view is self.view and len(layout.ends) == len(chunk)

    def _count(self, chunk: Chunk) -> None:
        layout = chunk.layout
        if layout is None or layout.view is not self.view or len(layout.ends) > len(chunk):
            layout = chunk.layout = Layout(self.view, array("I"))
        ends = layout.ends
        rows = self._heights(chunk, len(ends))
        ends.extend(list(accumulate(rows, initial=ends[-1] if ends else 0))[1:])

    def _heights(self, chunk: Chunk, begin: int) -> list[int]:
        rows = self._wrapped(chunk, begin) if self.view.wrap else [1] * (len(chunk) - begin)
        self._filter(chunk, begin, rows)
        self._hide(chunk, begin, rows)
        return rows

    def _wrapped(self, chunk: Chunk, begin: int) -> list[int]:
        """Count the rows by the cells where they tell, by the words where they do not."""
        whole, width = self.view.whole, self.view.width
        if whole:
            both = zip(chunk.cells[begin:], chunk.starts[begin:], strict=True)
            rows = list(map(rows_by_cells(width).__getitem__, map(sum, both)))
        else:
            rows = list(map(rows_by_cells(width).__getitem__, chunk.cells[begin:]))
        for at in chunk.wide:
            if at >= begin and rows[at - begin] != 1:
                rows[at - begin] = rows_of(chunk.raw(at)[0 if whole else chunk.starts[at] :], width)
        if 0 in rows:
            find, text, starts, ends = ascii_row(width).findall, chunk.text, chunk.starts, chunk.ends
            for at in [at for at, count in enumerate(rows, begin) if not count]:
                start = (ends[at - 1] if at else 0) + (0 if whole else starts[at])
                rows[at - begin] = len(find(text, start, ends[at] - 1))
        return rows

    def _filter(self, chunk: Chunk, begin: int, rows: list[int]) -> None:
        if self.view.only is None:
            return
        shown = set(self.view.only.hits(chunk, begin))
        for at in range(begin, len(chunk)):
            if at not in shown and not chunk.kinds[at] & DIVIDER:
                rows[at - begin] = 0

    def _hide(self, chunk: Chunk, begin: int, rows: list[int]) -> None:
        view = self.view
        kinds = chunk.kinds[begin:] if begin else chunk.kinds
        if not kinds.strip(b"\0"):
            return
        for at, kind in enumerate(kinds, begin):
            if kind & FRAME and view.only is None:
                hidden = not self.is_open(chunk.first + at - chunk.backs[at])
            else:
                hidden = bool((kind & POLL and not view.polls) or (kind & PASSED and not view.unfolded))
            if hidden:
                rows[at - begin] = 0


def _rows(chunk: Chunk) -> int:
    return chunk.layout.ends[-1] if chunk.layout and chunk.layout.ends else 0


def _nearest(here: int, count: int) -> Iterator[int]:
    """Give all chunk numbers, nearest first, but the last one second."""
    yield here
    if here != count - 1:
        yield count - 1
    for distance in range(1, count):
        if here + distance < count - 1:
            yield here + distance
        if here - distance >= 0:
            yield here - distance
