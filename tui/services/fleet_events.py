"""Listening to the engine: a daemon thread reads its events and hands each to the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable

from tui.services.engine import Engine, Event
from tui.services.errors import ServiceError
from tui.services.source import Source

QUIET = frozenset({"exec_create", "exec_start", "exec_die", "top", "resize", "attach", "detach", "health_status"})
"""What changes nothing that we show."""
ENDING_SIGNALS = frozenset({"1", "2", "3", "9", "15", "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGTERM", ""})


class Listening:
    """The engine's events, from the last one seen on; kept open until closed or lost.

    Args:
        engine: Who is listened to.
        since: From when, seconds since the epoch.
        noticed: Called on the event loop with each container event that matters.
        lost: Called on the event loop when the stream ends by itself.
    """

    def __init__(
        self, engine: Engine, since: float, noticed: Callable[[Event], None], lost: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._since = since
        self._noticed = noticed
        self._lost = lost
        self._source: Source[Event] | None = None
        self._kills: dict[str, float] = {}

    @property
    def open(self) -> bool:
        """Whether events are being read."""
        return self._source is not None

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._source is None:
            self._source = source = self._engine.events(self._since)
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._read, args=(source, loop), name="engine-events", daemon=True).start()

    def close(self) -> None:
        """End; waits for nothing."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def killed_since(self, container: str, moment: float | None) -> bool:
        """Whether somebody asked the engine to end this container after a moment."""
        kill = self._kills.get(container)
        # An engine that tells whole seconds only may seem to have been asked before the start.
        return kill is not None and moment is not None and (kill >= moment or kill == int(moment))

    def _read(self, source: Source[Event], loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(ServiceError, RuntimeError):
            # A ServiceError: the next refresh says why, in one place. A RuntimeError: the loop is closed, the app ends.
            for event in source:
                if event.action.partition(":")[0] not in QUIET:
                    loop.call_soon_threadsafe(self._take, event)
        if not source.closed:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._ended, source)

    def _take(self, event: Event) -> None:
        self._since = max(self._since, event.time)
        if event.kind != "container":
            return
        if event.action == "kill" and event.attributes.get("signal", "") in ENDING_SIGNALS:
            self._kills[event.id] = event.time
        elif event.action == "destroy":
            self._kills.pop(event.id, None)
        self._noticed(event)

    def _ended(self, source: Source[Event]) -> None:
        if self._source is source:
            self._source = None
            self._lost()
