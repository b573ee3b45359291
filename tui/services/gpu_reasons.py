"""Why a source has no GPU to tell of, in plain words, and what the numbers of NVIDIA and AMD mean."""

from __future__ import annotations

import re
from gettext import gettext as _

from tui.services.gpu import GpuAbsent

PERMISSION, NOT_LOADED, NO_LIBRARY, IS_LOST, MISMATCH = 4, 9, 12, 15, 18
"""NVML's error numbers, which are nvidia-smi's exit codes as well."""

REASONS = {
    PERMISSION: (
        _("This user may not talk to the NVIDIA driver"),
        _("Ask for access to /dev/nvidiactl and /dev/nvidia0."),
    ),
    NOT_LOADED: (_("The NVIDIA driver is not loaded"), _("Restart the machine, or run: modprobe nvidia")),
    IS_LOST: (_("The NVIDIA driver has lost a GPU"), _("Restart the machine; dmesg tells why (Xid).")),
    MISMATCH: (
        _("The NVIDIA driver was updated while the old one still runs"),
        _("Restart the machine to load the new one."),
    ),
}
"""What the numbers mean to a person, and what to do."""

THROTTLES = (
    (0x04, "SW power cap"),
    (0x08, "HW slowdown"),
    (0x20, "SW thermal slowdown"),
    (0x40, "HW thermal slowdown"),
    (0x80, "HW power brake"),
    (0x200, "board limit"),
    (0x400, "reliability"),
)
"""NVIDIA's reasons to hold the clocks down; idling and clocks that somebody has set are none."""

_PATH = re.compile(r"[/\\]")
_OPTIONS = re.compile(r"\s+-")
_MEMINFO = re.compile(r"^(MemTotal|MemAvailable):\s+(\d+) kB", re.MULTILINE)


def absent(code: int, detail: str = "") -> GpuAbsent:
    """Say in plain words why NVIDIA's driver tells nothing.

    Args:
        code: NVML's error number, or nvidia-smi's exit code.
        detail: What NVIDIA itself says, for the codes that are not known.
    """
    if code == NO_LIBRARY:
        return GpuAbsent(_("There is no NVIDIA driver here"), bare=True)
    if code in REASONS:
        return GpuAbsent(*REASONS[code])
    said = " ".join(detail.split())[:120] or str(code)
    return GpuAbsent(_("The NVIDIA driver gives no answer ({said})").format(said=said), _("Run nvidia-smi to see why."))


def share(percent: float) -> float:
    """Turn per cent into 0..1; a fan may report more than 100."""
    return max(0.0, min(1.0, percent / 100))


def throttles(bits: int) -> tuple[str, ...]:
    """Name what holds the clocks down."""
    return tuple(name for bit, name in THROTTLES if bits & bit)


def short_name(command: str) -> str | None:
    """Shorten a process's path or command line to its program: `/usr/bin/python3 -m x` is python3."""
    return _PATH.split(_OPTIONS.split(command.strip())[0])[-1] or None


def system_memory(meminfo: str) -> tuple[int, int] | None:
    """Read (used, total) bytes of RAM from the text of /proc/meminfo."""
    found = {name: int(size) * 1024 for name, size in _MEMINFO.findall(meminfo)}
    if len(found) < 2:
        return None
    return max(0, found["MemTotal"] - found["MemAvailable"]), found["MemTotal"]
