"""Opening the simulated host: its engine, and a folder of its own for whatever is kept."""

from __future__ import annotations

import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.demo.engine import DemoEngine
from tui.services.host import Host
from tui.services.services import Places, Services

if TYPE_CHECKING:
    from tui.services.catalogue import Catalogues
    from tui.services.gpus import Gpus

NAME = "demo"
"""What the simulated host is called, and its kind."""


class DemoServices(Services):
    """The services of the simulated host; its folder goes when they close.

    Args:
        read_only: Nothing may be started, stopped or changed.
        pace: How many times faster than recorded everything goes.
        log_bytes: How much of one log is kept in memory.
    """

    simulated = True

    def __init__(self, *, read_only: bool = False, pace: float = 1.0, log_bytes: int = 256_000_000) -> None:
        self._pace = pace
        self._engine = engine = DemoEngine(pace)
        self.folder = Path(tempfile.mkdtemp(prefix="llmtui-demo-"))
        places = Places(
            self.folder / "profiles", self.folder / "llmtui.db", self.folder / "journal", log_bytes=log_bytes
        )
        # No environment: no token of the user's finds its way into a container, not even a simulated one.
        super().__init__(NAME, lambda: Host(NAME, NAME, engine), places, {"HOME": "/home/me"}, read_only=read_only)

    @cached_property
    def gpus(self) -> Gpus:
        """Reads the simulated cards."""
        from tui.demo.gpus import DemoGpus
        from tui.services.gpus import Gpus

        source = DemoGpus(self._engine)
        return Gpus((source,), source.owned)

    @cached_property
    def catalogues(self) -> Catalogues:
        """Knows what the simulated images accept."""
        from tui.demo.catalogues import DemoCatalogues

        return DemoCatalogues(self._pace)

    def close(self) -> None:
        """Let go of the engine and take away what was kept."""
        super().close()
        self.tidy()

    def tidy(self) -> None:
        """Take away what was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
