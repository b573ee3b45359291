"""How often what changes by itself is drawn anew: on a slow line, not as often as it changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")
SLOW_SECONDS = 2.0
"""Between two drawings of figures on a slow line."""


class Pace(Generic[Item]):
    """Hands the newest of many items on, at most one in so many seconds; none that is the last is lost.

    Args:
        seconds: 0 hands everything on at once.
        show: Gets the item.
        later: Calls something after so many seconds.
    """

    def __init__(
        self,
        seconds: float,
        show: Callable[[Item], object],
        later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._seconds = seconds
        self._show = show
        self._later = later
        self._waiting: Item | None = None
        self._shown = float("-inf")

    def put(self, item: Item, *, at_once: bool = False) -> None:
        """Take an item; `at_once` lets it not wait for its turn."""
        left = self._shown + self._seconds - time.monotonic()
        waits, self._waiting = self._waiting is not None, item
        if at_once or left <= 0:
            self._hand_on()
        elif not waits:
            self._later(left, self._hand_on)

    def _hand_on(self) -> None:
        item, self._waiting = self._waiting, None
        if item is not None:
            self._shown = time.monotonic()
            self._show(item)
