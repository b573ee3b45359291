"""GPUs through nvidia-smi, on this machine or inside a running container that has GPUs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from tui.services.gpu import LOST, Gpu, GpuAbsent, GpuProcess, GpuReading
from tui.services.gpu_command import Run, run_here
from tui.services.gpu_reasons import NO_LIBRARY, absent, share, short_name, system_memory, throttles
from tui.services.wsl import in_wsl

MIB = 1 << 20
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_CUDA = re.compile(r"CUDA Version\s*:\s*(\d+\.\d+)")
_UNKNOWN = re.compile(r'Field "([\w.]+)" is not a valid field')
_RENAMED = {"clocks_event_reasons.active": "clocks_throttle_reasons.active"}
"""Fields that older versions know by another name."""
_UNSUPPORTED = frozenset({"N/A", "NOT SUPPORTED"})
_NOTHING = _UNSUPPORTED | {"UNKNOWN ERROR", "ERR!", "NOT FOUND", "INSUFFICIENT PERMISSIONS", "GPU IS LOST"}
_FORMAT = "--format=csv,noheader,nounits"


def _number(cell: str) -> float | None:
    """Read the number that a cell begins with; `[N/A]`, `[Not Supported]`, `ERR!` and the like are None."""
    found = _NUMBER.match(cell)
    return float(found[0]) if found else None


def _whole(cell: str) -> int | None:
    number = _number(cell)
    return None if number is None else int(number)


def _percent(cell: str) -> float | None:
    number = _number(cell)
    return None if number is None else share(number)


def _mebibytes(cell: str) -> int | None:
    number = _number(cell)
    return None if number is None else int(number * MIB)


def _reasons(cell: str) -> tuple[str, ...] | None:
    try:
        return throttles(int(cell, 16))
    except ValueError:
        return None


def _text(cell: str) -> str | None:
    return None if not cell or cell.strip("[]").upper() in _NOTHING else cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column asked for: nvidia-smi's name, the field of `Gpu` (or `driver`), and how a cell is read."""

    query: str
    field: str
    read: Callable[[str], object]


COLUMNS: tuple[Column, ...] = (
    Column("index", "index", _whole),
    Column("uuid", "uuid", _text),
    Column("driver_version", "driver", _text),
    Column("utilization.gpu", "utilization", _percent),
    Column("memory.used", "memory_used", _mebibytes),
    Column("memory.total", "memory_total", _mebibytes),
    Column("temperature.gpu", "temperature", _number),
    Column("power.draw", "power", _number),
    Column("enforced.power.limit", "power_limit", _number),
    Column("clocks.sm", "clock", _whole),
    Column("clocks.mem", "clock_memory", _whole),
    Column("fan.speed", "fan", _percent),
    Column("ecc.errors.uncorrected.volatile.total", "ecc_errors", _whole),
    Column("clocks_event_reasons.active", "throttle", _reasons),
    Column("name", "name", _text),
)
"""The name stands last: it may hold a comma."""


def parse(text: str, columns: Sequence[Column] = COLUMNS) -> GpuReading:
    """Read the rows of `nvidia-smi --query-gpu`; lines that are none (warnings, banners) are passed over.

    A card whose memory is not supported shares the machine's own: its `shared` is true, its memory still unknown.
    """
    gpus, driver = [], None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",", len(columns) - 1)]
        if len(cells) != len(columns):
            continue
        fields: dict[str, Any] = {column.field: column.read(cell) for column, cell in zip(columns, cells, strict=True)}
        driver = fields.pop("driver", None) or driver
        if fields.get("index") is None:
            continue
        gpu = Gpu(**fields)
        if any("gpu is lost" in cell.lower() for cell in cells):
            gpu = Gpu(gpu.index, gpu.name, gpu.uuid, trouble=LOST)
        elif "memory_total" in fields and cells[_place(columns, "memory_total")].strip("[]").upper() in _UNSUPPORTED:
            gpu = replace(gpu, shared=True)
        gpus.append(gpu)
    return GpuReading(tuple(gpus), driver)


