"""Keys are obeyed one after the other: the next one is let in when the one before has had its whole effect, a new focus included."""

from __future__ import annotations

from collections import deque
from typing import Any, TypeAlias

from textual import events
from textual.app import App, ScreenError
from textual.dom import DOMNode
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from widgets.gate import Gate

Typed: TypeAlias = events.Key | events.Paste

ROUNDS = 3
"""How often a mark follows a key from the focus up to the app: the key's own way, that of what it set off, and of what that set off."""
LOST_SECONDS = 0.25
"""After this long a mark that has not come back went away with its widget."""


class InTurn(App[Any]):
    """An app whose keys never overtake each other, and never act where the focus was before it moved.

    Textual hands every key to the widget that has the focus at that moment. A key that opens a dialog or a tab does so some messages
    later, so that of a quick burst all the rest would act where one was before.
    """

    class Passed(Message):
        """A mark that went the way of a key, and is back."""

        def __init__(self, start: DOMNode, rounds: int) -> None:
            super().__init__()
            self.start = start
            self.rounds = rounds

    def __init__(self) -> None:
        super().__init__()
        self._queue: deque[Typed] = deque()
        self._mark: InTurn.Passed | None = None
        """The mark that is on its way."""
        self._typing = False
        """Whether characters were put where one types that may not have arrived there."""
        self._looking: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let a key in, or let it wait; everything else goes its way."""
        if not isinstance(event, Typed) or event.is_forwarded or self._leaves(event):
            await super().on_event(event)
            return
        self._queue.append(event)
        await self._let_in()

    async def _let_in(self) -> None:
        while self._queue and self._mark is None:
            gate = self._gate
            if gate is not None and gate.closed and not self._gives_up(gate, self._queue[-1]):
                break
            start = self._start
            types = start is not None and _types(self._queue[0], start)
            if self._typing and not types and start is not None:
                self._send(start, 1)  # what was typed is there before a key takes it
                break
            await super().on_event(self._queue.popleft())
            if start is not None and not types:
                self._send(start, 1)
            self._typing = types
        if self._queue and self._looking is None:
            self._looking = self.set_timer(LOST_SECONDS, self._look)

    def _gives_up(self, gate: Gate, last: Typed) -> bool:
        """Esc waits for nothing: what was typed for a place that has not come is forgotten."""
        if not (gate.late or (isinstance(last, events.Key) and last.key == "escape")):
            return False
        self._queue.clear()
        if not gate.late:
            self._queue.append(last)
        gate.open()
        return bool(self._queue)

    def _send(self, start: DOMNode, rounds: int) -> None:
        self._typing = False
        self._mark = mark = self.Passed(start, rounds)
        if not start.post_message(mark):
            self._mark = None  # it is gone, and with it what it was about to do

    async def on_in_turn_passed(self, event: Passed) -> None:
        """Send the mark once more, or let the next key in."""
        event.stop()
        if event is not self._mark:
            return
        self._mark = None
        start = self._start
        if start is not None and (event.rounds < ROUNDS or start is not event.start):
            self._send(start, event.rounds + 1 if start is event.start else 1)
        await self._let_in()

    async def on_gate_opened(self, event: Gate.Opened) -> None:
        """Go on with what waits."""
        event.stop()
        if event.forget:
            self._queue.clear()
        if self._mark is not None and self._mark.start is not self._start:
            self._mark = None  # it may have gone away with what had the focus
        await self._let_in()

    async def _look(self) -> None:
        """Go on where nobody says that one may: a mark was lost, or what is waited for does not come."""
        self._looking = None
        if self._mark is not None and not self._mark.start.is_attached:
            self._mark = None
        await self._let_in()

    @property
    def _start(self) -> Widget | None:
        """Where a key goes now; None while there is no screen."""
        try:
            return self.focused or self.screen
        except (ScreenError, KeyError):
            return None

    @property
    def _gate(self) -> Gate | None:
        start = self._start
        return getattr(start.screen, "gate", None) if start is not None else None

    def _leaves(self, event: Typed) -> bool:
        """Whether it ends the app: that waits for nothing."""
        if not isinstance(event, events.Key):
            return False
        bindings = self._bindings.key_to_bindings.get(event.key, ())
        return any(binding.priority and binding.action == "quit" for binding in bindings)


def _types(event: Typed, start: Widget) -> bool:
    """Whether it only puts a character where one types, which moves nothing."""
    return isinstance(event, events.Key) and event.is_printable and start.check_consume_key(event.key, event.character)
