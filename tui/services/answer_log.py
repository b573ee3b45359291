"""A starting container's log, read along by a daemon thread: which phase it is in, and its last lines when it fails."""

from __future__ import annotations

import threading
import time
from collections import deque

from tui.insight.log_times import epoch_of
from tui.insight.phases import BootPhase, BootReader
from tui.services.engine import Engine
from tui.services.errors import ServiceError

KEPT = 3000
"""Lines; a whole failing boot has some 220."""


class BootLog:
    """Follows the log of one container from its start."""

    def __init__(self, engine: Engine, container: str, tty: bool, since: float | None = None) -> None:
        self._reader = BootReader(time.time() if since is None else since)
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._source = engine.logs(container, tty=tty, since=since, follow=True)
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="boot log", daemon=True).start()

    def close(self) -> None:
        """End the reading; waits for nothing."""
        self._source.close()

    @property
    def ended(self) -> bool:
        """Whether the log has come to its end."""
        return self._ended.is_set()

    @property
    def seen(self) -> bool:
        """Whether vLLM has said anything yet."""
        with self._lock:
            return self._reader.seen

    @property
    def phase(self) -> BootPhase | None:
        """The phase it is in; None before the first sign of vLLM and when it has started up."""
        with self._lock:
            return self._reader.boot(time.time()).current if self._reader.seen else None

    @property
    def ready(self) -> bool:
        """Whether vLLM has said that it has started up."""
        with self._lock:
            return self._reader.ready_at is not None

    @property
    def lines(self) -> list[str]:
        """What it wrote, without timestamps."""
        with self._lock:
            return list(self._lines)

    def _read(self) -> None:
        try:
            for batch in self._source:
                with self._lock:
                    for raw in batch.lines:
                        self._take(raw)
        except ServiceError:
            pass  # the container itself is watched too, and says more
        self._ended.set()

    def _take(self, raw: bytes) -> None:
        stamp, _, text = raw[:4000].decode("utf-8", "replace").partition(" ")
        self._lines.append(text)
        self._reader.feed(epoch_of(stamp) or time.time(), text)