def _place(columns: Sequence[Column], field: str) -> int:
    return next(place for place, column in enumerate(columns) if column.field == field)


def parse_processes(text: str) -> dict[str, tuple[GpuProcess, ...]]:
    """Read the rows of `nvidia-smi --query-compute-apps` (uuid, pid, memory, name) by the GPU's uuid."""
    found: dict[str, dict[int, GpuProcess]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",", 3)]
        if len(cells) == 4 and (pid := _whole(cells[1])) is not None:
            name = short_name(_text(cells[3]) or "")
            found.setdefault(cells[0], {})[pid] = GpuProcess(pid, _mebibytes(cells[2]), name)
    return {uuid: tuple(rows.values()) for uuid, rows in found.items()}


class NvidiaSmi:
    """Reads every card by running nvidia-smi.

    Args:
        run: Runs it; by default on this machine.
        processes: Whether it can tell the machine's processes; in a container it cannot.
        wsl: Says whether this is WSL2, where an empty list of processes tells nothing.
    """

    name = "nvidia-smi"

    def __init__(self, run: Run = run_here, *, processes: bool = True, wsl: Callable[[], bool] = in_wsl) -> None:
        self._run = run
        self._wsl = wsl
        self._processes = processes
        self._columns = COLUMNS
        self._cuda: str | None = None
        self._asked_cuda = False

    def read(self) -> GpuReading:
        """Read every card now.

        Raises:
            GpuAbsent: There is no nvidia-smi, or it has no card to tell of.
        """
        code, text = self._rows()
        reading = parse(text, self._columns)
        if not reading.gpus:
            raise absent(code, text) if code else GpuAbsent(_("The NVIDIA driver shows no GPU"))
        held = self._held()
        gpus = [self._with_ram(gpu) for gpu in reading.gpus]
        told = [gpu if held is None else replace(gpu, processes=held.get(gpu.uuid or "", ())) for gpu in gpus]
        return replace(reading, gpus=tuple(told), cuda=self._newest_cuda())

    def _rows(self) -> tuple[int, str]:
        """Ask, leaving out one by one the columns that this version does not know."""
        while True:
            code, text = self._ask(f"--query-gpu={','.join(column.query for column in self._columns)}", _FORMAT)
            unknown = _UNKNOWN.search(text)
            kept = _without(self._columns, unknown[1]) if code and unknown else self._columns
            if kept == self._columns:
                return code, text
            self._columns = kept

    def _held(self) -> dict[str, tuple[GpuProcess, ...]] | None:
        """Ask which processes hold memory; on WSL2 none at all means that they are not told."""
        if not self._processes:
            return None
        code, text = self._ask("--query-compute-apps=gpu_uuid,pid,used_memory,name", _FORMAT)
        found = parse_processes(text)
        return None if code or (not found and self._wsl()) else found

    def _with_ram(self, gpu: Gpu) -> Gpu:
        """Give a card that has no memory of its own the machine's."""
        if not gpu.shared:
            return gpu
        code, text = self._run(("cat", "/proc/meminfo"))
        used, total = (None if code else system_memory(text)) or (None, None)
        return replace(gpu, memory_used=used, memory_total=total)

    def _newest_cuda(self) -> str | None:
        """Read the newest CUDA from nvidia-smi's own table, once."""
        if not self._asked_cuda:
            self._asked_cuda = True
            found = _CUDA.search(self._ask()[1])
            self._cuda = found[1] if found else None
        return self._cuda

    def _ask(self, *arguments: str) -> tuple[int, str]:
        code, text = self._run(("nvidia-smi", *arguments))
        if code in (126, 127):
            raise absent(NO_LIBRARY)
        return code, text


def _without(columns: tuple[Column, ...], query: str) -> tuple[Column, ...]:
    """Ask for a column by its older name, or leave it out."""
    if older := _RENAMED.get(query):
        return tuple(replace(column, query=older) if column.query == query else column for column in columns)
    return tuple(column for column in columns if column.query != query)
