"""On a machine with a real NVIDIA card: NVML and nvidia-smi must say the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from tui.services.gpu import Gpu, GpuAbsent, GpuReading
from tui.services.gpu_nvml import Nvml
from tui.services.gpu_smi import NvidiaSmi

pytestmark = pytest.mark.gpu

EXACT = ("index", "name", "uuid", "memory_total", "power_limit", "ecc_errors", "trouble", "shared")
NEAR = {
    "utilization": 0.5,
    "temperature": 5.0,
    "power": 100.0,
    "clock": 2000,
    "clock_memory": 10_000,
    "fan": 0.2,
    "memory_used": 1 << 30,
}
"""How far two readings, a moment apart, may lie from each other."""


@pytest.fixture(scope="module")
def readings() -> tuple[GpuReading, GpuReading]:
    if shutil.which("nvidia-smi") is None:
        pytest.skip("there is no nvidia-smi, so no NVIDIA driver")
    try:
        return Nvml().read(), NvidiaSmi().read()
    except GpuAbsent as absent:
        pytest.skip(f"no NVIDIA card answers: {absent}")


def test_both_see_the_same_cards_and_driver(readings: tuple[GpuReading, GpuReading]) -> None:
    nvml, smi = readings
    assert (len(nvml.gpus), nvml.driver, nvml.cuda) == (len(smi.gpus), smi.driver, smi.cuda)


def test_every_field_says_the_same(readings: tuple[GpuReading, GpuReading]) -> None:
    for ours, theirs in zip(readings[0].gpus, readings[1].gpus, strict=True):
        for field in EXACT:
            assert _rounded(ours, field) == _rounded(theirs, field), field
        for field, most in NEAR.items():
            one, other = getattr(ours, field), getattr(theirs, field)
            assert (one is None) == (other is None), field
            assert one is None or abs(one - other) <= most, field
        assert (ours.throttle is None) == (theirs.throttle is None)


def test_processes_are_the_same(readings: tuple[GpuReading, GpuReading]) -> None:
    for ours, theirs in zip(readings[0].gpus, readings[1].gpus, strict=True):
        assert (ours.processes is None) == (theirs.processes is None)
        assert {process.pid for process in theirs.processes or ()} <= {process.pid for process in ours.processes or ()}


def _rounded(gpu: Gpu, field: str) -> object:
    """Round as nvidia-smi writes: memory in MiB, watts in hundredths."""
    roundings: dict[str, Callable[[float], float]] = {
        "memory_total": lambda value: value // (1 << 20),
        "power_limit": lambda value: round(value, 2),
    }
    value = getattr(gpu, field)
    return roundings[field](value) if field in roundings and value is not None else value
