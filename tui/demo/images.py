"""The images of the simulated engine, and the pulling of one that is not there."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator

from tui.demo.source import DemoSource
from tui.services.engine import ImageInfo, PullProgress

SERVING = "vllm/vllm-openai"
"""Images of this name start with `vllm serve`."""
LAYERS = (
    ("a3be5d4ce401", 29_720_000),
    ("5c9ac62a1d10", 4_600_000),
    ("d07ab4d8d3e1", 1_353_000_000),
    ("1f3cdb9a94c6", 88_100_000),
    ("7c0f2a5b1e77", 2_640_000_000),
    ("e2b8b0a6c4f9", 4_935_000_000),
)
"""Layers of an image and their bytes."""
STEPS = 24
STEP_SECONDS = 0.5
"""A pull is told in so many steps of so many seconds."""


def image(reference: str, size: int, ago: float) -> ImageInfo:
    """Draw up an image by its name; `ago` in seconds."""
    serves = reference.startswith(SERVING)
    config = {"Entrypoint": ["vllm", "serve"] if serves else [], "Cmd": [], "Env": [], "Labels": {}}
    digest = hashlib.sha256(reference.encode()).hexdigest()
    return ImageInfo(f"sha256:{digest}", (reference,), size, time.time() - ago, config)


def pull(reference: str, pace: float, pulled: Callable[[ImageInfo], None]) -> DemoSource[PullProgress]:
    """Pull an image, layer by layer; `pulled` is called when it is there, not when the pull was closed."""
    source: DemoSource[PullProgress] = DemoSource(left=lambda _source: cancelled.set())
    cancelled = threading.Event()

    def run() -> None:
        for step in range(STEPS + 1):
            for progress in _layers(step / STEPS):
                source.put(progress)
            if cancelled.wait(STEP_SECONDS / pace):
                return
        pulled(image(reference, sum(size for _layer, size in LAYERS) * 2, 86400.0))
        source.end()

    threading.Thread(target=run, name="demo pull", daemon=True).start()
    return source


def _layers(done: float) -> Iterator[PullProgress]:
    """Say how far each layer is when so much of the pull is done: small ones are here first, all are unpacked in turn."""
    biggest = max(size for _layer, size in LAYERS)
    for place, (layer, size) in enumerate(LAYERS):
        received = min(size, int(done * 1.4 * biggest))
        unpacked = min(1.0, max(0.0, (done - 0.72) / 0.28 * len(LAYERS) - place))
        if received < size:
            yield PullProgress(layer, "Downloading", received, size)
        elif unpacked >= 1.0:
            yield PullProgress(layer, "Pull complete")
        elif unpacked > 0.0:
            yield PullProgress(layer, "Extracting", int(size * unpacked), size)
        else:
            yield PullProgress(layer, "Downloading", size, size)
