"""A place to type while the widget that was asked for is still on its way."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

TYPED = frozenset({"enter", "backspace", "ctrl+j"})
"""Keys that belong to what is typed, though they print nothing."""


class Gate(Widget):
    """Takes the keys meant for a widget that is not there yet, and hands them over when it comes."""

    DEFAULT_CSS = """
    Gate { width: 0; height: 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: list[events.Key] = []

    def close(self) -> None:
        """Begin to take the keys; only now can it have the focus, so tab never comes here."""
        self.can_focus = True
        self.focus()

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed ahead: a letter must not act somewhere else. What moves or leaves goes on."""
        if not (event.is_printable or event.key in TYPED):
            return
        event.stop()
        event.prevent_default()
        self._keys.append(event)

    def open(self, target: Widget) -> None:
        """Give the focus and the kept keys to the widget that has come."""
        keys, self._keys = self._keys, []
        target.focus()
        self.can_focus = False
        for key in keys:
            target.post_message(events.Key(key.key, key.character))

    def on_blur(self) -> None:
        """The focus went elsewhere: nobody waits for these keys any more."""
        self._keys.clear()
        self.can_focus = False
