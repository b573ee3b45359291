"""The GPUs of a machine that is not this one, read inside a running container that has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from typing import Any

from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.fleet_facts import is_native
from tui.services.fleet_view import FleetView
from tui.services.gpu import GpuAbsent, GpuReading, GpuSource
from tui.services.gpu_sources import of_another
from tui.services.server import ALIVE, State

PATIENCE = 10.0
"""Seconds that a tool may take in there."""
FIRST_LOOK = 5.0
"""Seconds in which the first picture of the containers is waited for."""
MOST = 6
"""Containers that are looked at in one reading."""
GPU_DEVICES = ("/dev/kfd", "/dev/nvidia")
GPU_VARIABLES = ("NVIDIA_VISIBLE_DEVICES=", "NVIDIA_DRIVER_CAPABILITIES=", "ROCM_")
"""What the images of NVIDIA's CUDA and AMD's ROCm have in their environment."""


class Inside:
    """Runs nvidia-smi, else amd-smi, in the first running container that has GPUs.

    Args:
        engine: Whose containers.
        view: Gives the newest picture of them.
        far: Whether the engine surely is on another machine; else its own words decide, as Docker Desktop's do.
    """

    def __init__(self, engine: Engine, view: Callable[[], FleetView], far: bool) -> None:
        self.name = "nvidia-smi"
        self._engine = engine
        self._view = view
        self._far = far
        self._has: dict[str, bool] = {}
        self._sources: dict[str, tuple[GpuSource, ...]] = {}
        self._hung: set[str] = set()

    def read(self) -> GpuReading:
        """Read every card there now.

        Raises:
            GpuAbsent: The engine is on this machine, no container there has GPUs, or none of them tells of them.
        """
        view = self._first_look()
        if view.engine is None or (not self._far and is_native(view.engine)):
            raise GpuAbsent(_("No GPU is seen here"), bare=not self._far)
        why: list[GpuAbsent] = []
        for id_, name in running(view)[:MOST]:
            if id_ in self._hung or not self._has_gpus(id_):
                continue
            for source in self._sources_in(id_, name):
                try:
                    reading = source.read()
                except GpuAbsent as error:
                    why.append(error)
                else:
                    self.name = _("read in {name}").format(name=name)
                    return reading
            why.append(GpuAbsent(_("There is no nvidia-smi in {name}").format(name=name)))
        if not why:
            raise GpuAbsent(_("No running container tells of this host's GPUs"), bare=not self._far)
        raise next(absent for absent in why if not absent.bare)

    def _first_look(self) -> FleetView:
        end = time.monotonic() + FIRST_LOOK
        while not self._view().loaded and time.monotonic() < end:
            time.sleep(0.05)
        return self._view()

    def _has_gpus(self, id_: str) -> bool:
        if id_ not in self._has:
            try:
                self._has[id_] = has_gpus(asyncio.run(self._engine.inspect(id_)))
            except ServiceError:
                return False
        return self._has[id_]

    def _sources_in(self, id_: str, name: str) -> tuple[GpuSource, ...]:
        def run(command: Sequence[str]) -> tuple[int, str]:
            try:
                return asyncio.run(self._engine.exec(id_, command, PATIENCE))
            except TimeoutError:
                self._hung.add(id_)  # nothing ends it in there: one more would only hang beside it
                raise GpuAbsent(_("{tool} hangs in {name}").format(tool=command[0], name=name)) from None
            except ServiceError as error:
                raise GpuAbsent(error.title) from None

        return self._sources.setdefault(id_, of_another(run))


def running(view: FleetView) -> list[tuple[str, str]]:
    """Give id and name of the running containers, servers first; in a paused one nothing can be run."""
    alive = ALIVE - {State.PAUSED, State.RESTARTING}
    servers = [(one.id, one.name) for one in view.servers if one.kind == "container" and one.state in alive]
    return servers + [(one.id, one.name) for one in view.others if one.state == "running"]


def has_gpus(record: Mapping[str, Any]) -> bool:
    """Say whether an inspect record is that of a container with GPUs, or of an image made for them."""
    host, config = record.get("HostConfig") or {}, record.get("Config") or {}
    devices = [str(one.get("PathOnHost", "")) for one in host.get("Devices") or ()]
    return bool(
        host.get("DeviceRequests")
        or host.get("Runtime") == "nvidia"
        or any(path.startswith(GPU_DEVICES) for path in devices)
        or any(str(entry).startswith(GPU_VARIABLES) for entry in config.get("Env") or ())
    )
