"""Follows one container's log through its end, its next start, a recreate, and an engine that goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from gettext import gettext as _
from typing import Any, Protocol

from tui.feeds import Feed, Inbox
from tui.insight.log_times import epoch_of
from tui.panes.log_resume import LogResume
from tui.services.engine import Engine, LogBatch
from tui.services.errors import ServiceError

BEAT = 0.1
"""Seconds between two looks into the inbox while little comes."""
GLANCE = 2.0
"""Seconds between two looks at a container that has ended."""
PATIENCE = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries while the engine does not answer."""
PIECE = 300_000
"""Bytes that are read and shown at once: some 10 ms of the event loop."""
MUCH = 200_000
"""Bytes from which more is taken at once, without waiting for the beat."""


class Span(Enum):
    """How much of a log to read."""

    ALL = "all"
    LINES = "lines"
    MINUTES = "minutes"
    START = "start"

    @property
    def text(self) -> str:
        """Its name."""
        return {
            Span.ALL: _("the whole log"),
            Span.LINES: _("the last 1 000 lines"),
            Span.MINUTES: _("the last 10 minutes"),
            Span.START: _("since the last start"),
        }[self]


class Reader(Protocol):
    """Who is shown what is read."""

    def lines_came(self, lines: Sequence[bytes], partial: bytes) -> None:
        """Take complete lines, and an unfinished last one."""
        ...

    def divided(self, text: str, stamp: str) -> None:
        """Take a divider."""
        ...

    def told(self, text: str, more: str = "") -> None:
        """Take one short sentence on why nothing comes, and more about it; "" when all is well."""
        ...


@dataclass(frozen=True, slots=True)
class _Run:
    """One life of a container."""

    id: str
    started: str

    @property
    def ever(self) -> bool:
        """Whether it was started at all."""
        return not self.started.startswith("0001")


