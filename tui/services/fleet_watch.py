"""Watching one running server: boot log until it is ready, then a light pulse."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tui.insight.metrics import Load
from tui.insight.phases import Boot, BootReader
from tui.services.errors import ServiceError
from tui.services.vllm import Identity, VllmClient

CHOSEN_SECONDS = 1.0
OTHERS_SECONDS = 10.0
BLIND_SECONDS = 3.0
"""How often a starting server is asked when its log tells nothing."""

ReadLog = Callable[[float | None], Awaitable[list[tuple[float, str]]]]
"""Gives the log's lines after a moment as (time, text)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is asked."""

    url: str | None
    key: str | None


class Watch:
    """The life of one run of one container, from its start to its end.

    Args:
        way: How it is asked.
        client: Asks it.
        read_log: Reads its log.
        began: When it started, seconds since the epoch.
        changed: Called when something that shows has changed.
    """

    def __init__(
        self, way: Way, client: VllmClient, read_log: ReadLog, began: float, changed: Callable[[], None]
    ) -> None:
        self.way = way
        self.began = began
        self.ready_at: float | None = None
        self.identity: Identity | None = None
        self.load: Load | None = None
        self.reader = BootReader(began)
        self.chosen = asyncio.Event()
        self.asked = asyncio.Event()
        """Whether the first questions have been put and its log has been read once."""
        self._client = client
        self._read_log = read_log
        self._changed = changed
        self._newest: float | None = None
        self._silent = 0

    @property
    def ready(self) -> bool:
        """Whether it answers, as far as the last question showed."""
        return self.ready_at is not None

    @property
    def failed(self) -> bool:
        """Whether its log says that the engine is dead although the container still runs."""
        return not self.ready and self.reader.failed

    def boot(self, now: float, last_good: float | None = None) -> Boot:
        """Draw up its boot as it stands."""
        return self.reader.boot(now, last_good=last_good)

    async def run(self, clock: Callable[[], float]) -> None:
        """Watch until cancelled."""
        await self._ask(clock())
        if self.ready:
            self.asked.set()
        asked = clock()
        while True:
            if self.ready:
                await self._pulse()
                await self._rest()
                continue
            await self._follow_boot()
            self.asked.set()
            blind = not self.reader.seen and clock() - asked >= BLIND_SECONDS
            if self.reader.ready_at is not None or blind:
                asked = clock()
                await self._ask(clock())
            self._changed()
            if not self.ready:
                await asyncio.sleep(CHOSEN_SECONDS)

    async def _ask(self, now: float) -> None:
        """Ask at a turning point: is it there, and who is it."""
        if self.way.url is None:
            if self.reader.ready_at is not None:
                self.ready_at = self.reader.ready_at
                self._changed()
            return
        if not await self._client.healthy(self.way.url, self.way.key):
            return
        self.identity = await self._client.identity(self.way.url, self.way.key) or Identity()
        # Ready before we first asked: since when is not known, so it counts from its start.
        self.ready_at = self.reader.ready_at or (now if self.asked.is_set() else self.began)
        self._changed()

    async def _follow_boot(self) -> None:
        try:
            lines = await self._read_log(self._newest)
        except ServiceError:
            return  # a log that cannot be read: the questions go on, blind
        for time, text in lines:
            self._newest = max(time, self._newest or 0.0)
            self.reader.feed(time, text)

    async def _pulse(self) -> None:
        if self.way.url is None:
            return
        load = await self._client.load(self.way.url, self.way.key)
        if load is None and not await self._client.healthy(self.way.url, self.way.key):
            self._silent += 1
            if self._silent >= 2:
                self.ready_at = self.load = None
                self.reader = BootReader(self.began)
                self._changed()
            return
        self._silent = 0
        if load != self.load:
            self.load = load
            self._changed()

    async def _rest(self) -> None:
        if self.chosen.is_set() or self._silent:
            await asyncio.sleep(CHOSEN_SECONDS)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OTHERS_SECONDS):
                await self.chosen.wait()
