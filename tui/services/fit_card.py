"""The card that a launch is reckoned for: the smallest of the GPUs that the profile takes, or this machine's RAM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from profiles.fit.records import GIB, Card
from profiles.profile import Profile
from tui.services.gpu import Gpu

MEMORY = Path("/proc/meminfo")


def card_of(gpus: Sequence[Gpu], profile: Profile) -> Card:
    """Give the smallest total and the least free of the GPUs that the profile takes; unknown figures stay None."""
    taken = [gpu for gpu in gpus if takes(profile, gpu)]
    known = [gpu.memory_total / GIB for gpu in taken if gpu.memory_total]
    free = [
        (gpu.memory_total - gpu.memory_used) / GIB for gpu in taken if gpu.memory_total and gpu.memory_used is not None
    ]
    names = [gpu.name for gpu in taken if gpu.name]
    return Card(min(known, default=None), min(free, default=None), names[0] if names else "")


def ram(path: Path = MEMORY) -> Card:
    """Give this machine's memory, blocking: on the CPU back end utilization is a share of it."""
    found: dict[str, float] = {}
    try:
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            name, _, rest = line.partition(":")
            words = rest.split()
            if words and words[0].isdecimal():
                found[name] = int(words[0]) * 1024 / GIB
    except OSError:
        return Card()
    return Card(found.get("MemTotal"), found.get("MemAvailable"), "CPU")


def takes(profile: Profile, gpu: Gpu) -> bool:
    """Say whether a profile is given this GPU: all, or named by its index or UUID."""
    wanted = profile.gpus.strip('"').removeprefix("device=").strip('"')
    if wanted in ("all", "") or (wanted.isdecimal() and "device=" not in profile.gpus):
        return True
    named = {one.strip() for one in wanted.split(",")}
    return str(gpu.index) in named or (gpu.uuid or "") in named
