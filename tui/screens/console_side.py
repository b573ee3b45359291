"""The console's left column: the servers, and below them the GPUs and how the chosen server does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.worker import Worker

from tui.panes.server_details import usage_lines
from tui.services.errors import ServiceError
from tui.services.server import ALIVE, Server
from widgets.details import Details
from widgets.stacked import Stack

if TYPE_CHECKING:
    from tui.panes.gpus import GpusPane
    from tui.panes.servers import ServersPane
    from tui.panes.vitals import VitalsPane
    from tui.services.engine import Engine
    from tui.services.fleet_view import FleetView
    from tui.services.gpu import GpuView

USAGE_SECONDS = 5.0
"""How often the chosen one's container is asked what it uses."""


class Side(Stack):
    """The servers alone at first; the rest follows when the first frame stands.

    Args:
        servers: The list and its details.
        engine: Gives the engine, which is asked what the chosen one's container uses.
    """

    LEAST = 9

    def __init__(self, servers: ServersPane, engine: Callable[[], Engine]) -> None:
        super().__init__(servers, id="side")
        self._servers = servers
        self._engine = engine
        self._server: Server | None = None
        self._memory = 0
        self._asking: Worker[None] | None = None
        self._gpus: GpusPane | None = None
        self._vitals: VitalsPane | None = None

    def on_mount(self) -> None:
        """What a container uses is asked now and again."""
        self.set_interval(USAGE_SECONDS, self._ask_usage)

    async def grow(self) -> None:
        """Put the other panels below the servers."""
        from tui.panes.gpus import GpusPane
        from tui.panes.vitals import VitalsPane

        self._gpus, self._vitals = GpusPane(), VitalsPane()
        await self.mount(self._gpus, self._vitals)
        self._ask_usage()

    def show_gpus(self, view: GpuView | None) -> None:
        """Show the newest reading."""
        if self._gpus is not None:
            self._gpus.view = view

    def show_server(self, server: Server | None, fleet: FleetView) -> None:
        """Show how the chosen server does."""
        before, self._server = self._server, server
        self._memory = fleet.engine.memory if fleet.engine is not None else 0
        if self._vitals is not None:
            self._vitals.tell(server, fleet.vitals.get(server.key) if server is not None else None)
        if (server.id if server is not None else None) != (before.id if before is not None else None):
            self._servers.usage = ()
            self._ask_usage()

    def _ask_usage(self) -> None:
        """Ask what the chosen one's container uses, if anybody sees it and the question before is answered."""
        server, details = self._server, self._servers.query_one(Details)
        asking = self._asking is not None and self._asking.is_running
        if server is None or asking or self._vitals is None or not (details.display and self.display):
            return
        if server.kind == "container" and server.state in ALIVE and server.seen is None and self.screen.is_current:
            self._asking = self.run_worker(self._learn_usage(server), group="usage", exit_on_error=False)
        else:
            self._servers.usage = ()

    async def _learn_usage(self, server: Server) -> None:
        try:
            usage = await self._engine().stats(server.id)
        except ServiceError:
            usage = None  # a figure beside others: nobody is told that it is missing
        if self._server is not None and self._server.id == server.id:
            if usage is not None and usage.limit is not None and usage.limit >= self._memory:
                usage = replace(usage, limit=None)  # the whole machine is no limit
            self._servers.usage = tuple(usage_lines(usage)) if usage is not None else ()
