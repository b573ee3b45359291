"""A tiny app that ends by `ending.run`; its first argument says how it misbehaves."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Static

from tui.cli import ending


class EndingApp(App[None]):
    """Says "ready", then does what its name says at the key x."""

    BINDINGS = [("x", "misbehave")]

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("ready")

    async def action_misbehave(self) -> None:
        """Hang, raise or stop."""
        secret = "sk-" + "hidden"
        self.query_one(Static).update("misbehaving")
        if self.how == "raise":
            raise LookupError("no such \x1b]0;thing\x07")
        if self.how == "worker":
            self.run_worker(self._fail())
        if self.how == "thread":
            for _ in range(2):
                self.run_worker(lambda: time.sleep(60), thread=True)
            self.run_worker(asyncio.to_thread(time.sleep, 60))
        if self.how == "block":
            self.set_timer(0.1, lambda: time.sleep(60))
        if self.how == "await":
            await asyncio.sleep(60)
        del secret

    async def _fail(self) -> None:
        raise KeyError("from a worker")


if __name__ == "__main__":
    ending.run(EndingApp(sys.argv[1]), Path(sys.argv[2]))
