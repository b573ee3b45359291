"""The cards that the stub can play, in NVML's own units: milliwatts, per cent, bytes; `!3` is NVML's error 3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Card = Mapping[str, Any]
"""What the whole driver says: `driver`, `cuda`, `init`, `gpu` (a list of cards), `process` (names by process id)."""

GIB = 1 << 30
LISTS = (".compute", ".graphics", ".mps")
"""What is a list of processes, or the error that stands in its place."""
NOT_SUPPORTED, NO_PERMISSION, NOT_LOADED, LOST, MISMATCH = "!3", "!4", "!9", "!15", "!18"


def flat(card: Card) -> Iterator[tuple[str, str]]:
    """Write a card as the stub reads it: `gpu.0.power`, and how long each list is."""
    yield "count", str(card.get("count", len(card.get("gpu", ()))))
    for key, value in card.items():
        if key != "count":
            yield from _flat(key, value)


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    elif isinstance(value, list):
        yield f"{key}.count", str(len(value))
        for place, inner in enumerate(value):
            yield from _flat(f"{key}.{place}", inner)
    else:
        yield key, str(value)
        if key.endswith(LISTS):
            yield f"{key}.count", str(value)


def without(card: Card, place: int, *fields: str, **new: Any) -> Card:
    """Give the same cards, one of them without some fields, or with others."""
    gpus = [dict(gpu) for gpu in card["gpu"]]
    gpus[place] = {key: value for key, value in gpus[place].items() if key not in fields} | new
    return {**card, "gpu": gpus}


FIRST = {
    "name": "NVIDIA GeForce RTX 4090",
    "uuid": "GPU-11111111-aaaa-bbbb-cccc-000000000001",
    "utilization": 87,
    "memory_total": 24 * GIB,
    "memory_used": 21 * GIB,
    "memory_used_v1": 21 * GIB + 400_000_000,
    "temperature": 71,
    "power": 342_500,
    "power_limit": 450_000,
    "clock": 2520,
    "clock_memory": 10501,
    "clock_graphics": 1,
    "fan": 62,
    "ecc": NOT_SUPPORTED,
    "throttle": 0x4,
    "mig_mode": NOT_SUPPORTED,
    "compute": [{"pid": 4321, "memory": 20 * GIB}],
    "graphics": [{"pid": 900, "memory": GIB // 2}, {"pid": 4321, "memory": 20 * GIB}],
    "mps": NOT_SUPPORTED,
}
SECOND = {
    "name": "NVIDIA RTX 6000 Ada Generation",
    "uuid": "GPU-22222222-aaaa-bbbb-cccc-000000000002",
    "utilization": 0,
    "memory_total": 48 * GIB,
    "memory_used": 3_145_728,
    "memory_used_v1": 500_000_000,
    "temperature": 34,
    "power": 18_123,
    "power_limit": 300_000,
    "clock": 210,
    "clock_memory": 405,
    "clock_graphics": 1,
    "fan": 0,
    "ecc": 2,
    "throttle": 0x1,
    "mig_mode": 0,
    "compute": [],
    "graphics": [],
    "mps": [],
}
DESKTOP: Card = {
    "driver": "570.124.06",
    "cuda": 12080,
    "gpu": [FIRST, SECOND],
    "process": {"4321": "VLLM::EngineCore", "900": "/usr/lib/xorg/Xorg"},
}
WSL2: Card = {
    "driver": "576.02",
    "cuda": 12090,
    "gpu": [
        {
            "name": "NVIDIA GeForce RTX 4070 Laptop GPU",
            "uuid": "GPU-33333333-aaaa-bbbb-cccc-000000000003",
            "utilization": 12,
            "memory_total": 8 * GIB,
            "memory_used": 2 * GIB,
            "memory_used_v1": 2 * GIB,
            "temperature": 48,
            "power": 14_000,
            "clock": 1980,
            "clock_memory": 8000,
            "throttle": 0,
            "compute": NOT_SUPPORTED,
            "graphics": NOT_SUPPORTED,
        }
    ],
}
MIG: Card = {
    "driver": "550.90.07",
    "cuda": 12040,
    "gpu": [
        {
            "name": "NVIDIA H100 80GB HBM3",
            "uuid": "GPU-44444444-aaaa-bbbb-cccc-000000000004",
            "memory_total": 80 * GIB,
            "memory_used": 30 * GIB,
            "memory_used_v1": 31 * GIB,
            "temperature": 41,
            "power": 210_000,
            "power_limit": 700_000,
            "clock": 1980,
            "clock_memory": 2619,
            "ecc": 0,
            "throttle": 0,
            "mig_mode": 1,
            "mig_most": 7,
            "compute": NO_PERMISSION,
            "mig": {
                "0": {
                    "name": "NVIDIA H100 80GB HBM3 MIG 3g.40gb",
                    "uuid": "MIG-00000000-aaaa-bbbb-cccc-000000000001",
                    "memory_total": 40 * GIB,
                    "memory_used": 29 * GIB,
                    "memory_used_v1": 29 * GIB,
                    "compute": [{"pid": 77, "memory": 28 * GIB}],
                },
                "2": {
                    "name": "NVIDIA H100 80GB HBM3",
                    "uuid": "MIG-00000000-aaaa-bbbb-cccc-000000000002",
                    "memory_total": 10 * GIB,
                    "memory_used": 1 * GIB,
                    "memory_used_v1": 1 * GIB,
                    "slices": 1,
                    "memory_mib": 9984,
                    "compute": [],
                },
            },
        }
    ],
    "process": {"77": "/opt/venv/bin/python3 -m vllm.entrypoints.openai.api_server"},
}
UNIFIED: Card = {
    "driver": "580.95.05",
    "cuda": 13000,
    "gpu": [
        {
            "name": "NVIDIA GB10",
            "uuid": "GPU-55555555-aaaa-bbbb-cccc-000000000005",
            "utilization": 96,
            "temperature": 66,
            "power": 61_000,
            "clock": 2418,
            "throttle": 0,
            "compute": [{"pid": 5000, "memory": 70 * GIB}],
            "graphics": [],
        }
    ],
    "process": {"5000": "VLLM::EngineCore"},
}
BUSY: Card = {
    **DESKTOP,
    "gpu": [
        {**FIRST, "utilization": "55..99", "power": "290000..440000", "temperature": "64..78"},
        {**SECOND, "utilization": "0..30", "power": "18000..120000", "memory_used": f"{8 * GIB}..{20 * GIB}"},
    ],
}
CARDS: dict[str, Card] = {
    "desktop": DESKTOP,
    "busy": BUSY,
    "wsl2": WSL2,
    "mig": MIG,
    "unified": UNIFIED,
    "lost": without(DESKTOP, 1, all=LOST),
    "eight": {**DESKTOP, "gpu": [{**FIRST, "uuid": f"GPU-0000000{place}"} for place in range(8)]},
    "mismatch": {"init": MISMATCH},
    "not-loaded": {"init": NOT_LOADED},
    "no-permission": {"init": NO_PERMISSION},
    "none": {"driver": "570.124.06", "gpu": []},
    "hang": {**DESKTOP, "gpu": [{**FIRST, "utilization": "hang"}]},
}
"""Every set of cards by name."""
