"""The ways out of memory that does not suffice, each with the right number."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tui.insight.causes.facts import Facts
from tui.insight.causes.records import Fix

Values = Mapping[str, str]
Fixes = tuple[Fix, ...]

RESERVE_GIB = 0.3
"""Left free beside what vLLM takes, for who else draws on the card."""
STEP = 0.05
"""By which the share of the card goes down or up."""
BLOCK = 16
"""Tokens of a block of the KV cache."""
_SMALLER = ("quantized-model", "smaller-model")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _share(facts: Facts) -> float:
    """Give the share of the card that was asked for; the default rose to 0.92 in 0.2x."""
    return _float(facts.given("gpu_memory_utilization")) or (0.92 if facts.version >= (0, 20) else 0.9)


def _lower(facts: Facts) -> float:
    return max(0.1, round(_share(facts) - STEP, 2))


def taken(values: Values, _facts: Facts) -> Fixes:
    """The share that is free now, rounded down, or stop the others."""
    free, total = _float(values.get("free", "")), _float(values.get("total", ""))
    share = math.floor((free - RESERVE_GIB) / total * 100) / 100 if total else 0.0
    if share < 0.1:
        return (Fix(advice=("free-gpu-memory",)),)
    return (Fix(set={"gpu-memory-utilization": share}, advice=("free-gpu-memory",)),)


def no_room(values: Values, facts: Facts) -> Fixes:
    """More of the card, else a smaller model."""
    share = _share(facts)
    smaller = Fix(advice=_SMALLER)
    eager = Fix(set={"enforce-eager": True})
    if share >= 0.95:
        return (Fix(set={"enforce-eager": True}, advice=_SMALLER), smaller)
    return (Fix(set={"gpu-memory-utilization": 0.95}, advice=_SMALLER), eager, smaller)


def too_long(values: Values, facts: Facts) -> Fixes:
    """The context that fits."""
    fits = int(values.get("fits") or 0)
    fits = fits if "estimated maximum" in values.get("said", "") else fits // BLOCK * BLOCK
    more = Fix(set={"gpu-memory-utilization": round(min(0.97, _share(facts) + STEP), 2)})
    half = Fix(set={"kv-cache-dtype": "fp8"})
    return (Fix(set={"max-model-len": fits}), more, half) if fits >= BLOCK else (more, half, Fix(advice=_SMALLER))


def weights(_values: Values, facts: Facts) -> Fixes:
    """A smaller model, or more cards."""
    return (
        Fix(advice=_SMALLER),
        Fix(set={"tensor-parallel-size": 2 * (facts.number("tensor_parallel_size") or 1)}),
        Fix(set={"cpu-offload-gb": 8}),
    )


def profile(_values: Values, facts: Facts) -> Fixes:
    """A smaller batch."""
    given = facts.number("max_num_batched_tokens")
    batch = max(512, given // 2) if given else 2048
    seqs = max(1, (facts.number("max_num_seqs") or 256) // 4)
    return (
        Fix(set={"max-num-batched-tokens": batch, "max-num-seqs": seqs}, advice=_SMALLER),
        Fix(set={"gpu-memory-utilization": _lower(facts)}),
    )


def sampler(values: Values, facts: Facts) -> Fixes:
    """Fewer requests at once."""
    seqs = int(values.get("seqs") or facts.number("max_num_seqs") or 256)
    return (Fix(set={"max-num-seqs": max(1, seqs // 4)}), Fix(set={"gpu-memory-utilization": _lower(facts)}))


def graphs(_values: Values, facts: Facts) -> Fixes:
    """Less for the cache, more for the graphs; or no graphs."""
    return (Fix(set={"gpu-memory-utilization": _lower(facts)}), Fix(set={"enforce-eager": True}))


def request(_values: Values, facts: Facts) -> Fixes:
    """Less for the cache, more for what a request needs; or fewer requests."""
    seqs = max(1, (facts.number("max_num_seqs") or 256) // 4)
    return (
        Fix(set={"gpu-memory-utilization": _lower(facts)}, advice=("restart-container",)),
        Fix(set={"max-num-seqs": seqs}),
    )


def pinned(_values: Values, facts: Facts) -> Fixes:
    """Without what needs pinned memory."""
    flag = next(
        (name for name in ("cpu_offload_gb", "kv_offloading_size", "swap_space") if facts.given(name)), "cpu_offload_gb"
    )
    return (Fix(unset=(flag.replace("_", "-"),), advice=_SMALLER), Fix(env={"VLLM_WSL2_ENABLE_PIN_MEMORY": "1"}))
