"""Ends a regular expression that would hold the event loop: matching cannot be interrupted in any other way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LONGEST = 0.03
"""Seconds of CPU that one line may take."""


class TooSlowError(Exception):
    """A line took too long."""


class Guard:
    """Winds the alarm anew for each line."""

    def __init__(self, armed: bool) -> None:
        self._armed = armed

    def wind(self) -> None:
        """Give the next line its time."""
        if self._armed:
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)


@contextmanager
def guarded() -> Iterator[Guard]:
    """Raise out of a line that takes too long; only the main thread can be interrupted, others are let go on.

    Raises:
        TooSlowError: From within the block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Guard(False)
        return
    before = signal.signal(signal.SIGVTALRM, _ring)
    try:
        yield Guard(True)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError
