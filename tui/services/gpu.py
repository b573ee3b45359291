"""What is known of GPUs at one moment; what a card does not report is None, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Protocol

LOST = "lost"
"""The trouble of a card that fell off its bus, or that the driver gave up."""


@dataclass(frozen=True, slots=True)
class GpuProcess:
    """A process that holds memory of a GPU."""

    pid: int | None = None
    """As the machine of the GPU counts it."""
    memory: int | None = None
    """Bytes of the GPU's memory."""
    name: str | None = None
    owner: str | None = None
    """The server or container that it belongs to, by name."""


@dataclass(frozen=True, slots=True)
class MigSlice:
    """A part of a GPU that was cut with MIG."""

    index: int
    profile: str | None = None
    """1g.10gb, 3g.40gb, …"""
    uuid: str | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU at one moment."""

    index: int
    name: str | None = None
    uuid: str | None = None
    utilization: float | None = None
    """0..1"""
    memory_used: int | None = None
    memory_total: int | None = None
    """Bytes."""
    shared: bool = False
    """Its memory is the machine's own RAM, and the numbers above are the RAM's."""
    temperature: float | None = None
    """Degrees Celsius."""
    power: float | None = None
    power_limit: float | None = None
    """Watts."""
    clock: int | None = None
    """MHz of the multiprocessors."""
    clock_memory: int | None = None
    """MHz of the memory."""
    fan: float | None = None
    """0..1"""
    ecc_errors: int | None = None
    """Uncorrected memory errors since the driver was loaded."""
    throttle: tuple[str, ...] | None = None
    """What holds its clocks down now: SW power cap, HW thermal slowdown, …; empty when nothing does."""
    mig: tuple[MigSlice, ...] = ()
    processes: tuple[GpuProcess, ...] | None = None
    """None when they are not told, as on WSL2."""
    trouble: str | None = None
    """`lost`, or None."""


@dataclass(frozen=True, slots=True)
class GpuHistory:
    """The last readings of one GPU, oldest first, both 0..1."""

    utilization: tuple[float | None, ...] = ()
    memory: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class GpuReading:
    """What one source says at one moment."""

    gpus: tuple[Gpu, ...]
    driver: str | None = None
    """The driver's version."""
    cuda: str | None = None
    """The newest CUDA that the driver can do: `12.8`."""


@dataclass(frozen=True, slots=True)
class GpuView:
    """The GPUs of a host at one moment; every reading makes a new one."""

    gpus: tuple[Gpu, ...] = ()
    source: str = ""
    """NVML, nvidia-smi or amd-smi; empty while none of them says anything."""
    driver: str | None = None
    cuda: str | None = None
    trouble: str | None = None
    """Why there is nothing to show, in one line."""
    history: Mapping[int, GpuHistory] = field(default_factory=dict)
    """The last minute of each GPU, by its index."""
    at: float = 0.0
    """Seconds since the epoch."""
    bare: bool = False
    """Nothing is wrong: this is just a machine without such a driver or tool."""


class GpuAbsent(Exception):  # noqa: N818  (no failure: most machines have no such GPU)
    """A source has no GPU to tell of.

    Args:
        sentence: Why, one plain sentence without a full stop.
        mend: What to do about it, one plain sentence; empty where nothing is wrong.
        bare: Nothing is wrong, there is just no such driver or tool here.
    """

    def __init__(self, sentence: str, mend: str = "", *, bare: bool = False) -> None:
        super().__init__(sentence, mend)
        self.sentence = sentence
        self.mend = mend
        self.bare = bare

    def __str__(self) -> str:
        mend = self.mend.rstrip(".。")
        return _("{sentence}. {mend}").format(sentence=self.sentence, mend=mend) if mend else self.sentence


class GpuSource(Protocol):
    """Something that GPUs can be read from; it is read by one thread at a time, and may block."""

    @property
    def name(self) -> str:
        """How it is called in front of people: NVML, nvidia-smi, amd-smi."""
        ...

    def read(self) -> GpuReading:
        """Read every GPU now; raise `GpuAbsent` when there is none to read."""
        ...
