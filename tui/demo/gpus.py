"""The two cards of the simulated host, as warm and as full as its servers make them."""

from __future__ import annotations

import math
import time

from tui.demo.container import CARDS, DemoContainer
from tui.demo.engine import DemoEngine
from tui.demo.models import CARD, GIB, held
from tui.services.gpu import Gpu, GpuProcess, GpuReading

DESKTOP = GpuProcess(1180, int(0.5 * GIB), "/usr/bin/Xwayland")
"""Somebody sits at the first card's screen."""
IDLE_WATTS, FULL_WATTS, LIMIT_WATTS = 38.0, 380.0, 450.0


class DemoGpus:
    """A `GpuSource` over the simulated engine."""

    name = "demo"

    def __init__(self, engine: DemoEngine) -> None:
        self._engine = engine

    def read(self) -> GpuReading:
        """Read both cards."""
        running = self._engine.running
        cards = tuple(_card(index, [one for one in running if index in one.cards]) for index in range(CARDS))
        return GpuReading(cards, "580.95.05", "13.0")

    def owned(self) -> dict[int, str]:
        """Say which process belongs to which container."""
        return {one.pid: one.name for one in self._engine.running}


def _card(index: int, servers: list[DemoContainer]) -> Gpu:
    processes = [GpuProcess(one.pid, _memory(one), "VLLM::EngineCore") for one in servers]
    processes += [DESKTOP] if index == 0 else []
    used = min(sum(one.memory or 0 for one in processes), int(CARD * GIB))
    load = min(0.98, 0.02 + sum(_load(one) for one in servers))
    return Gpu(
        index,
        "NVIDIA GeForce RTX 4090",
        f"GPU-{index}4090de-0000-4000-8000-000000000000",
        utilization=load,
        memory_used=used,
        memory_total=int(CARD * GIB),
        temperature=float(round(38 + 30 * load + 2 * math.sin(time.time() / 23 + index))),
        power=float(round(IDLE_WATTS + (FULL_WATTS - IDLE_WATTS) * load)),
        power_limit=LIMIT_WATTS,
        clock=2520 if load > 0.1 else 210,
        clock_memory=10501 if load > 0.1 else 405,
        fan=round(0.3 + 0.3 * load, 2),
        throttle=(),
        processes=tuple(processes),
    )


def _memory(server: DemoContainer) -> int:
    return held(server.command) if server.command is not None else 0


def _load(server: DemoContainer) -> float:
    """How busy a server keeps its card, 0..1."""
    model = server.server.model if server.server is not None else None
    if model is None:
        return 0.03  # it still boots
    running = model.traffic.running
    wave = 0.06 * math.sin(time.time() * 1.7)
    return 0.5 + 0.09 * min(running, 4) + wave if running else 0.0
