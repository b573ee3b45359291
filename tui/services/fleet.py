"""All containers of one host, live: the event stream, a slow reconcile, and a watch over every running server."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from tui.insight.phases import Boot, measured
from tui.services.aside import who_is_kept
from tui.services.beside import Beside
from tui.services.engine import Container, EngineInfo, Event
from tui.services.errors import ServiceError
from tui.services.fleet_deaths import believed
from tui.services.fleet_doing import Doing
from tui.services.fleet_drawn import Drawn
from tui.services.fleet_events import Listening
from tui.services.fleet_facts import is_native
from tui.services.fleet_known import Known
from tui.services.fleet_merge import Merge
from tui.services.fleet_mishaps import Mishaps
from tui.services.fleet_missing import Missing
from tui.services.fleet_natives import FleetNatives
from tui.services.fleet_view import FleetView
from tui.services.fleet_watches import Watches
from tui.services.host import Host
from tui.services.probe import Probing
from tui.services.server import Server, State
from tui.services.vllm import VllmClient

RECONCILE_SECONDS = 15.0
GATHER_SECONDS = 0.05
"""Changes this close together become one picture."""
UNSURE_SECONDS = 1.0
"""How soon a question that went unanswered is put again."""
RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)
HISTORY_SECONDS = 86_400.0
"""How far back the engine is asked for events: who was stopped by a hand, who died."""
REPLAY_SECONDS = 0.3
"""How long one look waits for what happened before it: the engine tells it at once."""
LOOK_SECONDS = 20.0
"""Most seconds that one look takes, whatever hangs."""


class Fleet:
    """Keeps the picture of one host true; `run()` does the work, `view` is the newest picture.

    Args:
        host: Whose containers.
        client: Asks the servers.
        clock: Seconds since the epoch.
        probing: How often servers are asked for a token.
        beside: What may serve beside the containers.
    """

    def __init__(
        self,
        host: Host,
        client: VllmClient,
        clock: Callable[[], float] = time.time,
        probing: Probing | None = None,
        beside: Beside | None = None,
    ) -> None:
        self.host = host
        self.view = self._contained = FleetView(host.name)
        self.natives = FleetNatives(host.name, client, beside or Beside(), clock, self._redraw)
        self._merge = Merge(self.natives, host, self._redraw)
        self._clock = clock
        self._listener: Callable[[FleetView], None] = lambda view: None
        self._known = Known(host)
        calls = {"changed": self._redraw, "broken": self.nudge}
        self._watches = Watches(host, client, self._known, clock, probing=probing or Probing(), **calls)
        self._doing = Doing()
        self._drawn = Drawn(host.name)
        self._missing = Missing()
        self._mishaps = Mishaps()
        self.saved: Callable[[], frozenset[str]] = frozenset
        """Names the servers of which earlier configurations are written down."""
        self._good_boots: dict[tuple[str, str], Boot] = {}
        self._chosen: tuple[str, str] | None = None
        self._containers: list[Container] = []
        self._info: EngineInfo | None = None
        self._seen_at: float | None = None
        self._away = self._behind = False
        self._wake = asyncio.Event()
        self._drawing: asyncio.TimerHandle | None = None
        self._listening = Listening(host.engine, clock() - HISTORY_SECONDS, self._noticed, self.nudge)

    def listen(self, listener: Callable[[FleetView], None]) -> None:
        """Have every new picture handed to this function, on the event loop."""
        self._listener = listener

    def choose(self, key: tuple[str, str] | None) -> None:
        """Say which server is looked at: it is asked every second, the others every ten."""
        self._chosen = key
        self._merge.choose(key)
        self._mark_chosen()
        if any(server.state is State.GONE for server in self.view.servers):
            self._redraw()  # who is gone keeps the row while it is looked at, and no longer

    def mishap(self, key: tuple[str, str], words: str | None) -> None:
        """Keep beside a server why the last thing done with it failed, while its container is there; None forgets it."""
        self._mishaps.tell(key, words)
        self._redraw()

    def act(self, key: tuple[str, str], words: str | None) -> None:
        """Show beside a server what is being done with it; None: that is over, and the words go when its result is seen.

        What has no container yet gets a row of its own for as long as something is done with it.
        """
        self._doing.tell(key, words)
        (self._redraw if words is not None else self.nudge)()

    def unanswered(self, key: tuple[str, str]) -> None:
        """Find out at once whether a server works: a question that was put to it brings no answer."""
        self.natives.hurry(key)
        for container in self._containers:
            if (self.host.name, container.name) == key and (watch := self._watches.of(container.id)):
                watch.hurry()

    def nudge(self) -> None:
        """Look again now."""
        self.natives.nudge()
        self._wake.set()

    async def run(self) -> None:
        """Keep the picture true until cancelled; a dead engine is waited for."""
        failures = 0
        self.natives.start()
        try:
            while True:
                self._wake.clear()
                try:
                    await self._refresh()
                    failures = 0
                except ServiceError as error:
                    self._lost(error)
                    failures += 1
                pause = self._pause(failures)
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
            ServiceError: The engine does not answer, and nothing serves beside it.
        """
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                try:
                    await self._refresh()
                except ServiceError as error:
                    self._lost(error)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        doubtful = any(server.state is State.FAILED for server in self.view.servers)
                        rest = asyncio.sleep(REPLAY_SECONDS if doubtful else 0.0)
                        await asyncio.gather(self._watches.settled(), self.natives.look_once(), rest)
            self._draw()
            if self.view.trouble is not None and not self.natives.names:
                raise self.view.trouble
            return self.view
        except TimeoutError:
            raise ServiceError(_("The engine took too long"), "", _("Try again when it is less busy.")) from None
        finally:
            self.close()

    def close(self) -> None:
        """Close the event stream and end every watch; waits for nothing."""
        self._listening.close()
        self._watches.close()
        self._merge.close()
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None

    async def _refresh(self) -> None:
        if self._info is None or self._away:
            self._info = await self.host.engine.info()
            self._known.native = is_native(self._info)
        told, over = self._mishaps.told(), self._doing.over()
        self._containers = await self.host.engine.containers()
        self._mishaps.settle(told, {(self.host.name, one.name): one.id for one in self._containers})
        self._seen_at = self._clock()
        self._listening.start()
        # The rows come first; who among them is a server needs further questions.
        await self._known.learn(self._containers, self._draw_first if not self.view.loaded else None)
        self._away = False
        self._missing.ours(self._doing.now)
        self._doing.settle(over)
        self._settle(self._draw)

    def _settle(self, draw: Callable[[], None]) -> None:
        """Have the watches follow the list, and draw it."""
        self._containers, self._behind = believed(self._containers, self._known, self._listening)
        self._watches.keep(self._containers)
        self._mark_chosen()
        draw()

    def _pause(self, failures: int) -> float:
        if failures:
            return RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]
        return UNSURE_SECONDS if self._known.unsure or self._behind else RECONCILE_SECONDS

    def _mark_chosen(self) -> None:
        chosen = (one.id for one in self._containers if self._chosen == (self.host.name, one.name))
        self._watches.choose(next(chosen, None))

    def _draw_first(self) -> None:
        self._publish(FleetView(self.host.name, (), tuple(self._containers), self._info, None, True))

    def _lost(self, error: ServiceError) -> None:
        """Show the last true picture as such; nothing is drawn anew until the engine answers."""
        self._away = True
        self._watches.pause()
        self._listening.close()
        self._doing.settle(self._doing.over())
        seen = self._seen_at
        servers = tuple(replace(server, seen=seen) for server in self._contained.servers)
        self._publish(replace(self._contained, servers=servers, trouble=error, loaded=True, seen=seen))

    def _noticed(self, event: Event) -> None:
        self._known.forget_record(event.id)
        if event.action == "die" and self.view.loaded and not self._away:
            self._settle(self._redraw)  # the list may be behind for seconds
        self.nudge()

    # -- the picture

    def _redraw(self) -> None:
        """Draw soon; many changes at once make one picture."""
        if self._drawing is None:
            self._drawing = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._draw)

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None
        if self._away or not self._contained.loaded:
            self._publish(self._contained)  # only what runs beside the containers may have changed
            return
        present = {**dict.fromkeys(self.natives.names, ""), **{one.name: one.id for one in self._containers}}
        servers = self._missing.rows(self.view, present, self._doing.now, self._chosen, self._clock())
        others: list[Container] = []
        aside = who_is_kept(self._containers, self._doing.now)
        kept = {*aside, *self.saved()}
        for container in self._containers:
            if any(container.id in ids for ids in aside.values()):
                continue  # not a server of its own: `kept` says that it is there
            server = self._server(container, container.name in kept)
            if server is None:
                others.append(container)
            else:
                servers.append(server)
        self._drawn.keep(present.values())
        vitals = self._watches.vitals(self.host.name, self._containers)
        view = FleetView(self.host.name, tuple(servers), tuple(others), self._info, None, True, None, self._boots())
        self._publish(replace(view, aside=aside, vitals=vitals))

    def _publish(self, contained: FleetView) -> None:
        """Show the containers, and what runs beside them."""
        self._contained = contained
        view = self._merge.picture(contained, self._doing.now)
        if view != self.view:
            self.view = view
            self._listener(view)

    def _server(self, container: Container, kept: bool) -> Server | None:
        command, facts = self._known.commands.get(container.id), self._known.facts.get(container.id)
        if command is None or facts is None:
            return None
        wish = self._listening.wish_since(container.id, facts.started)
        seen = (self._watches.of(container.id), self._known.ending(container.id), wish)
        key, good = (self.host.name, container.name), self._good_boots.get((self.host.name, container.name))
        around = {"boot_seconds": good.seconds if good else None, "mishap": self._mishaps.of(key), "kept": kept}
        return self._drawn.row(container, facts, command, seen, self._doing.now.get(key), **around)

    def _boots(self) -> dict[tuple[str, str], Boot]:
        boots: dict[tuple[str, str], Boot] = {}
        for container in self._containers:
            key = (self.host.name, container.name)
            if watch := self._watches.of(container.id):
                boot = measured(watch.boot(self._clock()), self._good_boots.get(key))
                up = watch.ready or watch.unreachable
                if up and watch.reader.ready_at is not None:
                    self._good_boots[key] = boot
                if boot.ready or not up:
                    boots[key] = boot
            elif (ending := self._known.ending(container.id)) and ending.boot:
                boots[key] = measured(ending.boot, self._good_boots.get(key))
        return boots
