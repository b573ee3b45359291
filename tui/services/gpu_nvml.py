"""GPUs through NVML, the library of the NVIDIA driver."""

from __future__ import annotations

import contextlib
import ctypes
import time
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any

from tui.services.gpu import LOST, GpuAbsent, GpuReading
from tui.services.gpu_nvml_card import Cards, GoneError, LostError
from tui.services.gpu_reasons import NO_LIBRARY, absent, system_memory
from tui.services.wsl import in_wsl

ASIDE = (Path("/usr/lib/wsl/lib/libnvidia-ml.so.1"), Path("/run/opengl-driver/lib/libnvidia-ml.so.1"))
"""Where the library lies on WSL2 and NixOS, which the loader does not always know."""
LOST_AGAIN = 30.0
"""Seconds after which NVML is opened anew while a card is lost: one that came back is not seen otherwise."""


class Nvml:
    """Reads every card through NVML, opening it at the first reading and again when the driver was exchanged.

    Args:
        wsl: Says whether this is WSL2, where an empty list of processes tells nothing.
        meminfo: Where the machine's own memory stands, for cards that share it.
        clock: Seconds that only grow.
    """

    name = "NVML"

    def __init__(
        self,
        wsl: Callable[[], bool] = in_wsl,
        meminfo: Path = Path("/proc/meminfo"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wsl = wsl
        self._meminfo = meminfo
        self._clock = clock
        self._cards: Cards | None = None
        self._is_open = False
        self._good = False
        self._lost_until = 0.0
        self._versions: tuple[str | None, str | None] = (None, None)

    def read(self) -> GpuReading:
        """Read every card now.

        Raises:
            GpuAbsent: There is no NVIDIA driver, it does not answer, or it shows no card.
        """
        was_good, self._good = self._good, False
        try:
            reading = self._reading()
        except GoneError as gone:
            self._shut()
            if not was_good:
                raise absent(gone.code, gone.said) from gone
            reading = self._once_more()
        self._good = True
        return reading

    def _once_more(self) -> GpuReading:
        """Open NVML anew after good readings: the driver may have been loaded again."""
        try:
            return self._reading()
        except GoneError as gone:
            self._shut()
            raise absent(gone.code, gone.said) from gone

    def _reading(self) -> GpuReading:
        import pynvml

        cards = self._cards if self._cards and self._is_open else self._open(pynvml)
        try:
            count = pynvml.nvmlDeviceGetCount()
        except pynvml.NVMLError as error:
            raise GoneError(error.value, str(error)) from error
        if not count:
            raise GpuAbsent(_("The NVIDIA driver shows no GPU"), _("Run nvidia-smi to see why."))
        gpus = cards.read(count)
        if any(gpu.trouble == LOST for gpu in gpus) and self._clock() >= self._lost_until:
            self._lost_until = self._clock() + LOST_AGAIN
            self._shut()
        return GpuReading(gpus, *self._versions)

    def _open(self, nvml: Any) -> Cards:
        try:
            _init(nvml)
        except GoneError as gone:
            if gone.code != NO_LIBRARY or not _from_aside():
                raise
            _init(nvml)
        self._is_open = True
        cards = self._cards or Cards(nvml, self._ram, self._wsl())
        self._versions = _versions(cards)
        self._cards = cards
        return cards

    def _shut(self) -> None:
        import pynvml

        if self._is_open:
            self._is_open = False
            with contextlib.suppress(pynvml.NVMLError):
                pynvml.nvmlShutdown()

    def _ram(self) -> tuple[int, int] | None:
        try:
            return system_memory(self._meminfo.read_text())
        except OSError:
            return None


def _init(nvml: Any) -> None:
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        raise GoneError(error.value, str(error)) from error


def _versions(cards: Cards) -> tuple[str | None, str | None]:
    """Ask for the driver's version and the newest CUDA it can do."""
    driver = cuda = None
    with contextlib.suppress(LostError):
        driver = cards.ask("nvmlSystemGetDriverVersion")
        cuda = cards.ask("nvmlSystemGetCudaDriverVersion")
    return driver, f"{cuda // 1000}.{cuda % 1000 // 10}" if cuda else None


def _from_aside() -> bool:
    """Load the library from where the loader does not look; it is then found by its name."""
    for path in ASIDE:
        with contextlib.suppress(OSError):
            if path.exists():
                ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
                return True
    return False
