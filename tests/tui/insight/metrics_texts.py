"""Recorded and made-up texts of /metrics, and a slow reading of them that shares nothing with the real one."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
RECORDINGS = ("metrics-idle.txt", "metrics-busy.txt", "metrics-embedding.txt")
Samples = dict[str, float]


def recording(name: str) -> str:
    return (DATA / name).read_text()


def busier(text: str, by: Callable[[str, float], float]) -> str:
    """Change the value of every sample of vLLM's."""
    lines = [line.rpartition(" ") for line in text.splitlines()]
    return "".join(
        f"{series} {by(series, float(value))}\n" if series.startswith("vllm:") else f"{series}{space}{value}\n"
        for series, space, value in lines
    )


def line(name: str, value: object, engine: str | None = "0", **labels: str) -> str:
    """Write one sample."""
    engines = {} if engine is None else {"engine": engine}
    pairs = ",".join(f'{key}="{said}"' for key, said in {**engines, **labels, "model_name": "m"}.items())
    return f"vllm:{name}{{{pairs}}} {value}\n"


def histogram(name: str, counts: dict[str, int], engine: str | None = "0") -> str:
    """Write the buckets of a histogram; the counts are up to each bound."""
    return "".join(line(f"{name}_bucket", count, engine, le=bound) for bound, count in counts.items())


def slow(text: str, name: str) -> Samples:
    """Give the samples of one metric by their bound, reason or engine."""
    samples: Samples = {}
    for row in text.splitlines():
        if row.split("{")[0] == f"vllm:{name}":
            inside, value = row.split("{")[1].split("} ")
            labels = dict(part.split("=") for part in inside.replace('"', "").split(","))
            samples[labels.get("le", labels.get("finished_reason", ""))] = float(value)
    return samples


def slow_quantile(share: float, earlier: Samples, later: Samples) -> float:
    """Find by halving the point below which this share of the observations between two readings lies."""
    bounds = sorted((float(bound), later[bound] - earlier[bound]) for bound in later)
    total = bounds[-1][1]
    points = [(0.0, 0.0), *((bound, count) for bound, count in bounds if not math.isinf(bound))]

    def up_to(point: float) -> float:
        for (low, under), (high, over) in pairwise(points):
            if low <= point <= high:
                return under + (over - under) * (point - low) / (high - low)
        raise AssertionError(point)

    low, high = 0.0, points[-1][0]
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if up_to(middle) >= share * total else (middle, high)
    return high
