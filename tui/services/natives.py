"""The native servers of this machine, looked for again and again in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from tui.services.native_proc import Proc
from tui.services.native_scan import Native, Scan

EVERY = 5.0
"""Seconds between two looks."""


class Natives:
    """Looks for servers that run without a container and tells what is there now.

    Args:
        proc: Where processes are found.
        every: Seconds between two looks.
    """

    def __init__(self, proc: Proc | None = None, every: float = EVERY) -> None:
        self.proc = proc or Proc()
        self._scan = Scan(self.proc)
        self._every = every
        self._wake = threading.Event()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, listener: Callable[[Sequence[Native]], None]) -> None:
        """Begin; the listener is called from the looking thread after each look."""
        if self._thread is None:
            self._closed = False
            self._thread = threading.Thread(target=self._run, args=(listener,), name="natives", daemon=True)
            self._thread.start()

    def nudge(self) -> None:
        """Look again now."""
        self._wake.set()

    def once(self) -> list[Native]:
        """Look once; it blocks for some milliseconds."""
        with self._turn:
            return self._scan.look()

    def close(self) -> None:
        """End; waits for nothing."""
        self._closed = True
        self._thread = None
        self._wake.set()

    def _run(self, listener: Callable[[Sequence[Native]], None]) -> None:
        while not self._closed:
            self._wake.clear()
            listener(self.once())
            self._wake.wait(self._every)
