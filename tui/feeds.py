"""How what threads read reaches a screen: an inbox, one wake-up for many items, and the thread that fills it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from tui.services.errors import ServiceError
from tui.services.source import Source

Item = TypeVar("Item")


class Inbox(Generic[Item]):
    """A box between one thread that puts and the event loop that takes.

    Args:
        most: How many items it keeps; the newest win. None keeps all.
        weigh: The weight of an item in bytes; with `limit` it makes the putter wait instead of dropping.
        limit: Pending bytes at which `put` waits until the taker came by.
    """

    def __init__(
        self, most: int | None = None, weigh: Callable[[Item], int] | None = None, limit: int = 2_000_000
    ) -> None:
        self._items: deque[Item] = deque(maxlen=most)
        self._weigh = weigh
        self._limit = limit
        self._pending = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: Item) -> bool:
        """Add an item; say whether the box was empty, which is when the taker must be woken."""
        with self._changed:
            while self._pending >= self._limit and not self._closed:
                self._changed.wait()
            was_empty = not self._items
            self._items.append(item)
            if self._weigh is not None:
                self._pending += self._weigh(item)
            return was_empty

    def take(self) -> list[Item]:
        """Empty the box."""
        with self._changed:
            items = list(self._items)
            self._items.clear()
            self._pending = 0
            self._changed.notify_all()
            return items

    def close(self) -> None:
        """Let a waiting putter go on; what comes after is kept but nobody need take it."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Feed(Generic[Item]):
    """A daemon thread that reads a source into an inbox.

    `wake` is called from the thread when the box stops being empty, and once more after the end; it must be safe to call from
    any thread (a widget's `post_message` is). After the end `failure` holds what went wrong, if anything did.
    """

    def __init__(
        self, source: Source[Item], inbox: Inbox[Item], wake: Callable[[], object], name: str = "feed"
    ) -> None:
        self.source = source
        self.inbox = inbox
        self.failure: ServiceError | None = None
        self.ended = False
        self._wake = wake
        self._thread = threading.Thread(target=self._read, name=name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the reading; waits for nothing."""
        self.source.close()
        self.inbox.close()

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        return self.source.closed

    def _read(self) -> None:
        try:
            for item in self.source:
                if self.inbox.put(item) and not self.source.closed:
                    self._wake()
        except ServiceError as error:
            if not self.source.closed:
                self.failure = error
        self.ended = True
        if not self.source.closed:
            self._wake()
