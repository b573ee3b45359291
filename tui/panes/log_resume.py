"""Reading on where a log stream broke off: nothing twice, nothing left out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime

from tui.insight.log_clean import STAMP

KEPT = 256
"""Lines that are remembered; two streams of one container may be out of order by a few."""


class LogResume:
    """Remembers the last lines of a container's log.

    Args:
        floor: From when to read while nothing was read yet, seconds since the epoch; None is from the beginning.
    """

    def __init__(self, floor: float | None = None) -> None:
        self._floor = floor
        self._recent: deque[bytes] = deque(maxlen=KEPT)
        self._known: Counter[bytes] = Counter()
        self._oldest = b""
        self._newest = b""

    @property
    def since(self) -> float | None:
        """From when to ask, seconds since the epoch; None is all there is."""
        stamps = [match[1] for line in self._recent if (match := STAMP.match(line))]
        if not stamps:
            return self._floor
        # Microseconds rounded down: what is asked for twice is dropped here.
        return datetime.fromisoformat(min(stamps).decode()).timestamp() - 0.000_001

    def begin(self) -> None:
        """Prepare for a stream that starts at `since`."""
        self._known = Counter(self._recent)
        stamps = [match[1] for line in self._recent if (match := STAMP.match(line))]
        self._oldest, self._newest = min(stamps, default=b""), max(stamps, default=b"")

    def fresh(self, lines: Sequence[bytes]) -> Sequence[bytes]:
        """Give the lines that were not read before, and remember them."""
        if self._known:
            lines = self._sifted(lines)
        self._recent.extend(lines[-KEPT:])
        return lines

    def _sifted(self, lines: Sequence[bytes]) -> list[bytes]:
        kept: list[bytes] = []
        for at, line in enumerate(lines):
            match = STAMP.match(line)
            stamp = match[1] if match else b""
            if stamp > self._newest:
                self._known.clear()
                return [*kept, *lines[at:]]
            if self._known[line] > 0:
                self._known[line] -= 1
            elif not stamp or stamp >= self._oldest:
                kept.append(line)
        return kept
