"""The log of a server that runs without a container: where it is written, and how it is followed there."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

from tui.services.docker_logs import LONGEST, shortened
from tui.services.engine import LogBatch
from tui.services.errors import ServiceError
from tui.services.native_proc import Proc
from tui.services.native_scan import Native
from tui.services.source import Source

BLOCK = 256 * 1024
PAUSE = 0.2
"""Seconds between two looks at the end of a file."""
TAIL_BYTES = 1 << 20
"""Bytes at the end of a file in which its last lines are looked for."""
SHORT_ISO = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d):?(\d\d) \S+ [^:]*?: ?")
"""What `journalctl -o short-iso` puts before a line."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where a native server's log is; `why` says in one sentence why there is none."""

    path: str = ""
    """How its file is opened: by the kernel's own way to it while the process lives, whatever it is called by now."""
    name: str = ""
    """What the file was called when it was opened."""
    unit: str = ""
    began: float = 0.0
    why: str = ""

    def follow(self, tail: int | None = None, *, since: float | None = None, go_on: bool = True) -> Source[LogBatch]:
        """Open it, from its beginning or with its last lines; what is written later follows.

        Args:
            tail: How many of the last lines to begin with; None is all.
            since: From when, seconds since the epoch; only a journal knows times.
            go_on: Whether to wait for what is written later.
        """
        if not self.unit:
            return FileSource(self.path, self.name, tail, go_on=go_on)
        return JournalSource(self.unit, max(self.began, since or 0.0), tail, go_on=go_on)


def log_place(server: Native, proc: Proc) -> LogPlace:
    """Find the log of a server."""
    for number, name in enumerate(server.outputs, 1):
        path = proc.output_path(server.pid, number)
        if name and name.startswith("/") and _is_file(path):
            return LogPlace(path, name.removesuffix(" (deleted)"))
    if server.unit and any(name and name.startswith("socket:") for name in server.outputs):
        return LogPlace(unit=server.unit, began=server.began)
    return LogPlace(why=_why(server))


def _why(server: Native) -> str:
    out, errors = server.outputs
    if out is None and errors is None:
        return _("This server belongs to another user, so it cannot be seen where its log goes.")
    kinds = {
        "pipe": _("This server writes its log into a pipe, which only the program at its other end can read."),
        "socket": _("This server writes its log into a socket, which only the program at its other end can read."),
        "/dev/null": _("This server writes its log to /dev/null: nothing is kept of it."),
    }
    named = out or errors or ""
    known = next((words for kind, words in kinds.items() if named.startswith(kind)), "")
    return known or _("This server writes its log to a terminal; start it with “> FILE 2>&1” to read it here.")


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return False


class LineCutter:
    """Cuts what is read into lines; one that grows without an end is ended where a container's would be."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, block: bytes) -> LogBatch:
        """Take a block, give the lines that it completes, and the newest of what it does not."""
        first, newline, more = block.partition(b"\n")
        self._rest += first
        lines: list[bytes] = []
        if newline:
            *whole, last = more.split(b"\n")
            lines = [bytes(self._rest), *whole]
            self._rest = bytearray(last)
        if len(self._rest) > LONGEST:
            lines.append(bytes(self._rest))
            self._rest.clear()
        return LogBatch(tuple(line.removesuffix(b"\r") for line in lines), shortened(self._rest))


class FileSource:
    """Follows a file: what is appended comes as lines; a file that was cut short is read from its beginning again.

    Args:
        path: How to open it.
        name: Under which name it is opened when the path leads nowhere any more.
        tail: How many of its last lines to begin with; None is all of it.
        go_on: Whether to wait for what is appended.
    """

    def __init__(self, path: str, name: str, tail: int | None = None, *, go_on: bool = True) -> None:
        self._go_on = go_on
        self._path = path
        self._name = name
        self._tail = tail
        self._closed = threading.Event()

    def close(self) -> None:
        """End the reading."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        """Whether we closed it."""
        return self._closed.is_set()

    def __iter__(self) -> Iterator[LogBatch]:
        with self._open() as file:
            if self._tail is not None:
                _skip(file, self._tail)
            lines = LineCutter()
            while not self._closed.is_set():
                block = file.read(BLOCK)
                if not block:
                    if not self._go_on:
                        return
                    if os.fstat(file.fileno()).st_size < file.tell():
                        file.seek(0)  # emptied in place, as log rotation by copying does
                        lines = LineCutter()
                    self._closed.wait(PAUSE)
                    continue
                yield lines.feed(block)

    def _open(self) -> BinaryIO:
        for path in (self._path, self._name):
            with contextlib.suppress(OSError):
                return open(path, "rb", buffering=0)  # noqa: PTH123
        raise ServiceError(_("The log file {path} cannot be read").format(path=self._name))


def _skip(file: BinaryIO, tail: int) -> None:
    """Go to where the last lines begin."""
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - TAIL_BYTES))
    end = file.read(TAIL_BYTES)
    at = len(end)
    for _line in range(tail + 1):
        at = end.rfind(b"\n", 0, at)
        if at < 0:
            file.seek(max(0, size - len(end)))
            return
    file.seek(size - len(end) + at + 1)


class JournalSource:
    """Follows what a systemd unit writes into the journal, from a moment on.

    Args:
        unit: The unit's name.
        since: From when, seconds since the epoch.
        tail: How many of the last lines to begin with; None is all since then.
        program: What reads the journal.
        go_on: Whether to wait for what is written later.
    """

    def __init__(
        self, unit: str, since: float, tail: int | None = None, program: str = "journalctl", *, go_on: bool = True
    ) -> None:
        self._go_on = go_on
        lines = "all" if tail is None else str(tail)
        # The unit and not the process alone: its children write, too, and either bus may own it.
        self._argv = [
            program,
            *(["-f"] if go_on else []),
            "-q",
            "--no-pager",
            "-o",
            "short-iso",
            "-n",
            lines,
            f"--since=@{int(since)}",
        ]
        self._argv += [f"_SYSTEMD_UNIT={unit}", "+", f"_SYSTEMD_USER_UNIT={unit}"]
        self._closed = False
        self._running: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the reading."""
        self._closed = True
        if self._running is not None:
            self._running.kill()

    @property
    def closed(self) -> bool:
        """Whether we closed it."""
        return self._closed

    def __iter__(self) -> Iterator[LogBatch]:
        try:
            self._running = running = subprocess.Popen(
                self._argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise ServiceError(_("The journal cannot be read"), str(error)) from error
        if self._closed:
            running.kill()
        with running:
            yield from _batches(running)
        if not self._closed and (self._go_on or running.returncode):
            raise ServiceError(
                _("The journal cannot be read"),
                mend=_("Ask for membership in the group systemd-journal to read other users' logs."),
            )


def _batches(running: subprocess.Popen[bytes]) -> Iterator[LogBatch]:
    assert running.stdout is not None  # noqa: S101
    cutter = LineCutter()
    while block := os.read(running.stdout.fileno(), BLOCK):
        if lines := cutter.feed(block).lines:
            yield LogBatch(tuple(SHORT_ISO.sub(rb"\1\2:\3 ", line, count=1) for line in lines))
