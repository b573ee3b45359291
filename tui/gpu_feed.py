"""How the readings of the GPUs reach the app, and who owns the processes on them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.feeds import Inbox

if TYPE_CHECKING:
    from tui.services.gpu import GpuView
    from tui.services.gpu_owners import GpuOwners
    from tui.services.gpus import Gpus


class GpuFeed:
    """Keeps the newest reading for the event loop; one wake-up, however many readings wait.

    Args:
        gpus: Reads them in a thread of its own.
        owners: Learns whose processes are on them.
        wake: Called from that thread when a reading waits; it must be safe to call from any thread.
    """

    def __init__(self, gpus: Gpus, owners: GpuOwners, wake: Callable[[], object]) -> None:
        self._gpus = gpus
        self._owners = owners
        self._wake = wake
        self._inbox: Inbox[GpuView] = Inbox(most=1)
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to read."""
        self._gpus.start(self._put)

    def take(self) -> GpuView | None:
        """Give the newest reading, None when there is none that is new; whose processes those are is looked up beside it."""
        views = self._inbox.take()
        if not views:
            return None
        # The engine may hang: one look at a time, and nobody waits for it.
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._owners.look(views[-1]))
        return views[-1]

    def close(self) -> None:
        """End the reading; waits for nothing."""
        self._closed = True
        self._gpus.close()
        if self._looking is not None:
            self._looking.cancel()

    def _put(self, view: GpuView) -> None:
        if self._inbox.put(view) and not self._closed:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the app ends
                self._wake()
