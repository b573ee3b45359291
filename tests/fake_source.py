"""A `Source` that a test fills by hand."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from tui.services.errors import ServiceError

Item = TypeVar("Item")


class FakeSource(Generic[Item]):
    """Gives what was `put`, blocks for more, ends at `end()` (with an error: raises it) or `close()`.

    Args:
        items: What it holds from the start.
        is_silent: While this says True nothing is given, as with a hanging engine.
    """

    def __init__(self, items: list[Item] | None = None, is_silent: Callable[[], bool] = lambda: False) -> None:
        self._items: deque[Item] = deque(items or [])
        self._is_silent = is_silent
        self._ended = False
        self._closed = False
        self._error: ServiceError | None = None
        self._changed = threading.Condition()

    def put(self, item: Item) -> None:
        """Give one more item; after the end it is dropped."""
        with self._changed:
            if not self._ended:
                self._items.append(item)
            self._changed.notify_all()

    def end(self, error: ServiceError | None = None) -> None:
        """End after what is already there; with an error, by raising it."""
        with self._changed:
            if not self._ended:
                self._ended, self._error = True, error
            self._changed.notify_all()

    def close(self) -> None:
        """End at once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the reader's side closed it."""
        return self._closed

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self._ended or self._closed

    def __iter__(self) -> Iterator[Item]:
        while True:
            with self._changed:
                while not self._closed and (self._is_silent() or not (self._items or self._ended)):
                    self._changed.wait(0.02)
                if self._closed:
                    return
                if not self._items:
                    if self._error is not None:
                        raise self._error
                    return
                item = self._items.popleft()
            yield item
