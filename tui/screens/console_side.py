"""The console's left column: the servers, and below them the GPUs and how the chosen server does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.stacked import Stack

if TYPE_CHECKING:
    from tui.insight.vitals import Vitals
    from tui.panes.gpus import GpusPane
    from tui.panes.servers import ServersPane
    from tui.panes.vitals import VitalsPane
    from tui.services.gpu import GpuView
    from tui.services.server import Server


class Side(Stack):
    """The servers alone at first; the rest follows when the first frame stands.

    Args:
        servers: The list and its details.
    """

    LEAST = 9

    def __init__(self, servers: ServersPane) -> None:
        super().__init__(servers, id="side")
        self._gpus: GpusPane | None = None
        self._vitals: VitalsPane | None = None

    async def grow(self) -> None:
        """Put the other panels below the servers."""
        from tui.panes.gpus import GpusPane
        from tui.panes.vitals import VitalsPane

        self._gpus, self._vitals = GpusPane(), VitalsPane()
        await self.mount(self._gpus, self._vitals)

    def show_gpus(self, view: GpuView | None) -> None:
        """Show the newest reading."""
        if self._gpus is not None:
            self._gpus.view = view

    def show_vitals(self, server: Server | None, vitals: Vitals | None) -> None:
        """Show how the chosen server does."""
        if self._vitals is not None:
            self._vitals.tell(server, vitals)
