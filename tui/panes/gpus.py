"""The GPUs of the host, as their panel shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual.reactive import reactive

from widgets.gpu_panel import GpuPanel

if TYPE_CHECKING:
    from tui.services.gpu import Gpu, GpuProcess, GpuView

NVML = "NVML"
"""The only source that can be read every second; a tool takes its time."""
HOT = 85.0
"""From this many degrees Celsius on a card is close to holding its clocks down: a GeForce RTX 4090 may have 90 (NVIDIA, its specifications)."""
_MAKER = re.compile(r"^(NVIDIA|AMD)\s+(GeForce\s+)?(?=\S)", re.IGNORECASE)


class GpusPane(GpuPanel):
    """Shows what was read last; hidden where there is neither a GPU nor anything wrong."""

    DEFAULT_CSS = "GpusPane.-nothing { display: none !important; }"

    view: reactive[GpuView | None] = reactive(None, repaint=False)
    """The newest reading."""

    def watch_view(self, view: GpuView | None) -> None:
        """Show it; only what changed is painted."""
        self.set_class(view is None or (not view.gpus and view.bare), "-nothing")
        if view is not None:
            source = f"{view.source} · 1 s" if view.source == NVML else view.source
            self.show(rows(view), source, view.trouble or "")


def rows(view: GpuView) -> list[GpuPanel.Row]:
    """Translate a reading."""
    return [_row(gpu, view) for gpu in view.gpus]


def _row(gpu: Gpu, view: GpuView) -> GpuPanel.Row:
    past = view.history.get(gpu.index)
    return GpuPanel.Row(
        gpu.index,
        _name(gpu),
        temperature=gpu.temperature,
        power=gpu.power,
        utilization=gpu.utilization,
        memory_used=gpu.memory_used,
        memory_total=gpu.memory_total,
        history=past.utilization if past else (),
        parts=tuple(
            GpuPanel.Part(part.profile or f"MIG {part.index}", part.memory_used, part.memory_total) for part in gpu.mig
        ),
        holders=None if gpu.processes is None else _holders(gpu.processes),
        warnings=_warnings(gpu),
        lost=_("lost: the driver no longer reaches it; dmesg tells why") if gpu.trouble else "",
    )


def _name(gpu: Gpu) -> str | None:
    """Shorten a card's name to what tells it from others."""
    if gpu.name is None:
        return None
    notes = [f"MIG {len(gpu.mig)}×"] if gpu.mig else []
    notes += [_("shares RAM")] if gpu.shared else []
    return " · ".join((_MAKER.sub("", gpu.name), *notes))


def _holders(processes: Sequence[GpuProcess]) -> tuple[GpuPanel.Holder, ...]:
    """Add up what each server and each other program holds, the greatest first."""
    held: dict[str, int | None] = {}
    for process in processes:
        name = process.owner or _program(process)
        before = held.get(name)
        held[name] = before if process.memory is None else process.memory + (before or 0)
    ordered = sorted(held.items(), key=lambda one: (-(one[1] or 0), one[0]))
    return tuple(GpuPanel.Holder(name, memory) for name, memory in ordered)


def _program(process: GpuProcess) -> str:
    if process.name:
        return re.split(r"[/\\]", process.name)[-1]
    return f"pid {process.pid}" if process.pid is not None else "—"


def _warnings(gpu: Gpu) -> tuple[str, ...]:
    slowed = (_("slowed down: {why}").format(why=", ".join(gpu.throttle)),) if gpu.throttle else ()
    broken = (_("{count} memory errors").format(count=gpu.ecc_errors),) if gpu.ecc_errors else ()
    hot = (_("hot: {degrees:.0f} °C").format(degrees=gpu.temperature),) if (gpu.temperature or 0.0) >= HOT else ()
    return (*hot, *slowed, *broken)
