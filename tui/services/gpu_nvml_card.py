"""What NVML says of one card; every question stands alone, and what is not answered is None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from tui.services.gpu import LOST, Gpu, GpuProcess, MigSlice
from tui.services.gpu_reasons import IS_LOST, MISMATCH, NOT_LOADED, share, short_name, throttles

NOT_SUPPORTED = 3
GONE = frozenset({1, NOT_LOADED, MISMATCH})
"""Error numbers after which NVML must be opened anew: uninitialized, driver not loaded, driver exchanged."""
_PROFILE = re.compile(r"\bMIG (\S+)")

Question = tuple[str, ...]
"""A function of NVML and the names of the constants that it takes after the card."""


class LostError(Exception):
    """This card is lost; the others may go on."""


class GoneError(Exception):
    """NVML itself does not answer any more.

    Args:
        code: NVML's error number.
        said: NVML's own words.
    """

    def __init__(self, code: int, said: str = "") -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a card: the field of `Gpu`, how the answer is read, and the questions, the first answered one wins."""

    field: str
    read: Callable[[Any], object]
    questions: tuple[Question, ...]


METRICS = (
    Metric("utilization", lambda rates: share(rates.gpu), (("nvmlDeviceGetUtilizationRates",),)),
    Metric(
        "temperature",
        float,
        (
            ("nvmlDeviceGetTemperature", "NVML_TEMPERATURE_GPU"),
            ("nvmlDeviceGetTemperatureV", "NVML_TEMPERATURE_GPU"),
        ),
    ),
    Metric("power", lambda milliwatts: milliwatts / 1000, (("nvmlDeviceGetPowerUsage",),)),
    Metric("power_limit", lambda milliwatts: milliwatts / 1000, (("nvmlDeviceGetEnforcedPowerLimit",),)),
    Metric("clock", int, (("nvmlDeviceGetClockInfo", "NVML_CLOCK_SM"),)),
    Metric("clock_memory", int, (("nvmlDeviceGetClockInfo", "NVML_CLOCK_MEM"),)),
    Metric("fan", share, (("nvmlDeviceGetFanSpeed",),)),
    Metric(
        "ecc_errors",
        int,
        (("nvmlDeviceGetTotalEccErrors", "NVML_MEMORY_ERROR_TYPE_UNCORRECTED", "NVML_VOLATILE_ECC"),),
    ),
    Metric(
        "throttle",
        throttles,
        (("nvmlDeviceGetCurrentClocksEventReasons",), ("nvmlDeviceGetCurrentClocksThrottleReasons",)),
    ),
)
PROCESSES = (
    ("nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"),
    ("nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2"),
    ("nvmlDeviceGetMPSComputeRunningProcesses_v3", "nvmlDeviceGetMPSComputeRunningProcesses_v2"),
)
"""The lists of a card's processes; the first one decides whether they are told at all."""


