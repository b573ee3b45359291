"""A scrollbar that is painted when it looks otherwise, not with each line that comes or goes."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.scrollbar import ScrollBar

EIGHTHS = 8
"""A cell of the bar is drawn in eighths."""


class CalmBar(ScrollBar):
    """Textual's own; it is drawn by Rich, which for a text that grows costs a seventh of all there is to do."""

    window_virtual_size: Reactive[int] = Reactive(100, repaint=False)
    position: Reactive[float] = Reactive(0, repaint=False)
    _look = (0, 0)

    def watch_window_virtual_size(self) -> None:
        """There is more or less to scroll through."""
        self._see()

    def watch_position(self) -> None:
        """It was scrolled."""
        self._see()

    def _see(self) -> None:
        """Paint if the thumb begins or ends elsewhere."""
        room, whole, window = self.size.height, max(1, self.window_virtual_size), self.window_size
        thumb = max(1.0, room * window / whole)
        start = (room - thumb) * self.position / max(1, whole - window)
        look = (int(start * EIGHTHS), int((start + thumb) * EIGHTHS))
        if look != self._look:
            self._look = look
            self.refresh()
