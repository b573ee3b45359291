"""A vLLM that answers as a test says, and a fleet over a fake engine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from tests.fake_source import FakeSource
from tests.fakes import FakeEngine
from tui.insight.stall import Outcome
from tui.insight.vitals_scrape import RUNNING, WAITING, Scrape
from tui.services.engine import LogBatch
from tui.services.fleet import Fleet
from tui.services.fleet_view import FleetView
from tui.services.host import Host
from tui.services.server import Server
from tui.services.vllm import Identity, VllmClient


class StalledLogs(FakeEngine):
    """An engine that never ends a log."""

    def logs(
        self, container: str, *, tty: bool, tail: int | None = None, since: float | None = None, follow: bool = True
    ) -> FakeSource[LogBatch]:
        return FakeSource()


class Load(NamedTuple):
    """How busy a server says it is."""

    running: int
    waiting: int


class FakeClient(VllmClient):
    """Answers for the URLs in `alive`; its readings are those of `readings`, or made of `loads`."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: dict[str, Identity] = {}
        self.loads: dict[str, Load] = {}
        self.readings: dict[str, str] = {}
        self.outcomes: dict[str, list[Outcome]] = {}
        """What becomes of the questions of one token; the last one again and again."""
        self.questions: list[tuple[str, str, str]] = []
        """URL, model and task of each question of one token."""
        self.ranks: list[int | None] = []
        """Which engine each of them was meant for."""

    async def healthy(self, url: str, key: str | None = None) -> bool:
        return url in self.alive

    async def identity(self, url: str, key: str | None = None) -> Identity | None:
        return self.alive.get(url)

    async def scrape(self, url: str, key: str | None, clock: Callable[[], float]) -> Scrape | None:
        if url not in self.alive:
            return None
        if url in self.readings:
            return Scrape.read(self.readings[url], clock())
        load = self.loads.get(url, Load(0, 0))
        engine = {RUNNING[0]: {"": float(load.running)}, WAITING[0]: {"": float(load.waiting)}}
        return Scrape(clock(), {"0": engine}, True)

    async def works(
        self, url: str, key: str | None, model: str, task: str, patience: float, *, rank: int | None = None
    ) -> Outcome:
        self.ranks.append(rank)
        self.questions.append((url, model, task))
        outcomes = self.outcomes.get(url) or [Outcome.ANSWERED]
        return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]


@contextlib.asynccontextmanager
async def running(engine: FakeEngine, client: FakeClient) -> AsyncIterator[Fleet]:
    """A fleet at work; it is ended with the test."""
    fleet = Fleet(Host("local", "local", engine), client)
    task = asyncio.ensure_future(fleet.run())
    try:
        yield fleet
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(fleet: Fleet, seen: Callable[[FleetView], bool], seconds: float = 8.0) -> FleetView:
    """Wait until the picture shows something."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not seen(fleet.view):
        assert asyncio.get_running_loop().time() < deadline, f"never seen; the last picture was {fleet.view}"
        await asyncio.sleep(0.01)
    return fleet.view


def only(view: FleetView) -> Server | None:
    """The one server there is."""
    return view.servers[0] if len(view.servers) == 1 else None


def state_is(state: str) -> Callable[[FleetView], bool]:
    """Whether the one server there is stands in this state."""

    def seen(view: FleetView) -> bool:
        server = only(view)
        return server is not None and server.state == state

    return seen
