"""Reading a server's log for the fleet: a bounded look in a private pool, never a wait without an end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from gettext import gettext as _
from typing import TypeVar

from tui.insight.log_times import epoch_of
from tui.insight.phases import READY, BootReader
from tui.services.answer_cause import cause_line
from tui.services.engine import Engine, LogBatch
from tui.services.errors import ServiceError
from tui.services.fleet_facts import Facts
from tui.services.fleet_rows import Ending
from tui.services.source import Source

BOOT_SECONDS = 15.0
ENDING_SECONDS = 4.0
LAST_RUN_LINES = 3000
LAST_LINES = 200
"""Lines at the end of a run that may tell how it ended: one whose engine died goes on to write while it shuts down."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")

Found = TypeVar("Found")


class Logs:
    """Looks into logs, a few at a time; a look that takes too long is broken off.

    Args:
        engine: Whose containers.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="boot-log")

    async def since(self, container: str, tty: bool, after: float) -> list[tuple[float, str]]:
        """Give the lines after a moment as (time, text), up to the one that says ready: the rest tells nothing of a boot.

        Raises:
            ServiceError: The log cannot be read, or not in time.
        """
        source = self._engine.logs(container, tty=tty, since=after, follow=False)
        return await self._read(source, lambda: _boot_lines(source, after), BOOT_SECONDS)

    async def ending(self, container: str, record: Facts) -> Ending:
        """Read how the last run went.

        Raises:
            ServiceError: The log cannot be read, or not in time.
        """
        source = self._engine.logs(
            container, tty=record.tty, since=record.started or 0.0, tail=LAST_RUN_LINES, follow=False
        )
        return await self._read(source, lambda: _last_run(source, record), ENDING_SECONDS)

    def close(self) -> None:
        """Take no more work; waits for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _read(self, source: Source[LogBatch], work: Callable[[], Found], seconds: float) -> Found:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except TimeoutError:
            raise ServiceError(_("The log could not be read in time")) from None
        finally:
            source.close()  # a thread that still reads is set free


def _boot_lines(source: Source[LogBatch], after: float) -> list[tuple[float, str]]:
    lines: list[tuple[float, str]] = []
    for time, text in _lines(source):
        if time > after:
            lines.append((time, text))
            if READY in text:
                break
    return lines


def _last_run(source: Source[LogBatch], record: Facts) -> Ending:
    began = record.started or 0.0
    reader = BootReader(began)
    lines: list[str] = []
    for time, text in _lines(source):
        reader.feed(time, text)
        lines.append(text)
    last = lines[-LAST_LINES:]
    if reader.ready_at is not None:
        return Ending("\n".join(last), cause_line(last))
    # All of a boot may tell why it ended; of a long run only what came last.
    return Ending("\n".join(last), cause_line(lines), reader.boot(record.finished or began, failed=True))


def _lines(source: Source[LogBatch]) -> Iterator[tuple[float, str]]:
    for batch in source:
        for raw in (*batch.lines, *((batch.partial,) if batch.partial else ())):
            stamp, _space, text = raw.decode("utf-8", "replace").partition(" ")
            time = epoch_of(stamp)
            if time is not None:
                yield time, ANSI.sub("", text)