class LogFollower:
    """Reads one container's log for as long as it is followed; cancelling `follow` closes everything.

    Args:
        engine: Whose container it is.
        name: The container's name, which outlives a recreate.
        span: How much to read at first.
        reader: Who is shown it.
    """

    def __init__(self, engine: Engine, name: str, span: Span, reader: Reader) -> None:
        self._engine = engine
        self._name = name
        self._span = span
        self._reader = reader
        self._resume = LogResume()
        self._run: _Run | None = None
        self._told_end: str | None = None
        self._tries = 0
        self._poke = asyncio.Event()

    def poke(self) -> None:
        """Look at the container now: something happened to it."""
        self._poke.set()

    async def follow(self) -> None:
        """Read on for ever."""
        while True:
            try:
                record = await self._engine.inspect(self._name)
                wait = await self._once(record)
                self._tries = 0
            except ServiceError as error:
                wait = PATIENCE[min(self._tries, len(PATIENCE) - 1)]
                self._tries += 1
                self._reader.told(error.title, ". ".join(part for part in (error.detail, error.mend) if part))
            await self._pause(wait)

    async def _once(self, record: dict[str, Any]) -> float:
        """Read what there is to read now; say how long to wait before looking again."""
        run = _Run(str(record.get("Id", "")), str(record["State"].get("StartedAt", "")))
        if sentence := _unreadable(record, run):
            self._reader.told(sentence)
            return GLANCE
        self._reader.told("")
        running = bool(record["State"].get("Running"))
        if run == self._run and not running and self._told_end == run.started:
            return GLANCE
        self._note_start(run, record)
        await self._read(record, run)
        after = await self._engine.inspect(self._name)
        if (
            after.get("Id") == run.id
            and after["State"].get("StartedAt") == run.started
            and not after["State"].get("Running")
        ):
            self._note_end(run, after["State"])
            return GLANCE
        # It runs (again): the engine let go of the stream, or the container came back at once.
        return BEAT if after["State"].get("StartedAt") != run.started else PATIENCE[0]

    def _note_start(self, run: _Run, record: dict[str, Any]) -> None:
        """Draw the dividers between the last life and this one."""
        last, self._run = self._run, run
        if last is None or last == run:
            return
        if self._told_end != last.started and last.id == run.id:
            self._reader.divided(_("container ended"), str(record["State"].get("FinishedAt", "")))
        clock = time.strftime("%H:%M:%S", time.localtime(epoch_of(run.started) or None))
        text = _("started again {time}") if last.id == run.id else _("recreated, started {time}")
        self._reader.divided(text.format(time=clock), run.started)
        if last.id != run.id:
            self._resume = LogResume()
            self._span = Span.ALL

    def _note_end(self, run: _Run, state: dict[str, Any]) -> None:
        if self._told_end == run.started:
            return
        self._told_end = run.started
        text = _("container exited, code {code}").format(code=state.get("ExitCode"))
        if state.get("OOMKilled"):
            text = _("container killed: out of memory, code {code}").format(code=state.get("ExitCode"))
        self._reader.divided(text, str(state.get("FinishedAt", "")))

    async def _read(self, record: dict[str, Any], run: _Run) -> None:
        """Read one stream to its end.

        Raises:
            ServiceError: The engine failed in the middle.
        """
        tail, since = self._beginning(run)
        self._resume.begin()
        tty = bool((record.get("Config") or {}).get("Tty"))
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        inbox: Inbox[LogBatch] = Inbox(weigh=_weight)
        source = self._engine.logs(run.id or self._name, tty=tty, tail=tail, since=since)
        feed = Feed(source, inbox, lambda: _call_soon(loop, came), name=f"log {self._name}")
        feed.start()
        try:
            await self._take(feed, inbox, came)
        finally:
            feed.close()
        if feed.failure is not None:
            raise feed.failure

    async def _take(self, feed: Feed[LogBatch], inbox: Inbox[LogBatch], came: asyncio.Event) -> None:
        while True:
            await came.wait()
            came.clear()
            ended = feed.ended
            batches = inbox.take()
            if ended and not batches:
                return
            if ended:
                came.set()
            for piece in _pieces(batches):
                lines = [line for batch in piece for line in batch.lines]
                self._reader.lines_came(self._resume.fresh(lines), piece[-1].partial)
                await asyncio.sleep(0)
            if sum(map(_weight, batches)) < MUCH:
                await asyncio.sleep(BEAT)

    def _beginning(self, run: _Run) -> tuple[int | None, float | None]:
        """Say where to begin: tail and since."""
        if self._resume.since is not None:
            return None, self._resume.since
        if self._span is Span.LINES:
            return 1000, None
        if self._span is Span.MINUTES:
            return None, time.time() - 600
        if self._span is Span.START:
            return None, epoch_of(run.started)
        return None, None

    async def _pause(self, seconds: float) -> None:
        self._poke.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._poke.wait()
        except TimeoutError:
            return


def _unreadable(record: dict[str, Any], run: _Run) -> str:
    """Say why a container has no log to read; "" when it has one."""
    driver = ((record.get("HostConfig") or {}).get("LogConfig") or {}).get("Type", "")
    if driver == "none":
        return _("This container keeps no log: it was created with the log driver “none”.")
    if not run.ever:
        return _("This container was never started, so it has no log yet.")
    return ""


def _weight(batch: LogBatch) -> int:
    return sum(map(len, batch.lines)) + len(batch.partial)


def _pieces(batches: Sequence[LogBatch]) -> Iterator[list[LogBatch]]:
    """Cut what came into pieces of some size, so that the event loop comes by between them."""
    piece: list[LogBatch] = []
    weight = 0
    for batch in batches:
        piece.append(batch)
        weight += _weight(batch)
        if weight >= PIECE:
            yield piece
            piece, weight = [], 0
    if piece:
        yield piece


def _call_soon(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set the event from the feed's thread; the loop may be gone by then."""
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:
        return
