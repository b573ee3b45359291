"""All containers of one host, live: the event stream, a slow reconcile, and a watch over every running server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tui.insight.phases import Boot
from tui.services.aside import kept_for
from tui.services.engine import Container, EngineInfo, Event
from tui.services.errors import ServiceError
from tui.services.fleet_events import Listening
from tui.services.fleet_known import Known, last_run, lines_since
from tui.services.fleet_rows import draw
from tui.services.fleet_view import FleetView
from tui.services.fleet_watch import Watch, Way
from tui.services.host import Host
from tui.services.server import Server, State
from tui.services.vllm import VllmClient

RECONCILE_SECONDS = 15.0
GATHER_SECONDS = 0.05
"""Changes this close together become one picture."""
RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)
HISTORY_SECONDS = 86_400.0
"""How far back the engine is asked for events: who was stopped by a hand, who died."""


class Fleet:
    """Keeps the picture of one host true; `run()` does the work, `view` is the newest picture.

    Args:
        host: Whose containers.
        client: Asks the servers.
        clock: Seconds since the epoch.
    """

    def __init__(self, host: Host, client: VllmClient, clock: Callable[[], float] = time.time) -> None:
        self.host = host
        self.view = FleetView(host.name)
        self._client = client
        self._clock = clock
        self._listener: Callable[[FleetView], None] = lambda _: None
        self._known = Known(host)
        self._watches: dict[str, tuple[Watch, asyncio.Task[None]]] = {}
        self._actions: dict[tuple[str, str], str] = {}
        self._good_boots: dict[tuple[str, str], float] = {}
        self._chosen: tuple[str, str] | None = None
        self._containers: list[Container] = []
        self._info: EngineInfo | None = None
        self._wake = asyncio.Event()
        self._drawing: asyncio.TimerHandle | None = None
        self._listening = Listening(host.engine, clock() - HISTORY_SECONDS, self._noticed, self.nudge)
        self._logs = ThreadPoolExecutor(4, thread_name_prefix="boot-log")

    def listen(self, listener: Callable[[FleetView], None]) -> None:
        """Have every new picture handed to this function, on the event loop."""
        self._listener = listener

    def choose(self, key: tuple[str, str] | None) -> None:
        """Say which server is looked at: it is asked every second, the others every ten."""
        self._chosen = key
        self._mark_chosen()

    def act(self, key: tuple[str, str], words: str | None) -> None:
        """Show beside a server what is being done with it; None takes the words away."""
        if words is None:
            self._actions.pop(key, None)
        else:
            self._actions[key] = words
        self._redraw()

    def nudge(self) -> None:
        """Look again now."""
        self._wake.set()

    async def run(self) -> None:
        """Keep the picture true until cancelled; a dead engine is waited for."""
        failures = 0
        try:
            while True:
                self._wake.clear()
                try:
                    await self._refresh()
                    failures = 0
                except ServiceError as error:
                    self._lost(error)
                    failures += 1
                pause = RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1] if failures else RECONCILE_SECONDS
                # Not wait_for: before 3.12 it can swallow a cancellation that comes together with the wake-up.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            self.close()

    async def look_once(self, patience: float) -> FleetView:
        """Draw one true picture: every running server has been asked, for at most `patience` seconds.

        Raises:
            ServiceError: The engine does not answer.
        """
        try:
            await self._refresh()
            watches = [watch.asked.wait() for watch, _ in self._watches.values()]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await asyncio.gather(*watches)
            self._draw()
            return self.view
        finally:
            self.close()

    def close(self) -> None:
        """Close the event stream and end every watch; waits for nothing."""
        self._listening.close()
        for _, task in self._watches.values():
            task.cancel()
        self._watches.clear()
        self._logs.shutdown(wait=False, cancel_futures=True)

    async def _refresh(self) -> None:
        if self._info is None or self.view.trouble is not None:
            self._info = await self.host.engine.info()
        self._containers = await self.host.engine.containers()
        self._listening.start()
        # The rows come first; who among them is a server needs further questions.
        await self._known.learn(self._containers, self._draw_first if not self.view.loaded else None)
        self._keep_watches()
        await self._gather_endings()
        self._draw()

    def _draw_first(self) -> None:
        self.view = FleetView(self.host.name, (), tuple(self._containers), self._info, None, True)
        self._listener(self.view)

    def _lost(self, error: ServiceError) -> None:
        seen = self.view.seen or self._clock()
        servers = tuple(replace(server, seen=server.seen or seen) for server in self.view.servers)
        self.view = replace(self.view, servers=servers, trouble=error, loaded=True, seen=seen)
        self._listening.close()
        self._listener(self.view)

    def _noticed(self, event: Event) -> None:
        self._known.forget_record(event.id)
        self.nudge()

    # -- watches and endings

    def _keep_watches(self) -> None:
        running = {one.id: one for one in self._containers if one.state == "running" and one.id in self._known.facts}
        for id_, (watch, task) in list(self._watches.items()):
            facts = self._known.facts.get(id_)
            if id_ not in running or facts is None or facts.started != watch.began:
                task.cancel()
                del self._watches[id_]
        for id_, container in running.items():
            if id_ not in self._watches:
                self._watch(container)
        self._mark_chosen()

    def _watch(self, container: Container) -> None:
        facts = self._known.facts[container.id]
        began = facts.started or self._clock()

        async def read_log(after: float | None) -> list[tuple[float, str]]:
            since = after if after is not None else began
            return await asyncio.get_running_loop().run_in_executor(
                self._logs, lines_since, self.host.engine, container.id, facts.tty, since
            )

        watch = Watch(Way(facts.url, facts.api_key), self._client, read_log, began, self._redraw)
        task = asyncio.get_running_loop().create_task(watch.run(self._clock), name=f"watch {container.name}")
        self._watches[container.id] = (watch, task)

    def _mark_chosen(self) -> None:
        for container in self._containers:
            if watched := self._watches.get(container.id):
                chosen = self._chosen == (self.host.name, container.name)
                (watched[0].chosen.set if chosen else watched[0].chosen.clear)()

    async def _gather_endings(self) -> None:
        """Read the end of the log of each server that has ended, once a run."""
        loop = asyncio.get_running_loop()
        for container, facts in self._known.ended(self._containers):
            try:
                ending = await loop.run_in_executor(self._logs, last_run, self.host.engine, container.id, facts)
            except ServiceError:
                continue
            ending.killed_by_request = self._listening.killed_since(container.id, facts.started)
            self._known.endings[container.id] = (facts.finished, ending)

    # -- the picture

    def _redraw(self) -> None:
        """Draw soon; many changes at once make one picture."""
        if self._drawing is None:
            self._drawing = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._draw)

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None
        servers, others = [], []
        aside = self._aside()
        for container in self._containers:
            if any(container.id in ids for ids in aside.values()):
                continue  # not a server of its own: `kept` says that it is there
            server = self._server(container)
            if server is None:
                others.append(container)
            else:
                servers.append(replace(server, kept=server.name in aside))
        trouble = self.view.trouble if not self._listening.open else None
        view = FleetView(
            self.host.name,
            tuple(sorted(servers, key=_rank)),
            tuple(others),
            self._info,
            trouble,
            True,
            None,
            self._boots(),
            aside,
        )
        if view != self.view:
            self.view = view
            self._listener(view)

    def _aside(self) -> dict[str, tuple[str, ...]]:
        """Who is kept aside for whom; what was kept for a server that is gone stands in the list like any other."""
        names = {container.name for container in self._containers}
        aside: dict[str, tuple[str, ...]] = {}
        for container in self._containers:
            name = kept_for(container.name)
            if name in names and container.state != "running":
                aside[name] = (*aside.get(name, ()), container.id)
        return aside

    def _server(self, container: Container) -> Server | None:
        command, facts = self._known.commands.get(container.id), self._known.facts.get(container.id)
        if command is None or facts is None:
            return None
        watched = self._watches.get(container.id)
        ending = self._known.endings.get(container.id)
        server = draw(
            self.host.name,
            container,
            facts,
            command,
            watch=watched[0] if watched else None,
            ending=ending[1] if ending else None,
        )
        action = self._actions.get(server.key, server.action)
        return replace(server, action=action, boot_seconds=self._good_boots.get(server.key))

    def _boots(self) -> dict[tuple[str, str], Boot]:
        boots: dict[tuple[str, str], Boot] = {}
        for container in self._containers:
            key = (self.host.name, container.name)
            if watched := self._watches.get(container.id):
                watch = watched[0]
                boot = watch.boot(self._clock(), self._good_boots.get(key))
                if watch.ready and watch.reader.ready_at is not None:
                    self._good_boots[key] = boot.seconds
                elif not watch.ready:
                    boots[key] = boot
            elif (ending := self._known.endings.get(container.id)) and ending[1].boot:
                boots[key] = replace(ending[1].boot, last_good=self._good_boots.get(key))
        return boots


def _rank(server: Server) -> tuple[int, str]:
    """Running ones first, then by name: a row keeps its place while its state moves between ready and busy."""
    return (
        0 if server.state in {State.STARTING, State.READY, State.BUSY, State.UNKNOWN, State.PAUSED} else 1,
        server.name,
    )
