"""GPUs of AMD through amd-smi, whose JSON differs from version to version: what is not found is None."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from tui.services.gpu import Gpu, GpuAbsent, GpuReading
from tui.services.gpu_command import Run, run_here
from tui.services.gpu_reasons import share

_LEADING = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
"""amd-smi counts by 1024 and writes MB."""
_THROTTLE: dict[object, tuple[str, ...]] = {
    "THROTTLED": ("throttled",),
    "UNTHROTTLED": (),
    True: ("throttled",),
    False: (),
}

Path = tuple[str, ...]
Row = Mapping[str, Any]

UTILIZATION: tuple[Path, ...] = (("usage", "gfx_activity"), ("usage", "gfx_usage"))
USED: tuple[Path, ...] = (("mem_usage", "used_vram"), ("vram", "vram_used"), ("fb_usage", "fb_used"))
TOTAL: tuple[Path, ...] = (
    ("mem_usage", "total_vram"),
    ("vram", "vram_total"),
    ("vram", "size"),
    ("fb_usage", "fb_total"),
)
TEMPERATURE: tuple[Path, ...] = (("temperature", "edge"), ("temperature", "hotspot"))
POWER: tuple[Path, ...] = (
    ("power", "socket_power"),
    ("power", "current_socket_power"),
    ("power", "average_socket_power"),
)
POWER_LIMIT: tuple[Path, ...] = (
    ("limit", "ppt0", "socket_power_limit"),
    ("limit", "socket_power"),
    ("limit", "current_power"),
    ("limit", "max_power"),
)
CLOCK: tuple[Path, ...] = (("clock", "gfx_0", "clk"), ("clock", "gfx", "clk"))
CLOCK_MEMORY: tuple[Path, ...] = (("clock", "mem_0", "clk"), ("clock", "mem", "clk"))
FAN: tuple[Path, ...] = (("fan", "usage"),)
ECC: tuple[Path, ...] = (("ecc", "total_uncorrectable_count"), ("ecc", "total_uncorrectable"))
NAME: tuple[Path, ...] = (("asic", "market_name"), ("board", "product_name"))


def parse(metric: str, static: str = "") -> GpuReading:
    """Read `amd-smi metric --json` and `amd-smi static --json`, each in any of its shapes."""
    known = {_index(row, place): row for place, row in enumerate(_rows(static))}
    rows = [(_index(row, place), row) for place, row in enumerate(_rows(metric))]
    gpus = tuple(_gpu(index, row, known.get(index, {})) for index, row in rows)
    drivers = (_text(row, (("driver", "version"),)) for row in known.values())
    return GpuReading(gpus, next((driver for driver in drivers if driver), None))


class AmdSmi:
    """Reads every AMD card by running amd-smi.

    Args:
        run: Runs it; by default on this machine.
    """

    name = "amd-smi"

    def __init__(self, run: Run = run_here) -> None:
        self._run = run
        self._static: str | None = None

    def read(self) -> GpuReading:
        """Read every card now.

        Raises:
            GpuAbsent: There is no amd-smi, or it has no card to tell of.
        """
        code, text = self._run(("amd-smi", "metric", "--json"))
        if code in (126, 127):
            raise GpuAbsent(_("There is no amd-smi here"), bare=True)
        if self._static is None and not code:
            unknown, static = self._run(("amd-smi", "static", "--json"))
            self._static = "" if unknown else static
        reading = parse(text, self._static or "")
        if not reading.gpus:
            said = " ".join(text.split())[:120] if code else ""
            raise GpuAbsent(_("amd-smi shows no GPU{said}").format(said=f" ({said})" if said else ""))
        return reading


def _gpu(index: int, row: Row, static: Row) -> Gpu:
    utilization, fan = _number(row, UTILIZATION), _number(row, FAN)
    total = _bytes(row, TOTAL)
    return Gpu(
        index,
        _text(static, NAME),
        _text(static, (("uuid",),)) or _text(row, (("uuid",),)),
        None if utilization is None else share(utilization),
        _bytes(row, USED),
        _bytes(static, TOTAL) if total is None else total,
        temperature=_number(row, TEMPERATURE),
        power=_number(row, POWER),
        power_limit=_number(static, POWER_LIMIT),
        clock=_whole(row, CLOCK),
        clock_memory=_whole(row, CLOCK_MEMORY),
        fan=None if fan is None else share(fan),
        ecc_errors=_whole(row, ECC),
        throttle=_throttle(row),
    )


def _rows(text: str) -> list[Row]:
    """Find the list of cards: the document itself, or a list in it; warnings may stand before it."""
    starts = [place for place in (text.find("["), text.find("{")) if place >= 0]
    try:
        document = json.JSONDecoder().raw_decode(text, min(starts))[0] if starts else []
    except (ValueError, RecursionError):
        return []
    if isinstance(document, dict):
        lists = [value for value in (document.get("gpu_data"), *document.values()) if isinstance(value, list)]
        document = lists[0] if lists else [document] if "gpu" in document else []
    return [row for row in document if isinstance(row, dict)]


def _index(row: Row, place: int) -> int:
    found = row.get("gpu")
    return found if isinstance(found, int) and not isinstance(found, bool) else place


def _found(row: Row, paths: tuple[Path, ...]) -> list[Any]:
    """Give what stands at these paths, in order; a path that leads nowhere gives nothing."""
    found = []
    for path in paths:
        value: Any = row
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            found.append(value)
    return found


def _measured(value: Any) -> tuple[float, str] | None:
    """Read `{"value": 43, "unit": "W"}`, 43 or "43 W"; N/A and the like are None."""
    unit = ""
    if isinstance(value, dict):
        unit, value = str(value.get("unit", "")), value.get("value")
    if isinstance(value, str) and (found := _LEADING.match(value.strip())):
        unit, value = value.strip()[found.end() :].strip() or unit, float(found[0])
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 1e15 or math.isnan(value):
        return None
    return float(value), unit


def _number(row: Row, paths: tuple[Path, ...]) -> float | None:
    measured = (_measured(value) for value in _found(row, paths))
    return next((one[0] for one in measured if one), None)


def _whole(row: Row, paths: tuple[Path, ...]) -> int | None:
    number = _number(row, paths)
    return None if number is None else int(number)


def _bytes(row: Row, paths: tuple[Path, ...]) -> int | None:
    measured = (_measured(value) for value in _found(row, paths))
    return next((int(one[0] * _UNITS.get(one[1].upper(), 1 << 20)) for one in measured if one), None)


def _text(row: Row, paths: tuple[Path, ...]) -> str | None:
    texts = (value.strip() for value in _found(row, paths) if isinstance(value, str))
    return next((text for text in texts if text and text.upper() != "N/A"), None)


def _throttle(row: Row) -> tuple[str, ...] | None:
    for value in _found(row, (("power", "throttle_status"),)):
        if isinstance(value, str | bool):
            return _THROTTLE.get(value.upper() if isinstance(value, str) else value)
    return None