class Cards:
    """Reads cards through the binding.

    Args:
        nvml: The module `pynvml`.
        ram: Says (used, total) of the machine's own memory, for cards that share it.
        silent: An empty list of processes means that they are not told (WSL2).
    """

    def __init__(self, nvml: Any, ram: Callable[[], tuple[int, int] | None], silent: bool) -> None:
        self._nvml = nvml
        self._ram = ram
        self._silent = silent
        self._refusal = 0
        self._identities: dict[int, tuple[str | None, str | None]] = {}
        self._names: dict[int, str] = {}

    def read(self, count: int) -> tuple[Gpu, ...]:
        """Read the first `count` cards; a lost one keeps its name."""
        gpus = tuple(self._card(index) for index in range(count))
        pids = {process.pid for gpu in gpus for process in gpu.processes or ()}
        self._names = {pid: name for pid, name in self._names.items() if pid in pids}
        return gpus

    def ask(self, function: str, *arguments: Any) -> Any:
        """Put one question to NVML; None where it has no answer."""
        nvml = self._nvml
        self._refusal = 0
        try:
            return getattr(nvml, function)(*arguments)
        except nvml.NVMLError as error:
            self._refusal = error.value
            if error.value == IS_LOST:
                raise LostError from error
            if error.value in GONE:
                raise GoneError(error.value, str(error)) from error
        except (AttributeError, ValueError):  # a binding without this function; a name that is no UTF-8
            pass
        return None

    def _card(self, index: int) -> Gpu:
        name, uuid = self._identities.get(index, (None, None))
        try:
            handle = self.ask("nvmlDeviceGetHandleByIndex", index)
            if handle is None:
                return Gpu(index, name, uuid)
            name, uuid = self.ask("nvmlDeviceGetName", handle), self.ask("nvmlDeviceGetUUID", handle)
            self._identities[index] = (name, uuid)
            used, total, shared = self._memory(handle)
            mig = self._mig(handle)
            metrics: dict[str, Any] = {metric.field: self._metric(handle, metric) for metric in METRICS}
            processes = self._processes([handle, *(part for part, _slice in mig)])
        except LostError:
            return Gpu(index, name, uuid, trouble=LOST)
        gpu = Gpu(index, name, uuid, memory_used=used, memory_total=total, shared=shared, processes=processes)
        return replace(gpu, mig=tuple(cut for _part, cut in mig), **metrics)

    def _metric(self, handle: Any, metric: Metric) -> object:
        for function, *names in metric.questions:
            constants = [getattr(self._nvml, name, 0) for name in names]
            if (said := self.ask(function, handle, *constants)) is not None:
                return metric.read(said)
        return None

    def _memory(self, handle: Any) -> tuple[int | None, int | None, bool]:
        """Ask for (used, total) by the newer question, then the older; a card that knows neither shares the machine's."""
        refusals = set()
        for version in (getattr(self._nvml, "nvmlMemory_v2", None), None):
            if (said := self.ask("nvmlDeviceGetMemoryInfo", handle, version)) is not None:
                return int(said.used), int(said.total), False
            refusals.add(self._refusal)
        ram = self._ram() if NOT_SUPPORTED in refusals and refusals <= {NOT_SUPPORTED, 13, 25} else None
        return (*ram, True) if ram else (None, None, False)

    def _mig(self, handle: Any) -> list[tuple[Any, MigSlice]]:
        mode = self.ask("nvmlDeviceGetMigMode", handle)
        if not mode or mode[0] != 1:
            return []
        found = []
        for index in range(self.ask("nvmlDeviceGetMaxMigDeviceCount", handle) or 0):
            part = self.ask("nvmlDeviceGetMigDeviceHandleByIndex", handle, index)
            if part is not None:
                used, total, shared = self._memory(part)
                uuid = self.ask("nvmlDeviceGetUUID", part)
                room = (None, None) if shared else (used, total)
                found.append((part, MigSlice(index, self._profile(part), uuid, *room)))
        return found

    def _profile(self, part: Any) -> str | None:
        named = _PROFILE.search(self.ask("nvmlDeviceGetName", part) or "")
        if named:
            return named[1]
        attributes = self.ask("nvmlDeviceGetAttributes_v2", part)
        if attributes is None:
            return None
        return f"{attributes.gpuInstanceSliceCount}g.{round(attributes.memorySizeMB / 1024)}gb"

    def _processes(self, handles: Iterable[Any]) -> tuple[GpuProcess, ...] | None:
        """Put the lists of a card and of its slices together; a process stands in several of them."""
        held: dict[int, int | None] = {}
        told = False
        for handle in handles:
            for place, functions in enumerate(PROCESSES):
                answers = (self.ask(function, handle) for function in functions)
                found = next((answer for answer in answers if answer is not None), None)
                if found is None and place == 0:
                    break
                told = told or found is not None
                for process in found or ():
                    known = held.get(process.pid)
                    sizes = [size for size in (known, process.usedGpuMemory) if size is not None]
                    held[process.pid] = max(sizes, default=None)
        if not told or (self._silent and not held):
            return None
        return tuple(GpuProcess(pid, memory, self._name(pid)) for pid, memory in sorted(held.items()))

    def _name(self, pid: int) -> str | None:
        if pid not in self._names:
            name = short_name(self.ask("nvmlSystemGetProcessName", pid) or "")
            if name is None:
                return None
            self._names[pid] = name
        return self._names[pid]
