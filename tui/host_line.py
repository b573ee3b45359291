"""The host in view, in the words of the top line."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from tui.services.fleet_view import FleetView
from tui.services.wsl import in_wsl
from widgets.top_line import TopLine

if TYPE_CHECKING:
    from tui.services.gpu import GpuView
    from tui.services.services import Services


def host_line(view: FleetView, gpus: GpuView | None, simulated: bool) -> TopLine.HostLine:
    """Say what the host is, whether its engine answers, and how full its GPUs are."""
    engine = view.engine
    return TopLine.HostLine(
        name=_("demo") if simulated else _("this machine"),
        kind=_kind(engine.product) if engine and not simulated else "",
        engine=f"docker {engine.version.partition('+')[0]}" if engine else "",
        answers=None if not view.loaded else view.trouble is None,
        trouble=view.trouble.title if view.trouble else "",
        vram=_vram(gpus),
    )


def _vram(view: GpuView | None) -> tuple[str, str]:
    """What the GPUs hold and have in all, in GiB."""
    cards = [(gpu.memory_used, gpu.memory_total) for gpu in view.gpus] if view is not None else []
    known = [(used, total) for used, total in cards if used is not None and total]
    if not known:
        return "", ""
    used, total = (sum(sizes) / 2**30 for sizes in zip(*known, strict=True))
    return f"{used:.1f}", f"{total:.1f}"


def _kind(product: str) -> str:
    """WSL2 or Linux; Docker Desktop and Podman say their own name."""
    if product and product != "Docker Engine":
        return product
    import platform

    return "WSL2" if in_wsl() else platform.system()


def badges(services: Services) -> tuple[str, ...]:
    """Say what is special about this run, in the top line: a simulated host, nothing may be changed."""
    demo, read_only = (_("DEMO"),) if services.simulated else (), (_("READ ONLY"),) if services.read_only else ()
    return (*demo, *read_only)
