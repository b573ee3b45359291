"""Whether we live in WSL, and whether the engine is Docker Desktop's: that decides how paths are written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from profiles.paths import Kind, Place
from tui.services.engine import EngineInfo
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.wsl import KERNEL, in_wsl

DESKTOP = "Docker Desktop"


async def place(host: Host, environ: Mapping[str, str]) -> Place:
    """Say where the engine lives, seen from here; an engine that does not answer counts as one of this machine."""
    info = None
    if host.kind == "local" and in_wsl():
        try:
            info = await host.engine.info()
        except ServiceError:
            info = None
    return place_of(host, info, environ)


def place_of(host: Host, info: EngineInfo | None, environ: Mapping[str, str], kernel: Path = KERNEL) -> Place:
    """Read it from the kernel's and the engine's own names."""
    home = environ.get("HOME", "")
    if host.kind != "local" or not in_wsl(kernel):
        return Place(Kind.LINUX, home)
    desktop = info is not None and DESKTOP in info.product
    return Place(Kind.DESKTOP if desktop else Kind.WSL, home)
