"""Watching one running server: boot log until it is ready, then a light pulse."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tui.insight.phases import Boot, BootReader
from tui.insight.stall import Verdict
from tui.insight.vitals import Vitals
from tui.services.errors import ServiceError
from tui.services.probe import Asked, Prover
from tui.services.vllm import Identity, VllmClient

CHOSEN_SECONDS = 1.0
OTHERS_SECONDS = 10.0
BLIND_SECONDS = 3.0
"""How often a starting server is asked before its log says ready: not every log says it."""
SILENT_TIMES = 2
"""Questions in a row without an answer that make a ready server silent."""
UNREACHABLE_TIMES = 3
"""Questions in a row without an answer, after its log said ready, that mean that there is no way in."""
SLICE = 500
"""Lines of a boot that are read before others have their turn."""

ReadLog = Callable[[float | None], Awaitable[list[tuple[float, str]]]]
"""Gives the log's lines after a moment as (time, text)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is asked, and by what it is known."""

    url: str | None
    key: str | None = field(repr=False)
    names: tuple[str, ...] = ()
    """What its command names its model; empty when it does not say."""
    shared: bool = False
    """Whether anything else on the host may hold its port (host network)."""
    task: str = "generate"
    """generate or embed: which question proves that it works."""
    headless: bool = False
    """It is a part of a bigger server and answers nobody."""


