"""A stream of the simulated engine."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class DemoSource(Generic[Item]):
    """Gives what is put into it, until it has ended or its reader closes it.

    Args:
        items: What it gives first.
        left: Called once its reader has closed it.
    """

    def __init__(self, items: Iterable[Item] = (), left: Callable[[DemoSource[Item]], None] | None = None) -> None:
        self._items = deque(items)
        self._left = left
        self._ended = False
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: Item) -> None:
        """Give one more item; wakes the reader."""
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()

    def end(self) -> None:
        """End after what is already there."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close(self) -> None:
        """End at once, from any thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._left is not None:
            self._left(self)

    @property
    def closed(self) -> bool:
        """Whether its reader closed it."""
        return self._closed

    def __iter__(self) -> Iterator[Item]:
        """Read the items, blocking for each."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._ended or bool(self._items))
                if self._closed or not self._items:
                    return
                item = self._items.popleft()
            yield item
