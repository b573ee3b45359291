"""A vLLM that answers as a test says, and a fleet over a fake engine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from tests.fake_source import FakeSource
from tests.fakes import FakeEngine
from tui.insight.metrics import Load
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


class FakeClient(VllmClient):
    """Answers for the URLs in `alive`."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: dict[str, Identity] = {}
        self.loads: dict[str, Load] = {}

    async def healthy(self, url: str, key: str | None = None) -> bool:
        return url in self.alive

    async def identity(self, url: str, key: str | None = None) -> Identity | None:
        return self.alive.get(url)

    async def load(self, url: str, key: str | None = None) -> Load | None:
        return self.loads.get(url, Load(0, 0)) if url in self.alive else None


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
