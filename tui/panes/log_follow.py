"""Follows one container's log through its end, its next start, a recreate, and an engine that goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from gettext import gettext as _
from typing import Any, Protocol

from tui.insight.log_times import epoch_of
from tui.panes.log_pump import BEAT, pump
from tui.panes.log_resume import LogResume
from tui.panes.log_seam import LogSeam
from tui.services.engine import Engine
from tui.services.errors import ServiceError

GLANCE = 2.0
"""Seconds between two looks at a container that has ended."""
PATIENCE = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries while the engine does not answer."""


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
        resume: What was read of it before; None has read nothing.
    """

    def __init__(self, engine: Engine, name: str, span: Span, reader: Reader, resume: LogResume | None = None) -> None:
        self._engine = engine
        self._name = name
        self._span = span
        self._reader = reader
        self._resume = resume or LogResume()
        self._seam = LogSeam("")
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
                self._reader.told(error.title, str(ServiceError(error.detail, mend=error.mend)))
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
        if last is None:
            self._seam = LogSeam(run.started)
        if last is None or last == run:
            return
        self._seam = LogSeam("")
        if self._told_end != last.started and last.id == run.id:
            self._reader.divided(_("container ended"), str(record["State"].get("FinishedAt", "")))
        self._divide(run, _("started again {time}") if last.id == run.id else _("recreated, started {time}"))
        if last.id != run.id:
            self._resume = LogResume()
            self._span = Span.ALL

    def _divide(self, run: _Run, text: str) -> None:
        clock = time.strftime("%H:%M:%S", time.localtime(epoch_of(run.started) or None))
        self._reader.divided(text.format(time=clock), run.started)

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
        source = self._engine.logs(run.id or self._name, tty=tty, tail=tail, since=since)
        await pump(source, self._name, self._show)

    def _show(self, lines: Sequence[bytes], partial: bytes) -> None:
        lines = self._resume.fresh(lines)
        at = self._seam.find(lines)
        if at is not None and self._run is not None:
            # What ended the run before, and with which code, the engine does not keep.
            self._reader.lines_came(lines[:at], b"")
            self._divide(self._run, _("started again {time}"))
            lines = lines[at:]
        self._reader.lines_came(lines, partial)

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
