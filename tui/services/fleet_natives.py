"""Servers beside the engine's containers: processes of this machine, and addresses. They give rows to the same picture."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import cast

from tui.insight.phases import Boot
from tui.insight.vitals import Vitals
from tui.services.beside import AnyServer, Beside
from tui.services.endpoints import Endpoint
from tui.services.fleet_watch import Watch, Way
from tui.services.native_boot import BootLog
from tui.services.native_log import LogPlace, log_place
from tui.services.native_rows import endpoint_row, gone_row, names_of, native_row, user_name
from tui.services.native_scan import Native
from tui.services.server import Server
from tui.services.vllm import VllmClient

GONE_SECONDS = 60.0
"""How long one that has ended is still listed; the chosen one stays as long as it is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is found out of a process beside the event loop: a dead network drive or directory may let one wait."""

    log: LogPlace = field(default_factory=LogPlace)
    user: str = ""


@dataclass(slots=True, eq=False)
class Watched:
    """One server with the watch over it."""

    about: Native | Endpoint
    name: str
    watch: Watch
    task: asyncio.Task[None]
    seen: Seen


NOTHING_SEEN = Seen()


class FleetNatives:
    """Keeps the rows of all servers that are no containers.

    Args:
        host: The host's name.
        client: Asks them.
        beside: Who else there may be.
        clock: Seconds since the epoch.
        changed: Called on the event loop when something that shows has changed.
    """

    def __init__(
        self,
        host: str,
        client: VllmClient,
        beside: Beside,
        clock: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self.natives = beside.natives
        self.endpoints = beside.endpoints
        self._probing = beside.probing
        self._host = host
        self._client = client
        self._clock = clock
        self._changed = changed
        self._watched: dict[str, Watched] = {}
        self._gone: dict[str, tuple[Server, LogPlace, float, str]] = {}
        self._stopped: set[str] = set()
        self._chosen: str | None = None
        self._taken: frozenset[str] = frozenset()
        self._seen: dict[str, Seen] = {}
        """By id; only the looking thread changes it."""
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="native-log")

    def start(self) -> None:
        """Begin to look; on the event loop."""
        self._keep_endpoints()
        if self.natives is not None:
            loop = asyncio.get_running_loop()

            def found(servers: Sequence[Native]) -> None:
                seen = self._look_around(servers)
                with contextlib.suppress(RuntimeError):  # the loop is closed: the app ends
                    loop.call_soon_threadsafe(self._found, servers, seen)

            self.natives.start(found)

    async def look_once(self) -> None:
        """Look for the servers of this moment and wait until each was asked once."""
        self._keep_endpoints()
        if self.natives is not None:
            servers = await asyncio.get_running_loop().run_in_executor(self._pool, self.natives.once)
            seen = await asyncio.get_running_loop().run_in_executor(self._pool, self._look_around, servers)
            self._found(servers, seen)
        await asyncio.gather(*(one.watch.asked.wait() for one in self._watched.values()))

    def nudge(self) -> None:
        """Look again now."""
        self._keep_endpoints()
        if self.natives is not None:
            self.natives.nudge()

    def close(self) -> None:
        """End everything; waits for nothing."""
        if self.natives is not None:
            self.natives.close()
        for one in self._watched.values():
            one.task.cancel()
        self._watched.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def choose(self, key: tuple[str, str] | None) -> None:
        """Ask this one every second, the others now and then; one that is gone and was looked at need not stay."""
        before, self._chosen = self._chosen, key[1] if key is not None and key[0] == self._host else None
        if before != self._chosen:
            self._gone = {id_: entry for id_, entry in self._gone.items() if entry[0].name != before}
        for one in self._watched.values():
            (one.watch.chosen.set if one.name == self._chosen else one.watch.chosen.clear)()

    def stopped(self, id_: str, by_us: bool = True) -> None:
        """Note whether we have this one ended: then it is stopped, not gone."""
        (self._stopped.add if by_us else self._stopped.discard)(id_)

    @property
    def names(self) -> frozenset[str]:
        """What they are called."""
        rows = {one.name for one in self._watched.values()} | {entry[0].name for entry in self._gone.values()}
        return frozenset(rows)

    def rows(self, taken: Iterable[str], actions: Mapping[tuple[str, str], str]) -> list[Server]:
        """Draw all of them up; none takes a name that a container has."""
        self._taken = frozenset(taken)
        now = self._clock()
        for one in self._watched.values():
            if one.name in self._taken:
                one.name = self._free(one.about)
        drawn = [self._drawn(one) for one in self._watched.values()]
        lasting = {server.name for server in drawn} | self._taken
        self._gone = {
            id_: entry
            for id_, entry in self._gone.items()
            if entry[0].name not in lasting and (now - entry[2] < GONE_SECONDS or entry[0].name == self._chosen)
        }
        rows = [*drawn, *(entry[0] for entry in self._gone.values())]
        return [replace(row, action=actions.get(row.key, row.action)) for row in rows]

    def boots(self) -> dict[tuple[str, str], Boot]:
        """How those that start are getting on."""
        boots = {}
        for one in self._watched.values():
            watch = one.watch
            if isinstance(one.about, Native) and watch.reader.seen and not watch.unreachable:
                boot = watch.boot(self._clock())
                if boot.ready or not watch.ready:
                    boots[self._host, one.name] = boot
        return boots

    def vitals(self) -> dict[tuple[str, str], Vitals]:
        """How those that run are doing."""
        found = ((one.name, one.watch.vitals) for one in self._watched.values())
        return {(self._host, name): vitals for name, vitals in found if vitals is not None}

    def hurry(self, key: tuple[str, str]) -> None:
        """Find out at once whether one works."""
        for one in self._watched.values():
            if (self._host, one.name) == key and isinstance(one.about, Native):
                one.watch.hurry()

    def log_of(self, server: Server) -> LogPlace | None:
        """Say where a process's log is; None when it is not one of ours."""
        if (one := self._watched.get(server.id)) is not None and isinstance(one.about, Native):
            return one.seen.log
        entry = self._gone.get(server.id)
        return entry[1] if entry is not None else None

    # -- what is there

    def _look_around(self, servers: Sequence[Native]) -> Mapping[str, Seen]:
        """Find out where each of them writes and whose it is, once; blocks."""
        natives, known = self.natives, self._seen
        if natives is not None:
            self._seen = {
                one.id: known.get(one.id) or Seen(log_place(one, natives.proc), user_name(one.owner)) for one in servers
            }
        return self._seen

    def _found(self, servers: Sequence[Native], seen: Mapping[str, Seen]) -> None:
        present = {server.id: server for server in servers}
        before = {id_: one.about for id_, one in self._watched.items() if isinstance(one.about, Native)}
        for id_ in before.keys() - present.keys():
            self._end(id_)
        for id_, server in present.items():
            if id_ not in self._watched:
                self._begin(id_, server, seen[id_])
            elif self._watched[id_].about != server:
                one = self._watched[id_]
                one.about, one.watch.way = server, _way_of(server)
        if present != before:
            self._changed()

    def _keep_endpoints(self) -> None:
        wanted = {one.id: one for one in self.endpoints.all}
        known = {id_ for id_, one in self._watched.items() if isinstance(one.about, Endpoint)}
        for id_ in known - wanted.keys():
            self._watched.pop(id_).task.cancel()
        for id_ in wanted.keys() - known:
            self._begin(id_, wanted[id_])
        if known != wanted.keys():
            self._changed()

    def _begin(self, id_: str, about: Native | Endpoint, seen: Seen = NOTHING_SEEN) -> None:
        if isinstance(about, Native):
            read = BootLog(seen.log, about.began, self._pool).since
            watch = Watch(
                _way_of(about),
                self._client,
                read,
                about.began,
                self._changed,
                probe_seconds=self._probing.of(self._free(about)),
            )
        else:
            way = Way(about.url, os.environ.get(about.key_env) or None if about.key_env else None)
            client = cast(VllmClient, AnyServer(self._client))
            watch = Watch(way, client, _nothing, self._clock(), self._changed)
        name = self._free(about)
        task = asyncio.get_running_loop().create_task(watch.run(self._clock), name=f"watch {name}")
        self._watched[id_] = Watched(about, name, watch, task, seen)
        if name == self._chosen:
            watch.chosen.set()

    def _end(self, id_: str) -> None:
        one = self._watched[id_]
        row = gone_row(self._drawn(one), id_ in self._stopped, one.watch, self._clock())
        one.task.cancel()
        del self._watched[id_]
        self._stopped.discard(id_)
        # One that is started and ended again and again is told of once, whatever its rows were called.
        plain = next(names_of(one.about))
        self._gone = {key: entry for key, entry in self._gone.items() if entry[3] != plain}
        self._gone[id_] = (row, one.seen.log, self._clock(), plain)

    def _drawn(self, one: Watched) -> Server:
        if isinstance(one.about, Native):
            return native_row(self._host, one.name, one.about, one.watch, one.seen.user)
        missing = bool(one.about.key_env) and not os.environ.get(one.about.key_env)
        return endpoint_row(self._host, one.name, one.about, one.watch, missing)

    def _free(self, about: Native | Endpoint) -> str:
        """Find a name that nobody has: its own, else with its port, else with its process id."""
        used = {one.name for one in self._watched.values() if one.about is not about} | self._taken
        return next(name for name in names_of(about) if name not in used)


def _way_of(server: Native) -> Way:
    names = tuple(name for name in server.command.served_names if not set(name) & set("$`"))
    # Until its socket is seen anything on the machine may hold the port that it was told to take.
    return Way(server.url, server.key, names, shared=not server.listening, task=server.command.task)


async def _nothing(after: float | None) -> list[tuple[float, str]]:
    return []