class Watch:
    """The life of one run of one container, from its start to its end.

    Args:
        way: How it is asked.
        client: Asks it.
        read_log: Reads its log.
        began: When it started, seconds since the epoch.
        changed: Called when something that shows has changed.
        probe_seconds: How often it is asked for a token while its counters stand still; 0 asks never.
    """

    def __init__(
        self,
        way: Way,
        client: VllmClient,
        read_log: ReadLog,
        began: float,
        changed: Callable[[], None],
        *,
        probe_seconds: float = 0.0,
    ) -> None:
        self.way = way
        self.began = began
        self.ready_at: float | None = None
        self.answered_at: float | None = None
        """When it last answered."""
        self.identity: Identity | None = None
        self.doubted_at: float | None = None
        """When it was found not to work; None while it does."""
        self.reader = BootReader(began)
        self.chosen = asyncio.Event()
        self.asked = asyncio.Event()
        """Whether the first questions have been put and its log has been read once."""
        self._client = client
        self._read_log = read_log
        self._changed = changed
        self._newest: float | None = None
        self._prover = Prover(client, probe_seconds)
        self._shown_verdict = Verdict.WORKS
        self._missed = 0
        self._tried: float | None = None

    @property
    def ready(self) -> bool:
        """Whether it has answered in this run."""
        return self.ready_at is not None

    @property
    def silent(self) -> bool:
        """Whether it was ready and does not answer any more."""
        return self.ready and self._missed >= SILENT_TIMES

    @property
    def unreachable(self) -> bool:
        """Whether its log says that it is ready, but no way leads to it from here."""
        if self.ready or self.reader.ready_at is None:
            return False
        return self.way.url is None or self._missed >= UNREACHABLE_TIMES

    @property
    def headless(self) -> bool:
        """Whether it is up as a part of a bigger server: such a one answers nobody, and writes nothing once its cache is laid out."""
        return self.way.headless and self.reader.has_cache

    @property
    def failed(self) -> bool:
        """Whether its log says that the engine is dead although the container still runs."""
        return (not self.ready or self.silent) and self.reader.failed

    @property
    def vitals(self) -> Vitals | None:
        """How it does; None while it gives no readings."""
        return self._prover.vitals

    @property
    def verdict(self) -> Verdict:
        """Whether it works, as far as its counters and an answer of one token say."""
        return self._prover.verdict if self.ready else Verdict.WORKS

    def hurry(self) -> None:
        """Find out at once whether it works: a question that was put to it brings no answer."""
        self._prover.want()
        self.chosen.set()  # until the fleet's next round

    def boot(self, now: float) -> Boot:
        """Draw up its boot as it stands."""
        return self.reader.boot(now)

    async def run(self, clock: Callable[[], float]) -> None:
        """Watch until cancelled; a later run goes on with what an earlier one has seen."""
        if not self.ready:
            await self._guarded(self._ask(clock()))
        if self.ready:
            self.asked.set()
        while True:
            await self._guarded(self._pulse(clock()) if self.ready else self._approach(clock()))
            self.asked.set()
            if self.ready:
                await self._prove()
            self._note_verdict(clock())
            await self._rest()

    async def _guarded(self, question: Awaitable[bool]) -> None:
        """Put a question; whatever goes wrong with it is no answer, and never the end of the watch."""
        before = self.silent, self.unreachable
        try:
            answered = await question
        except Exception:
            answered = False
        self._missed = 0 if answered else self._missed + 1
        if before != (self.silent, self.unreachable):
            self._changed()

    async def _approach(self, now: float) -> bool:
        """Follow the boot and ask when the log says ready, and now and then before."""
        await self._follow_boot()
        tried = self._tried if self._tried is not None else now
        try:
            if self.reader.ready_at is not None:
                return await self._ask(now)
            if now - tried >= BLIND_SECONDS and await self._ask(now):
                await self._follow_boot()  # the log may just have said it: how long the boot took is worth knowing
        finally:
            self._changed()
        # Only what is left unanswered after the log said ready counts.
        return True

    async def _ask(self, now: float) -> bool:
        """Ask at a turning point: is it there, and is it this one."""
        self._tried = now
        identity = await self._identified()
        if identity is None:
            return False
        self.identity = identity
        # Ready before we first asked: since when is not known, so it counts from its start.
        self.ready_at = self.reader.ready_at or (now if self.asked.is_set() else self.began)
        self.answered_at = now
        self._changed()
        return True

    async def _identified(self) -> Identity | None:
        """Ask who answers; None when nobody does, or somebody else."""
        url, key = self.way.url, self.way.key
        if url is None or not await self._client.healthy(url, key):
            return None
        identity = await self._client.identity(url, key)
        models = identity.models if identity else None
        told = self.ready or self.reader.ready_at is not None
        if models is None or not self.way.names:
            ours = told or not self.way.shared
        else:
            ours = bool(set(models) & set(self.way.names)) or (told and not self.way.shared)
        return (identity or Identity()) if ours else None

    async def _follow_boot(self) -> None:
        if self.reader.ready_at is not None:
            return  # what is written after a boot can be much, and tells nothing of it
        try:
            lines = await self._read_log(self._newest)
        except ServiceError:
            return  # a log that cannot be read: the questions go on, blind
        for count, (time, text) in enumerate(lines):
            if count % SLICE == SLICE - 1:
                await asyncio.sleep(0)  # a log that never says ready may be long
            self._newest = max(time, self._newest or 0.0)
            self.reader.feed(time, text)

    async def _pulse(self, now: float) -> bool:
        url, key = self.way.url, self.way.key
        if url is None:
            return False
        if self.silent:
            return await self._return(now)
        before = self.vitals
        if not await self._prover.read(url, key):
            healthy = await self._doubted(url, before is not None or self._missed > 0)
            self._prover.lose()
            if not healthy:
                if self._missed + 1 == SILENT_TIMES:
                    self._fall_silent()
                return False
        self.answered_at = now
        if self.vitals is not before:
            self._changed()
        return True

    async def _doubted(self, url: str, doubtful: bool) -> bool:
        """Say whether it is healthy although it gives no reading, and see at once whether it works if it gave some before."""
        question = self._client.healthy(url, self.way.key)
        if not doubtful:
            return await question
        # Both at once: one that hangs keeps each question waiting.
        healthy, _none = await asyncio.gather(question, self._prove(doubtful=True))
        return healthy

    async def _prove(self, doubtful: bool = False) -> None:
        """Ask for a token if it is time; whatever goes wrong with it proves nothing."""
        if self.way.url is None:
            return
        names = (self.identity.models if self.identity else None) or self.way.names
        asked = Asked(self.way.url, self.way.key, next(iter(names), ""), self.way.task)
        with contextlib.suppress(Exception):
            await self._prover.prove(asked, doubtful)

    def _note_verdict(self, now: float) -> None:
        works = self.verdict is Verdict.WORKS
        if self._shown_verdict is not self.verdict:
            self._shown_verdict = self.verdict
            self.doubted_at = None if works else now
            self._changed()

    def _fall_silent(self) -> None:
        """Read its log from its last answer on: it may tell of an end, or of another boot."""
        self._newest = self.answered_at
        self.reader = BootReader(self.answered_at or self.began)

    async def _return(self, now: float) -> bool:
        """Look whether a silent server is back, dead, or booting once more in the same container."""
        await self._follow_boot()
        if await self._identified() is not None:
            self.answered_at = now
            return True
        if self.reader.seen and not self.reader.failed:
            self.ready_at = self.identity = None
            self._prover.reset()
        self._changed()
        return False

    async def _rest(self) -> None:
        settled = self.unreachable or self.headless or self.silent or (self.ready and not self._missed)
        if self.chosen.is_set() or not settled:
            await asyncio.sleep(CHOSEN_SECONDS)
            return
        until_asked = self._prover.wait() if self.ready else OTHERS_SECONDS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(OTHERS_SECONDS, max(CHOSEN_SECONDS, until_asked))):
                await self.chosen.wait()
