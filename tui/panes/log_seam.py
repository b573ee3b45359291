"""Where, in a log that is read from its past, the run that goes on now began."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tui.insight.log_clean import STAMP
from tui.insight.log_times import epoch_of

GRACE = 0.5
"""Seconds by which a first line may be older than the start that the engine noted."""


class LogSeam:
    """Finds the first line of a container's newest run, once; only what stands before it makes it a seam.

    Args:
        started: When that run began, as the engine says it.
    """

    def __init__(self, started: str) -> None:
        began = epoch_of(started)
        self._started = None if began is None else began - GRACE
        self._earlier = False

    def find(self, lines: Sequence[bytes]) -> int | None:
        """Say before which of these lines the run began; None when not among them, or when no earlier run was read."""
        if self._started is None or not lines:
            return None
        if _second(lines[-1]) < self._started:
            self._earlier = True
            return None
        at = bisect_left(lines, self._started, key=_second)
        self._started = None
        return at if at or self._earlier else None


def _second(line: bytes) -> float:
    """Give when a line was written; 0 where that is not said."""
    found = STAMP.match(line)
    return (epoch_of(found[1].decode()) if found else None) or 0.0
