"""Where the GPUs of a host are read from, best first."""

from __future__ import annotations

from tui.services.gpu import GpuSource
from tui.services.gpu_amd import AmdSmi
from tui.services.gpu_command import Run
from tui.services.gpu_nvml import Nvml
from tui.services.gpu_smi import NvidiaSmi


def of_this_machine() -> tuple[GpuSource, ...]:
    """Give the sources of this machine's own GPUs: the driver's library, then the tools."""
    return (Nvml(), NvidiaSmi(), AmdSmi())


def of_another(run: Run) -> tuple[GpuSource, ...]:
    """Give the sources of the GPUs of a machine that is reached only through a container there.

    Args:
        run: Runs a command in a running container that has GPUs.
    """
    return (NvidiaSmi(run, processes=False), AmdSmi(run))
