"""Why servers failed: the log of the last boot is read once, beside the event loop, and what it says is kept while the failure stands."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tui.insight.causes.diagnose import diagnose
from tui.insight.causes.records import Diagnosis, State
from tui.insight.log_times import epoch_of
from tui.services import server as servers_of
from tui.services.engine import LogBatch
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.native_log import LogPlace
from tui.services.server import Server
from tui.services.source import Source

LOOK_SECONDS = 30.0
"""How long one log is read at most."""
MOST_LINES = 200_000
"""Lines at the end of a container's last run that are read."""
RECENT_SECONDS = 600.0
"""A failure this young is looked at although its server is not the chosen one."""
FAILING = frozenset({servers_of.State.FAILED, servers_of.State.BROKEN, servers_of.State.RESTARTING})

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one run of a server failed."""

    found: Diagnosis
    id: str
    """The container's id, or the process's."""
    began: str = ""
    """The stamp of the first line that was read: its line 1; "" where lines have none."""

    @property
    def cause(self) -> str:
        """The id of its cause."""
        return self.found.cause


Log = Callable[[Server], LogPlace | None]
"""Says where the log of a server without a container is."""


class Failures:
    """Keeps the failure of each server, and looks for it where it is not known.

    Args:
        host: Whose servers.
        log_of: Says where the log of a process is.
        changed: Called on the event loop when something was found.
    """

    def __init__(self, host: Host, log_of: Log, changed: Callable[[], None]) -> None:
        self._host = host
        self._log_of = log_of
        self._changed = changed
        self._found: dict[Key, Failure] = {}
        self._asked: dict[Key, tuple[object, ...]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: tuple[Server, ...] = ()
        self._chosen: Key | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="failure")

    def choose(self, key: Key | None) -> None:
        """Say which server is looked at: however old its failure is, it is worth knowing."""
        self._chosen = key
        if key is not None and self._servers:
            self.look(self._servers)

    def look(self, servers: Iterable[Server]) -> Mapping[Key, Failure]:
        """Give what is known of these; begin to find out what is not."""
        self._servers = tuple(servers)
        failing = {one.key: one for one in self._servers if is_failing(one)}
        for store in (self._found, self._asked):
            for key in store.keys() - failing.keys():
                del store[key]
        for key, one in failing.items():
            if key in self._found and self._found[key].id != one.id:
                del self._found[key]
            run = (one.id, one.since, one.state)
            if self._asked.get(key) != run and self._worth(one):
                self._asked[key] = run
                self._begin(one)
        return dict(self._found)

    def close(self) -> None:
        """Look no more; waits for nothing."""
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _worth(self, server: Server) -> bool:
        if server.key == self._chosen:
            return True
        return server.since is not None and time.time() - server.since < RECENT_SECONDS

    def _begin(self, server: Server) -> None:
        task = asyncio.get_running_loop().create_task(self._find(server), name=f"failure of {server.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _find(self, server: Server) -> None:
        with contextlib.suppress(ServiceError, OSError, RuntimeError):  # it is asked again when something changes
            failure = await self._read(server)
            known = self._found.get(server.key)
            if failure is not None and server.key in self._asked and failure != known:
                self._found[server.key] = failure
                self._changed()

    async def _read(self, server: Server) -> Failure | None:
        if server.kind == "process":
            place = self._log_of(server)
            if place is None or place.why:
                return None
            return await self._diagnosed(server, place.follow(go_on=False), None)
        record = await self._host.engine.inspect(server.id)
        state = _ended(record.get("State") or {})
        tty = bool((record.get("Config") or {}).get("Tty"))
        began = epoch_of(str(state.get("StartedAt") or ""))
        source = self._host.engine.logs(server.id, tty=tty, tail=MOST_LINES, since=began, follow=False)
        return await self._diagnosed(server, source, State.of(state))

    async def _diagnosed(self, server: Server, source: Source[LogBatch], state: State | None) -> Failure | None:
        blocks = _Blocks(source)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._pool, lambda: diagnose(blocks, state))
        except TimeoutError:
            return None
        finally:
            source.close()  # a thread that still reads is set free
        return Failure(found, server.id, blocks.began) if found is not None else None


def is_failing(server: Server) -> bool:
    """Say whether there is a failure to explain; an end that was asked for is none."""
    if server.seen is not None or not server.serves or server.kind == "endpoint":
        return False
    if server.kind == "process":
        return server.state in {servers_of.State.FAILED, servers_of.State.BROKEN, servers_of.State.GONE}
    if server.state is servers_of.State.CREATED:
        return bool(server.mishap) and server.id != server.name  # the engine could not start it
    return server.state in FAILING or server.loops


class _Blocks:
    """A log's lines as blocks of bytes; notes the stamp of the first."""

    def __init__(self, source: Source[LogBatch]) -> None:
        self._source = source
        self.began = ""

    def __iter__(self) -> Iterator[bytes]:
        partial, first = b"", True
        for batch in self._source:
            partial = batch.partial
            if batch.lines:
                if first:
                    stamp = batch.lines[0].partition(b" ")[0].decode("ascii", "replace")
                    self.began, first = stamp if epoch_of(stamp) is not None else "", False
                yield b"\n".join(batch.lines) + b"\n"
        yield partial


def _ended(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read what waits for its next start as what it is: ended."""
    if state.get("Restarting"):
        return {**state, "Running": False, "Status": "exited"}
    return state
