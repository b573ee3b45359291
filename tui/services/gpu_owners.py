"""Which server or container a GPU's process belongs to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.fleet_facts import is_native
from tui.services.fleet_view import FleetView
from tui.services.gpu import GpuView
from tui.services.server import State

EVERY = 5.0
"""Least seconds between two looks at the engine's processes."""
_WITHOUT = frozenset({State.CREATED, State.STOPPED, State.FAILED, State.GONE, State.RESTARTING})
"""States in which a container has no processes; a paused one keeps what it holds."""


class GpuOwners:
    """Knows the owners of GPU processes by their process ids; the engine is asked only when those ids have changed.

    Args:
        engine: Lists the processes of its containers.
        running: Gives the names of the containers that may hold a GPU, none where their process ids are another machine's.
        natives: Gives the servers that run without a container: the process id of the first process, and the name.
        proc: Where processes are found.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        engine: Engine,
        running: Callable[[], Iterable[str]],
        natives: Callable[[], Mapping[int, str]] = dict,
        *,
        proc: Path = Path("/proc"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._running = running
        self._natives = natives
        self._proc = proc
        self._clock = clock
        self._owners: Mapping[int, str] = {}
        self._seen: tuple[frozenset[int], frozenset[str], frozenset[tuple[int, str]]] | None = None
        self._until = 0.0

    def owned(self) -> Mapping[int, str]:
        """Give what is known; any thread may ask."""
        return self._owners

    async def look(self, view: GpuView) -> None:
        """Learn the owners of the processes in this view, if they or the running servers have changed."""
        pids = frozenset(process.pid for gpu in view.gpus for process in gpu.processes or () if process.pid is not None)
        running, natives = frozenset(self._running()), self._natives()
        seen = (pids, running, frozenset(natives.items()))
        if seen == self._seen or self._clock() < self._until:
            return
        self._until = self._clock() + EVERY
        owners = {pid: name for pid in pids if (name := self._native(pid, natives))}
        found, whole = await self._contained(sorted(running)) if pids - owners.keys() else ({}, True)
        self._owners = {pid: name for pid, name in {**found, **owners}.items() if pid in pids}
        self._seen = seen if whole else None

    async def _contained(self, names: Iterable[str]) -> tuple[dict[int, str], bool]:
        """Ask the engine for the processes of these containers; False when one did not answer."""
        answers = await asyncio.gather(*(self._top(name) for name in names))
        found = {pid: name for name, pids in answers for pid in pids or ()}
        return found, all(pids is not None for _name, pids in answers)

    async def _top(self, name: str) -> tuple[str, list[int] | None]:
        try:
            return name, [pid for pid, _command in await self._engine.top(name)]
        except ServiceError:
            return name, None

    def _native(self, pid: int, natives: Mapping[int, str]) -> str | None:
        """Climb from a process to its ancestors until one is a server."""
        climbed: set[int] = set()
        while natives and pid > 1 and pid not in climbed:
            if pid in natives:
                return natives[pid]
            climbed.add(pid)
            pid = self._parent(pid)
        return None

    def _parent(self, pid: int) -> int:
        try:
            stat = (self._proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
            return int(stat.rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            return 0


def natives_on_gpus(view: FleetView) -> dict[int, str]:
    """Name the servers that run without a container, by the number of their process."""
    natives = (server for server in view.servers if server.kind == "process" and server.state not in _WITHOUT)
    return {int(server.id.split(":")[1]): server.name for server in natives}


def may_hold_gpus(view: FleetView) -> list[str]:
    """Name the running containers of an engine whose process ids are this machine's own; of any other engine none."""
    if view.engine is None or not is_native(view.engine):
        return []
    servers = [server.name for server in view.servers if server.kind == "container" and server.state not in _WITHOUT]
    return servers + [container.name for container in view.others if container.state in ("running", "paused")]
