"""Choosing lines of a log, by keys and mouse; marks."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.reactive import reactive

from widgets.log_index import View
from widgets.log_paint import Look, plain
from widgets.log_search import LogSearch


class LogChoice(LogSearch):
    """A log in which lines can be chosen, copied and marked."""

    anchor_line: reactive[int | None] = reactive(None)
    """Where the choice of several lines began; it goes to the cursor. None: no choice."""

    @dataclass
    class Copied(Message):
        """These lines are to be put on the clipboard."""

        text: str
        lines: int

    @property
    def chosen(self) -> range:
        """The chosen lines: several, the one with the cursor, or none."""
        if self.cursor is None:
            return range(0)
        other = self.cursor if self.anchor_line is None else self.anchor_line
        return range(max(min(self.cursor, other), self.store.first), max(self.cursor, other) + 1)

    def look(self, index: int, view: View) -> Look:
        """Say how a line is drawn."""
        look = super().look(index, view)
        if self.anchor_line is not None and index in self.chosen:
            look = look.among_chosen()
        return look

    def watch_anchor_line(self) -> None:
        """Draw the choice."""
        self.refresh()

    def action_choose(self, lines: int) -> None:
        """Choose one more line up or down, beginning in view."""
        if self.cursor is None:
            end = min(self.scroll_offset.y + self.face.height, self.index.total) - 1
            self.cursor = self.index.line_at(end if lines < 0 else self.scroll_offset.y)[0]
            self.anchor_line = self.cursor
            self.follow = False
            return
        if self.anchor_line is None:
            self.anchor_line = self.cursor
        self.cursor = self._beside(self.cursor, lines)
        self._into_view(self.cursor)

    def action_clear(self) -> None:
        """Let go of the choice, then of what is found, then of the filter."""
        if self.cursor is not None or self.anchor_line is not None:
            self.cursor = self.anchor_line = None
        elif self.wanted is not None:
            self.wanted = None
        else:
            self.only = None

    def action_copy(self) -> None:
        """Say which lines to copy: the chosen ones, or all that are in view."""
        indexes = [index for index in self.chosen if self.index.height(index)] or self._in_view()
        text = "\n".join(plain(self.store.at(index)) for index in indexes)
        self.post_message(self.Copied(text, len(indexes)))

    def action_mark(self) -> None:
        """Mark the chosen line, or the first in view, or take the mark away."""
        index = self._here()
        if index is not None:
            self.marks ^= {index}
            self.refresh()

    def action_next_mark(self) -> None:
        """Go to the next mark, round at the end."""
        here = self.cursor if self.cursor is not None else self._anchor[0] - 1
        marks = sorted(self.marks)
        after = [mark for mark in marks if mark > here] or marks
        if after:
            self.anchor_line = None
            self.reveal(after[0])

    # mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the line under the mouse."""
        index = self._line_under(event)
        if index is None or event.button != 1:
            return
        self.capture_mouse()
        if event.shift and self.cursor is not None:
            self.anchor_line = self.cursor if self.anchor_line is None else self.anchor_line
        else:
            self.anchor_line = None
        self.follow = False
        self.cursor = index

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Choose lines while the mouse is dragged."""
        if self.app.mouse_captured is not self or self.cursor is None:
            return
        if event.y < 0 or event.y >= self.face.height:
            self.action_rows(-1 if event.y < 0 else 1)
        index = self._line_under(event)
        if index is not None and index != self.cursor:
            self.anchor_line = self.cursor if self.anchor_line is None else self.anchor_line
            self.cursor = index

    def on_mouse_up(self) -> None:
        """Let go of the mouse."""
        self.release_mouse()

    # places

    def _line_under(self, event: events.MouseEvent) -> int | None:
        row = self.scroll_offset.y + min(max(event.y, 0), self.face.height - 1)
        if event.x >= self.face.width or row >= self.index.total:
            return None
        return self.index.line_at(row)[0]

    def _here(self) -> int | None:
        if self.cursor is not None:
            return self.cursor
        seen = self._in_view()
        return seen[0] if seen else None
