"""Pulling an image with one bar: the layers' bytes summed, in words that a person reads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from gettext import gettext as _

from tui.services.engine import Engine, PullProgress
from tui.services.errors import ServiceError
from tui.services.launch_step import Step
from tui.services.source import Source

LOOK_SECONDS = 0.2
"""How often progress is told; layers report many times a second."""
DOWNLOAD_SHARE = 0.8
"""The part of a layer's bar that its download fills; unpacking fills the rest."""
FINISHED = ("Pull complete", "Already exists")
DOWNLOADED = ("Download complete", "Verifying Checksum")


class PullBar:
    """Sums the layers of a pull into one fraction that never goes back."""

    def __init__(self) -> None:
        self._done: dict[str, float] = {}
        self._totals: dict[str, int] = {}
        self._received: dict[str, int] = {}
        self._best = 0.0

    def feed(self, progress: PullProgress) -> None:
        """Take one report of one layer."""
        layer = progress.layer
        if not layer:
            return
        self._done.setdefault(layer, 0.0)
        if progress.status.startswith("Downloading") and progress.total > 0:
            self._totals[layer] = progress.total
            self._received[layer] = progress.current
            self._done[layer] = DOWNLOAD_SHARE * min(1.0, progress.current / progress.total)
        elif progress.status.startswith("Extracting") and progress.total > 0:
            self._finish_download(layer)
            self._done[layer] = DOWNLOAD_SHARE + (1 - DOWNLOAD_SHARE) * min(1.0, progress.current / progress.total)
        elif progress.status.startswith(DOWNLOADED):
            self._finish_download(layer)
        elif progress.status.startswith(FINISHED):
            self._finish_download(layer)
            self._done[layer] = 1.0

    @property
    def fraction(self) -> float | None:
        """0..1, weighed by bytes where they are known; None before the first layer is."""
        if not self._done:
            return None
        typical = sum(self._totals.values()) / len(self._totals) if self._totals else 1.0
        weights = {layer: float(self._totals.get(layer, typical)) for layer in self._done}
        whole = sum(weights.values()) or 1.0
        self._best = max(self._best, sum(weights[layer] * done for layer, done in self._done.items()) / whole)
        return min(1.0, self._best)

    @property
    def received(self) -> int:
        """Bytes that came so far."""
        return sum(self._received.values())

    @property
    def total(self) -> int:
        """Bytes of the layers whose size is known."""
        return sum(self._totals.values())

    def _finish_download(self, layer: str) -> None:
        self._received[layer] = self._totals.get(layer, 0)
        self._done[layer] = max(self._done[layer], DOWNLOAD_SHARE)


async def pulled(engine: Engine, reference: str) -> AsyncGenerator[Step, None]:
    """Pull an image; ending the iteration early, in whatever way, cancels the pull.

    Raises:
        ServiceError: The registry or the engine refused.
    """
    source = engine.pull(reference)
    reader = _Reader(source, asyncio.get_running_loop())
    reader.start()
    try:
        while not reader.ended.is_set():
            yield _step(reference, reader.bar)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await reader.ended.wait()
        if reader.failure is not None:
            raise reader.failure
    finally:
        source.close()
    yield Step("pull", _("{image} is here").format(image=reference), 1.0)


class _Reader:
    """The daemon thread that reads the engine's progress."""

    def __init__(self, source: Source[PullProgress], loop: asyncio.AbstractEventLoop) -> None:
        self.bar = PullBar()
        self.failure: ServiceError | None = None
        self.ended = asyncio.Event()
        self._source = source
        self._loop = loop

    def start(self) -> None:
        threading.Thread(target=self._read, name="pull", daemon=True).start()

    def _read(self) -> None:
        try:
            for progress in self._source:
                self.bar.feed(progress)
        except ServiceError as error:
            self.failure = error
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.ended.set)


def _step(reference: str, bar: PullBar) -> Step:
    if not bar.total:
        return Step("pull", _("Pulling {image}").format(image=reference), bar.fraction)
    text = _("Pulling {image}: {received:.2f} of {total:.2f} GB").format(
        image=reference, received=bar.received / 1e9, total=bar.total / 1e9
    )
    return Step("pull", text, bar.fraction)
