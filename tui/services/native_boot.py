"""Reading a native server's log for how its boot goes: only what was written since the last look, with a time each."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tui.insight.log_times import epoch_of
from tui.services.errors import ServiceError
from tui.services.fleet_logs import ANSI
from tui.services.native_log import SHORT_ISO, LogPlace

MOST = 2 << 20
"""Bytes of a log's end that are read at once."""
SECONDS = 10.0
OWN_TIME = re.compile(r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) (\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) ")
"""The time that vLLM itself writes, in the clock of its machine."""


class BootLog:
    """The log of one run of one server.

    Args:
        place: Where it is.
        began: When the run began; what an earlier run wrote into the same file does not count.
        pool: Who reads.
    """

    def __init__(self, place: LogPlace, began: float, pool: ThreadPoolExecutor) -> None:
        self._place = place
        self._began = began
        self._pool = pool
        self._offset: int | None = None
        self._rest = b""
        self._time: float | None = None

    async def since(self, after: float | None) -> list[tuple[float, str]]:
        """Give what was written since the last look, nothing of it from before a moment.

        Raises:
            ServiceError: There is no log, or it cannot be read.
        """
        if self._place.why:
            return []
        read = self._journal if self._place.unit else self._file
        try:
            async with asyncio.timeout(SECONDS):
                lines = await asyncio.get_running_loop().run_in_executor(self._pool, read)
        except (OSError, TimeoutError, subprocess.SubprocessError) as error:
            raise ServiceError(str(error)) from error
        least = int(self._began if after is None else after)  # vLLM tells whole seconds
        return [(when, text) for when, text in lines if when >= least]

    def _file(self) -> list[tuple[float, str]]:
        with Path(self._place.path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if self._offset is None or self._offset > size:
                self._offset, self._rest = max(0, size - MOST), b""
            file.seek(self._offset)
            block = file.read(MOST)
            self._offset = file.tell()
        *lines, self._rest = re.split(rb"[\r\n]", self._rest + block)
        return list(self._timed(lines))

    def _timed(self, lines: list[bytes]) -> Iterator[tuple[float, str]]:
        now = time.time()
        for line in lines:
            text = ANSI.sub("", line.decode("utf-8", "replace"))
            self._time = _own_time(text, now) or self._time
            yield self._time or now, text

    def _journal(self) -> list[tuple[float, str]]:
        since = self._began if self._time is None else self._time
        unit = self._place.unit
        argv = ["journalctl", "-q", "--no-pager", "-o", "short-iso", "-n", "5000", f"--since=@{int(since)}"]
        argv += [f"_SYSTEMD_UNIT={unit}", "+", f"_SYSTEMD_USER_UNIT={unit}"]
        done = subprocess.run(argv, capture_output=True, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
        found = []
        for line in done.stdout.split(b"\n"):
            match = SHORT_ISO.match(line)
            when = epoch_of(f"{match[1].decode()}{match[2].decode()}:{match[3].decode()}") if match else None
            if match and when is not None:
                self._time = when
                found.append((when, ANSI.sub("", line[match.end() :].decode("utf-8", "replace"))))
        return found


def _own_time(text: str, now: float) -> float | None:
    """Read the time that stands in a line; vLLM writes no year."""
    found = OWN_TIME.search(text)
    if found is None:
        return None
    month, day, hour, minute, second = map(int, found.groups())
    for year in (time.localtime(now).tm_year, time.localtime(now).tm_year - 1):
        when = time.mktime((year, month, day, hour, minute, second, 0, 0, -1))
        if when < now + 86_400:
            return when
    return None
