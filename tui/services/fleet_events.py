"""Listening to the engine: a daemon thread reads its events and hands each to the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tui.services.engine import Engine, Event
from tui.services.errors import ServiceError
from tui.services.source import Source

ENDING_SIGNALS = frozenset({"1", "2", "3", "9", "15", "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGTERM", ""})
KILLING_SIGNALS = frozenset({"9", "SIGKILL"})


class Wish(StrEnum):
    """What somebody asked the engine to do with a run of a container."""

    NONE = ""
    KILL = "kill"
    """End it at once: nothing but SIGKILL was sent."""
    STOP = "stop"
    """End: it could clear up first, whether it did or was killed when its time was over."""


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a run, as the engine told it."""

    time: float
    code: int


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
        self._wishes: dict[str, tuple[float, Wish]] = {}
        self._deaths: dict[str, Death] = {}

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

    def wish_since(self, container: str, moment: float | None) -> Wish:
        """Say what somebody asked the engine to do with this container after a moment, its start."""
        asked, wish = self._wishes.get(container, (0.0, Wish.NONE))
        # An engine that tells whole seconds only may seem to have been asked before the start.
        return wish if moment is not None and (asked >= moment or asked == int(moment)) else Wish.NONE

    def death_since(self, container: str, moment: float | None) -> Death | None:
        """Give the end of the run that began at a moment; None while it goes on."""
        death = self._deaths.get(container)
        return death if death is not None and moment is not None and death.time >= moment else None

    def _read(self, source: Source[Event], loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(ServiceError, RuntimeError):
            # A ServiceError: the next refresh says why, in one place. A RuntimeError: the loop is closed, the app ends.
            for event in source:
                loop.call_soon_threadsafe(self._take, event)
        if not source.closed:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._ended, source)

    def _take(self, event: Event) -> None:
        self._since = max(self._since, event.time)
        if event.kind != "container":
            return
        self._keep(event)
        self._noticed(event)

    def _keep(self, event: Event) -> None:
        signal = event.attributes.get("signal", "")
        if event.action == "kill" and signal in ENDING_SIGNALS:
            _asked, before = self._wishes.get(event.id, (0.0, Wish.NONE))
            kills = signal in KILLING_SIGNALS and before is not Wish.STOP
            self._wishes[event.id] = event.time, Wish.KILL if kills else Wish.STOP
        elif event.action == "stop":  # only `docker stop` ends in it, also where it had to kill at once
            self._wishes[event.id] = event.time, Wish.STOP
        elif event.action == "die":
            code = event.attributes.get("exitCode", "")
            self._deaths[event.id] = Death(event.time, int(code) if code.isdigit() else 0)
        elif event.action in {"start", "destroy"}:
            self._wishes.pop(event.id, None)
            self._deaths.pop(event.id, None)

    def _ended(self, source: Source[Event]) -> None:
        if self._source is source:
            self._source = None
            self._lost()
