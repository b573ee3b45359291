"""Reading the text of a vLLM's /metrics."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a server is; None where it does not say."""

    running: int | None = None
    waiting: int | None = None


def load(text: str) -> Load:
    """Read the requests running and waiting, summed over the engines of a data-parallel server."""
    sums: dict[str, float] = {}
    for line in text.splitlines():
        name, brace, rest = line.partition("{")
        if name in _GAUGES and brace:
            try:
                value = float(rest.rpartition("}")[2].split()[0])
            except (ValueError, IndexError):
                continue
            if math.isfinite(value):
                sums[name] = sums.get(name, 0.0) + value
    return Load(*(int(sums[name]) if math.isfinite(sums.get(name, math.nan)) else None for name in _GAUGES))


_GAUGES = ("vllm:num_requests_running", "vllm:num_requests_waiting")
