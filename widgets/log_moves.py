"""Moving through a log."""

from __future__ import annotations

from widgets.log_canvas import LogCanvas


class LogMoves(LogCanvas):
    """A log through which one can move by rows, pages and to its ends."""

    def action_rows(self, count: int) -> None:
        """Scroll by some rows."""
        self.scroll_to(y=self.scroll_y + count, animate=False, force=True, immediate=True)

    def action_pages(self, halves: int) -> None:
        """Scroll by some half pages."""
        self.action_rows(halves * max(1, (self.face.height - (abs(halves) > 1)) // 2))

    def action_top(self) -> None:
        """Go to the first line."""
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.follow = self.max_scroll_y == 0

    def action_bottom(self) -> None:
        """Go to the last line and stay there as lines come."""
        self.cursor = None
        self.follow = True
        self.sync()

    def action_follow(self) -> None:
        """Follow the end, or stop where one is."""
        if self.follow:
            self._anchor = self.index.line_at(self.scroll_offset.y)
            self.follow = False
            self.sync()
        else:
            self.action_bottom()

    def action_sideways(self, cells: int) -> None:
        """Scroll sideways when lines are not wrapped."""
        if not self.wrap:
            self.scroll_to(x=self.scroll_x + cells, animate=False, force=True, immediate=True)

    def _in_view(self) -> list[int]:
        top = self.scroll_offset.y
        rows = range(top, min(top + self.face.height, self.index.total))
        return list(dict.fromkeys(self.index.line_at(row)[0] for row in rows))

    def _beside(self, index: int, step: int) -> int:
        """Give the shown line beside one."""
        other = index + step
        while self.store.first <= other < self.store.end:
            if self.index.height(other):
                return other
            other += step
        return index

    def _into_view(self, index: int) -> None:
        row, top = self.index.row_of(index), self.scroll_offset.y
        last = row + self.index.height(index) - 1
        if row < top:
            self.action_rows(row - top)
        elif last >= top + self.face.height:
            self.action_rows(last - top - self.face.height + 1)
