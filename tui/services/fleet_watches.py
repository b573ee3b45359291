"""The watches over one host's running servers, and how those that ended came to their end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from tui.insight.vitals import Vitals
from tui.services.engine import Container
from tui.services.errors import ServiceError
from tui.services.fleet_facts import Facts
from tui.services.fleet_known import Known
from tui.services.fleet_logs import Logs
from tui.services.fleet_watch import Watch, Way
from tui.services.host import Host
from tui.services.probe import Probing
from tui.services.vllm import VllmClient


class Watches:
    """One watch for each running server, one look at the log of each that has ended.

    Args:
        host: Whose servers.
        client: Asks them.
        known: What is known of them; endings are put there.
        clock: Seconds since the epoch.
        changed: Called when something that shows has changed.
        broken: Called when a watch has died; `keep` starts it again.
        probing: How often servers are asked for a token.
    """

    def __init__(
        self,
        host: Host,
        client: VllmClient,
        known: Known,
        clock: Callable[[], float],
        *,
        changed: Callable[[], None],
        broken: Callable[[], None],
        probing: Probing,
    ) -> None:
        self._probing = probing
        self._client = client
        self._known = known
        self._clock = clock
        self._changed = changed
        self._broken = broken
        self._logs = Logs(host.engine)
        self._watches: dict[str, Watch] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._endings: dict[str, asyncio.Task[None]] = {}

    def of(self, container: str) -> Watch | None:
        """Give the watch over a container, while it runs."""
        return self._watches.get(container)

    def vitals(self, host: str, containers: list[Container]) -> dict[tuple[str, str], Vitals]:
        """Give how the running servers do, by their keys."""
        found = ((one.name, watch.vitals) for one in containers if (watch := self._watches.get(one.id)))
        return {(host, name): vitals for name, vitals in found if vitals is not None}

    def keep(self, containers: list[Container]) -> None:
        """Watch who runs, leave who does not, and look once at the log of who has ended."""
        running = {one.id: one for one in containers if one.state == "running" and one.id in self._known.facts}
        for id_, watch in list(self._watches.items()):
            if id_ not in running or self._known.facts[id_].started not in {None, watch.began}:
                self._leave(id_)
        for id_, container in running.items():
            if id_ not in self._watches:
                self._watches[id_] = self._made(container, self._known.facts[id_])
            if id_ not in self._tasks:
                self._run(id_, container.name)
        for container, facts in self._known.ended(containers):
            if container.id not in self._endings:
                task = asyncio.get_running_loop().create_task(self._read_ending(container.id, facts))
                self._endings[container.id] = task

    def choose(self, container: str | None) -> None:
        """Ask this one every second, the others now and then."""
        for id_, watch in self._watches.items():
            (watch.chosen.set if id_ == container else watch.chosen.clear)()

    def pause(self) -> None:
        """Ask nobody anything until the next `keep`; what was seen is kept."""
        for task in (*self._tasks.values(), *self._endings.values()):
            task.cancel()
        self._tasks.clear()
        self._endings.clear()

    async def settled(self) -> None:
        """Wait until every server has been asked once and every ending has been looked at."""
        asked = (watch.asked.wait() for watch in self._watches.values())
        await asyncio.gather(*asked, *self._endings.values(), return_exceptions=True)

    def close(self) -> None:
        """End everything; waits for nothing."""
        self.pause()
        self._watches.clear()
        self._logs.close()

    def _made(self, container: Container, facts: Facts) -> Watch:
        began = facts.started or self._clock()
        command = self._known.commands.get(container.id)
        # What a shell fills in is not known from here.
        names = tuple(name for name in (command.served_names if command else ()) if not set(name) & set("$`"))

        async def read_log(after: float | None) -> list[tuple[float, str]]:
            return await self._logs.since(container.id, facts.tty, began if after is None else after)

        task, headless = (command.task, command.headless) if command else ("generate", False)
        way = Way(facts.url, facts.api_key, names, facts.host_network, task, headless)
        return Watch(way, self._client, read_log, began, self._changed, probe_seconds=self._probing.of(container.name))

    def _run(self, id_: str, name: str) -> None:
        task = asyncio.get_running_loop().create_task(self._watches[id_].run(self._clock), name=f"watch {name}")
        self._tasks[id_] = task
        task.add_done_callback(lambda ended: self._ended(id_, ended))

    def _ended(self, id_: str, task: asyncio.Task[None]) -> None:
        """A watch never ends by itself: one that did has broken, and the next round starts it again."""
        if self._tasks.get(id_) is task and not task.cancelled():
            task.exception()
            del self._tasks[id_]
            self._broken()

    def _leave(self, id_: str) -> None:
        del self._watches[id_]
        if (task := self._tasks.pop(id_, None)) is not None:
            task.cancel()

    async def _read_ending(self, id_: str, facts: Facts) -> None:
        try:
            with contextlib.suppress(ServiceError):
                self._known.endings[id_] = (facts.started, await self._logs.ending(id_, facts))
                self._changed()
        finally:
            if self._endings.get(id_) is asyncio.current_task():
                del self._endings[id_]
