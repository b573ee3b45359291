"""The whole app over a world in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient
from tui.app import LlmTui
from tui.services.answer import Ask
from tui.services.engine import Engine
from tui.services.gpu import GpuSource
from tui.services.host import Host
from tui.services.services import Places, Services
from tui.services.vllm import Identity
from tui.settings import Settings


class World:
    """One host in memory, and the app that looks at it.

    Args:
        folder: Where the app keeps its things.
        read_only: As `--read-only`.
        ask: What a recreated server answers; None answers at once.
        gpus: The GPUs of the machine; None has none.
        address: By which name the engine's machine is reached.
    """

    def __init__(
        self,
        folder: Path,
        read_only: bool = False,
        ask: Ask | None = None,
        gpus: GpuSource | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.engine = FakeEngine()
        self.client = FakeClient()
        host = Host("local", "local", self.engine, lambda: address)
        places = Places(folder / "profiles", folder / "llmtui.db", folder / "journal")
        self.services = Services(
            "local",
            lambda: host,
            places,
            {},
            read_only=read_only,
            ask=ask or answers,
            client=self.client,
            open_gpus=(lambda: (gpus,)) if gpus else None,
        )
        self.app = LlmTui(self.services, Settings())

    def serve(self, name: str, port: int, model: str = "smol") -> None:
        """Let a server run and answer."""
        self.engine.add(name, port=port)
        self.client.alive[f"http://127.0.0.1:{port}"] = Identity(model, "/models/m", 4096, "0.32.0")


async def answers(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
    """Every server answers."""
    return model or "smol"


def text_of(app: LlmTui) -> str:
    """What stands on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def shows(pilot: Pilot[None], *words: str, seconds: float = 10.0) -> str:
    """Wait until all the words stand on the screen."""
    return await until(pilot, lambda text: all(word in text for word in words), f"{words}", seconds)


async def until(pilot: Pilot[None], seen: Callable[[str], bool], what: str, seconds: float = 10.0) -> str:
    """Wait until the screen's text satisfies a condition."""
    deadline = time.monotonic() + seconds
    while True:
        text = text_of(pilot.app)  # type: ignore[arg-type]
        if seen(text):
            return text
        assert time.monotonic() < deadline, f"never seen: {what}\n{text}"
        await asyncio.sleep(0.02)
        await pilot.pause()


def app_over(
    engine: Engine, folder: Path, models: tuple[Path, ...] = (), address: Callable[[], str] = lambda: "127.0.0.1"
) -> LlmTui:
    """The whole app over a real engine, its things in a folder of the test."""
    host = Host("local", "local", engine, address)
    places = Places(folder / "profiles", folder / "llmtui.db", folder / "journal", models=models)
    return LlmTui(Services("local", lambda: host, places, {}), Settings())
