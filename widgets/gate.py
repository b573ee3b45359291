"""Keys wait while the place that they are meant for is still on its way."""

from __future__ import annotations

from collections.abc import Awaitable
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

LONGEST = 3.0
"""Seconds; what has not come by then comes too late for what was typed ahead."""


class Gate:
    """Closed while the focus is about to move; the app lets no key in at a closed one.

    Args:
        screen: Whose keys wait; what opens over it is another screen, with a gate of its own.
    """

    class Opened(Message):
        """Keys that wait may go on.

        Args:
            forget: Whether what they were meant for did not come: they are dropped, for anywhere else they would do something else.
        """

        def __init__(self, forget: bool) -> None:
            super().__init__()
            self.forget = forget

    def __init__(self, screen: MessagePump) -> None:
        self._screen = screen
        self._until = 0.0
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether keys wait."""
        return self._closed

    @property
    def late(self) -> bool:
        """Whether it has been closed for longer than anybody waits."""
        return self._closed and monotonic() > self._until

    def close(self) -> None:
        """Let keys wait from now on."""
        self._closed = True
        self._until = monotonic() + LONGEST

    async def until(self, work: Awaitable[None]) -> None:
        """Let keys wait for the question that this work asks: what opens over the screen opens the gate.

        Where it asks nothing, what was typed for a question is forgotten; from where on that is sure, the work opens it itself.
        """
        self.close()
        try:
            await work
        finally:
            self.open(forget=True)

    def open(self, *, forget: bool = False) -> None:
        """Let the waiting keys go to whatever has the focus now, or forget them."""
        if self._closed:
            self._closed = False
            self._screen.post_message(self.Opened(forget))
