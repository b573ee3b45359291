"""The line at the bottom: the keys that work where the focus is now."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

NARROW = 120
MOST_WHEN_NARROW = 6


class KeyBar(Widget):
    """Left the keys of the focus, right the ones that always work."""

    @dataclass(frozen=True, slots=True)
    class Key:
        """One key and what it does."""

        key: str
        words: str
        id: str
        """What `Pressed` says when it is clicked."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        width: 1fr;
        dock: bottom;
        background: $surface;
        padding: 0 1;
    }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())
    """What works here, most useful first."""
    pinned: reactive[tuple[Key, ...]] = reactive(())
    """What works everywhere."""

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def render(self) -> Content:
        """Draw as many keys as fit, whole ones only."""
        width = self.content_size.width
        right = self._joined(self.pinned)
        left = self._left(width, right.cell_length)
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, Content(" " * gap), right)

    def on_click(self, event: events.Click) -> None:
        """Say which key was clicked."""
        width = self.content_size.width
        right = self._joined(self.pinned).cell_length
        for start, key in [*self._places(self._fitting(width, right), 0), *self._places(self.pinned, width - right)]:
            if start <= event.x - 1 < start + _length(key):
                self.post_message(self.Pressed(key.id))
                return

    def _left(self, width: int, right: int) -> Content:
        return self._joined(self._fitting(width, right))

    def _fitting(self, width: int, right: int) -> tuple[Key, ...]:
        room, fitting = width - right, []
        for key in self.keys if width >= NARROW - 2 else self.keys[:MOST_WHEN_NARROW]:
            room -= _length(key) + 2
            if room < 0:
                break
            fitting.append(key)
        return tuple(fitting)

    def _joined(self, keys: tuple[Key, ...]) -> Content:
        pieces = [
            Content.assemble(
                Content.styled(key.key, "bold $accent"), Content.styled(f" {key.words}", "$foreground 80%")
            )
            for key in keys
        ]
        return Content("  ").join(pieces)

    def _places(self, keys: tuple[Key, ...], start: int) -> list[tuple[int, Key]]:
        places = []
        for key in keys:
            places.append((start, key))
            start += _length(key) + 2
        return places


def _length(key: KeyBar.Key) -> int:
    return Content(f"{key.key} {key.words}").cell_length
