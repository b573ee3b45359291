"""The journal: what llmtui is in the middle of, on disk before it is done, so that a kill can be mended."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tui.services.errors import ServiceError

VERSION = 1
PAST = "past"
"""The kind of the entry that holds a server's earlier configurations: nothing under way, and no one's turn to mend."""
MOST_BYTES = 8_000_000
"""A bigger file is not ours."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Entry:
    """One action on one container, and how far it has come."""

    kind: str
    """launch or recreate while under way; kept for a finished recreate that can be undone; PAST for what was before that."""
    host: str
    name: str
    """The container's name."""
    step: str
    """What is about to be done; it may have happened or not."""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """All that finishing or undoing needs. It may hold secrets (environment variables)."""
    time: float = 0.0
    """When this step was written, seconds since the epoch."""
    engine: str = ""
    """Which engine has the container (`EngineInfo.identity`): a host's name may lead to another one tomorrow."""

    @property
    def key(self) -> str:
        """The file's name without its ending: one action under way for one container, one that is kept, one past."""
        whose = "\0".join((self.host, self.engine, self.name) if self.engine else (self.host, self.name))
        digest = hashlib.sha256(whose.encode()).hexdigest()[:12]
        stem = re.sub(r"[^A-Za-z0-9_.-]", "_", self.name)[:60]
        return f"{self.kind if self.kind in ('kept', PAST) else 'action'}-{stem}-{digest}"


class Hold:
    """The right to act on one container; given back by `release`, or by the kernel when the process ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give it back; twice is fine."""
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Journal:
    """A folder (0700) with one JSON file (0600) an action, each replaced whole and synced before the step it announces.

    Args:
        folder: Where; made on the first write.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: tuple[str, ...] = ()
        """Sentences about files that the last `entries()` could not read."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def record(self, entry: Entry) -> None:
        """Write an entry in place of what stood under its key; it is on the disk when this returns.

        Raises:
            ServiceError: The folder cannot be written.
        """
        await self._away(lambda: self._write(entry))

    async def forget(self, entry: Entry) -> None:
        """Take an entry out."""
        await self._away(lambda: self._unlink(entry))

    async def entries(self) -> list[Entry]:
        """Read every entry, oldest step first; what is unreadable or not ours is skipped and told in `broken`."""
        return await self._away(self._read_all)

    async def hold(self, host: str, name: str) -> Hold:
        """Take the right to act on a container.

        Raises:
            ServiceError: Another llmtui (or another action of this one) is at work on it.
        """
        return await self._away(lambda: self._hold(host, name))

    async def _away(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def _hold(self, host: str, name: str) -> Hold:
        path = self.folder / f"{Entry('action', host, name, '').key}.lock"
        self._make_folder()
        try:
            return _locked(path)
        except BlockingIOError as error:
            owner = ""
            with suppress(OSError):
                owner = path.read_text(encoding="utf-8").strip()
            raise _held(name, owner) from error

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _write(self, entry: Entry) -> None:
        self._make_folder()
        text = json.dumps({"llmtui": VERSION, **asdict(entry), "time": time.time()}, indent=1)
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=f"{entry.key}.", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:  # mkstemp makes it 0600
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path(entry))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._sync_folder()

    def _unlink(self, entry: Entry) -> None:
        self._path(entry).unlink(missing_ok=True)
        self._sync_folder()

    def _sync_folder(self) -> None:
        with suppress(OSError):  # not every file system can
            descriptor = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _path(self, entry: Entry) -> Path:
        return self.folder / f"{entry.key}.json"

    def _read_all(self) -> list[Entry]:
        entries, broken = [], []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []:
            try:
                entries.append(_read(path))
            except (OSError, ValueError, TypeError, RecursionError) as error:
                broken.append(_("{file} in the journal cannot be read: {why}").format(file=path.name, why=error))
        for path in self.folder.glob("*.tmp") if self.folder.is_dir() else []:
            if time.time() - path.stat().st_mtime > 3600:  # left by a kill in the middle of a write
                path.unlink(missing_ok=True)
        self.broken = tuple(broken)
        return sorted(entries, key=lambda entry: entry.time)


def _read(path: Path) -> Entry:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(_("too big"))
    record = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("llmtui") != VERSION:
        raise ValueError(_("written by another program or another version"))
    words = [record.get(word) for word in ("kind", "host", "name", "step")] + [record.get("engine", "")]
    data, when = record.get("data"), record.get("time")
    if (
        not all(isinstance(word, str) for word in words)
        or not isinstance(data, dict)
        or not isinstance(when, int | float)
    ):
        raise ValueError(_("a field is missing"))
    kind, host, name, step, engine = (str(word) for word in words)
    return Entry(kind, host, name, step, data, float(when), engine)


def _locked(path: Path) -> Hold:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever gave the lock back has unlinked the file: what we locked must still be what others will open.
            if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()} {_began(os.getpid())}\n".encode())
                return Hold(path, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _began(pid: int) -> str:
    """Give a process's start time (clock ticks since boot) where /proc tells it: pid and start name a process for good."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    return ""


def _held(name: str, owner: str) -> ServiceError:
    pid = owner.split(maxsplit=1)[0] if owner else "?"
    detail = _("process {pid} holds it").format(pid=pid)
    return ServiceError(_("Another llmtui is at work on {name}").format(name=name), detail, _("Wait until it is done."))


def _unwritable(folder: Path, error: OSError) -> ServiceError:
    title = _("The journal in {folder} cannot be written").format(folder=folder)
    return ServiceError(title, str(error), _("Make room or mend the folder's permissions: nothing was changed."))
