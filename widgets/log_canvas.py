"""The scrolling face of a log: draws the rows in view, follows the end, and keeps the reader's place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from widgets.log_chunk import LogLines
from widgets.log_index import LogIndex, View
from widgets.log_paint import Fold, Gutter, Look, Painter
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore
from widgets.log_styles import LOG_CLASSES, LOG_CSS, painter_of
from widgets.log_text import cells_of

BEAT = 0.1
"""Seconds between two drawings while lines come."""
FLOOD, FLOOD_BEAT = 1000, 0.3
"""With more lines than this in one beat nobody reads along: draw less often, and be through sooner."""


class LogCanvas(ScrollView, can_focus=True):
    """Rows of log lines, drawn when they are in view."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOG_CLASSES)

    DEFAULT_CSS = (
        """
    LogCanvas {
        height: 1fr;
        background: $background;
        color: $foreground;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $foreground 38%;
    }
    """
        + LOG_CSS
    )

    follow: reactive[bool] = reactive(True)
    """Whether the end stays in view as lines come."""
    wrap: reactive[bool] = reactive(True)
    """Whether long lines go on in the next row."""
    times: reactive[int] = reactive(1)
    """0 no time, 1 the time of day, 2 date and milliseconds."""
    heads: reactive[bool] = reactive(False)
    """Whether each line's head (process, level, source file) is shown as it was written."""
    polls: reactive[bool] = reactive(False)
    """Whether polling lines are shown."""
    only: reactive[Pattern | None] = reactive(None)
    """Show matching lines only."""
    notice: reactive[str] = reactive("")
    """One sentence that stands where lines would, while there are none."""
    cursor: reactive[int | None] = reactive(None)
    """The line that the reader chose, by its index."""

    def __init__(self, *, limit: int = 256_000_000, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.store = LogStore(limit)
        self.index = LogIndex(self.store)
        self.marks: set[int] = set()
        self._anchor = (0, 0)
        self._seen = (0, 0)
        self._syncing = False
        self._synced, self._end = 0.0, 0
        self._timer: Timer | None = None
        self._painter: Painter | None = None
        self._unfolded = False
        self._widest = 0
        self._draw = False
        self._drawn = 0.0

    @property
    def left(self) -> Gutter:
        """How the left of each row is divided."""
        return Gutter(max(4, len(str(self.store.last_number))), self.times)

    @property
    def face(self) -> Size:
        """The cells that rows are drawn on: what scrollbars leave."""
        return self.scrollable_content_region.size

    @property
    def new(self) -> int:
        """How many lines came since the reader left the end."""
        if self.follow:
            return 0
        end, polls = self._seen
        hidden = 0 if self.polls else max(0, self.store.polls - polls)
        return max(0, self.store.end - max(end, self.store.first) - hidden)

    def add(self, lines: LogLines, partial: LogLines | None = None) -> None:
        """Append lines, and an unfinished last one."""
        unfinished = self.store.partial or partial is not None
        self.store.add(lines, partial)
        if not self.wrap:
            self._widest = max([self._widest, *map(cells_of, lines.texts)])
        seen = self.follow and (unfinished or len(lines.polls) < len(lines.texts))
        self.schedule(bool(seen or lines.counts or lines.passed))

    def divide(self, text: str, stamp: bytes = b"") -> None:
        """Append a divider."""
        self.store.divide(text, stamp)
        self.schedule()

    def clear(self) -> None:
        """Forget all lines and go back to following."""
        self.store = LogStore(self.store.limit)
        self.index = LogIndex(self.store)
        self.marks.clear()
        self._anchor, self._seen, self._widest = (0, 0), (0, 0), 0
        self.cursor = None
        self.follow = True
        self.schedule()

    def schedule(self, seen: bool = True) -> None:
        """Draw what changed: at once, or with the next beat while lines pour in.

        Args:
            seen: Whether what is in view changed; else only the counts and the scroll bar follow.
        """
        self._draw = self._draw or seen
        if self._timer is not None or not self.is_mounted:
            return
        beat = FLOOD_BEAT if self.store.end - self._end > FLOOD else BEAT
        wait = self._synced + beat - time.monotonic()
        if wait <= 0:
            self._beat()
        else:
            self._timer = self.set_timer(wait, self._beat)

    def _beat(self) -> None:
        self._timer = None
        self.sync(self._draw)

    def sync(self, draw: bool = True) -> None:
        """Count rows, and bring the scroll position in line with the reader's place."""
        if not self.size:
            return
        before = self.index.view
        self._forget_dropped()
        self._apply_view()
        done = self.index.settle(self.store.end - 1 if self.follow else self._anchor[0])
        self._synced, self._end = time.monotonic() if self.store.end else 0.0, self.store.end  # first lines never wait
        with self._quietly():
            width = self.face.width if self.wrap else max(self.face.width, self.left.width + self._widest)
            self.virtual_size = Size(width, self.index.total)
            self.scroll_to(y=self._wanted_row(), animate=False, force=True, immediate=True)
        self._draw = draw or self.index.view is not before
        # While rows are counted slice by slice, what is in view is drawn no more often than the beat.
        if self._draw and (done or self._synced - self._drawn >= BEAT):
            self._drawn, self._draw = self._synced, not done
            self.refresh()
        self.synced()
        if not done and self._timer is None:
            self._timer = self.set_timer(0.005, self._beat)

    def synced(self) -> None:
        """Called after each drawing; for whoever shows more than the rows."""

    def go_to(self, index: int) -> None:
        """Make a line the chosen one and bring it into view, a third from the top unless it is in view already."""
        self.follow = False
        self.cursor = index
        self.index.settle(index)
        row = self.index.row_of(index)
        top, height = self.scroll_offset.y, self.face.height
        if not top <= row < top + height - 1:
            self._anchor = self.index.line_at(max(0, row - height // 3))
        self.sync()

    def render_line(self, y: int) -> Strip:
        """Draw one row of what is in view."""
        row = self.scroll_offset.y + y
        width, painter = self.face.width, self.painter
        index, inside = self.index.line_at(row) if row < self.index.total else (self.store.end, 0)
        if index >= self.store.end:
            return painter.notice(self.notice if not self.index.total else "", y - 1, width)
        line, view, left = self.store.at(index), self.index.view_of(index), self.left
        look = self.look(index, view)
        strip = painter.row(line, inside, view.width if view.wrap else None, left, look)
        if not self.wrap and (shift := self.scroll_offset.x):
            strip = Strip.join([strip.crop(0, left.width), strip.crop(left.width + shift)])
        return painter.fitted(strip, width, painter.ground(line, look))

    def look(self, index: int, view: View) -> Look:
        """Say how a line is drawn."""
        fold = None
        if index in self.store.counts and view.only is None:
            fold = Fold(self.index.is_open(index), self.store.counts[index])
        return Look(cursor=index == self.cursor, marked=index in self.marks, whole=view.whole, fold=fold)

    @property
    def painter(self) -> Painter:
        """Who paints, with the theme's styles."""
        if self._painter is None:
            self._painter = painter_of(self)
        return self._painter

    def notify_style_update(self) -> None:
        """Forget the styles of the old theme."""
        super().notify_style_update()
        self._painter = None

    def on_mount(self) -> None:
        """Count rows anew when the way of looking changes."""
        for name in ("wrap", "times", "polls", "only"):
            self.watch(self, name, self._look_anew, init=False)

    def on_resize(self) -> None:
        """Count rows for the new size."""
        self.sync()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Take note of where the reader moved to."""
        super().watch_scroll_y(old_value, new_value)
        if not self._syncing:
            self._anchor = self.index.line_at(round(new_value))
            self.follow = new_value >= self.max_scroll_y
            self.synced()

    def watch_follow(self, follow: bool) -> None:
        """Go to the end, or remember where the reader left it."""
        if follow:
            self.schedule()
        else:
            self._seen = (self.store.end, self.store.polls)

    def watch_notice(self) -> None:
        """Draw the sentence."""
        self.refresh()

    def watch_cursor(self) -> None:
        """Draw the choice."""
        self.refresh()

    def watch_heads(self) -> None:
        """Count rows anew, heads shown or not."""
        self.sync()

    def _look_anew(self) -> None:
        self.sync()

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        self._syncing = True
        try:
            yield
        finally:
            self._syncing = False

    def _apply_view(self) -> None:
        width = max(8, self.face.width - self.left.width)
        view = View(width, self.wrap, self.heads, self.polls, self._unfolded, self.only)
        if view != self.index.view:
            self.index.view = view

    def _wanted_row(self) -> int:
        if self.follow:
            return max(0, self.index.total - self.face.height)
        line, inside = self._anchor
        return self.index.row_of(line) + min(inside, max(0, self.index.height(line) - 1))

    def _forget_dropped(self) -> None:
        if not self.store.drop():
            return
        first = self.store.first
        self.marks = {mark for mark in self.marks if mark >= first}
        self.index.toggled = {head for head in self.index.toggled if head >= first}
        if self.cursor is not None and self.cursor < first:
            self.cursor = None
        if self._anchor[0] < first:
            self._anchor = (first, 0)

    def measure(self) -> None:
        """Find the widest line, for scrolling sideways."""
        whole = self.heads
        self._widest = max(
            (
                cells + (start if whole else 0)
                for chunk in self.store.chunks
                for cells, start in zip(chunk.cells, chunk.starts, strict=True)
            ),
            default=0,
        )
