"""Will it fit? The model, the settings and the card -> how the memory is divided, and whether vLLM starts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from profiles.fit import overhead, pages, versions, weights
from profiles.fit.pages import Pool
from profiles.fit.plan import Plan, plan
from profiles.fit.records import GIB, Card, Fit, Model, Settings, Why
from profiles.fit.uncertain import uncertainty

CPU_WORKER_GIB = 0.52
"""Resident memory of a CPU worker beside its weights, which are resident twice: as tensors, and as pages of their file (0.32.0)."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One pipeline rank's memory, GiB."""

    weights: float
    non_torch: float
    activation: float
    graphs: float
    pool: Pool | None

    def taken(self, in_budget: bool) -> float:
        """Give what comes off the budget before the cache."""
        return self.weights + self.non_torch + self.activation + (self.graphs if in_budget else 0.0)


def estimate(model: Model, settings: Settings, card: Card, correction: float = 0.0) -> Fit:
    """Reckon one launch; never raises, what cannot be known is None and `why` says so.

    Args:
        model: From `config.model`, better with `measured_gib` from the weight files.
        settings: As they will be given to vLLM.
        card: The smallest of the GPUs; for the CPU back end the machine's RAM.
        correction: GiB to add to the overhead, learned from an earlier boot.
    """
    model = weights.fitted(model, weights.stored(model, settings))
    decided = plan(model, settings, card)
    if not model.blocks:
        return Fit(why=Why.NO_LAYERS, length=decided.length, total_gib=card.total_gib, guessed=decided.guessed)
    ranks = _ranks(model, settings, decided, correction)
    fit = _known(model, settings, card, decided, ranks)
    if model.heads and model.heads % decided.tensor:
        return _refused(fit, Why.INDIVISIBLE, heads=model.heads, tensor=decided.tensor)
    if weights.unknown(model, settings):
        return replace(fit, weights_gib=None, why=Why.NO_WEIGHTS)
    if fit.budget_gib is None and settings.kv_bytes is None:
        return replace(fit, why=Why.NO_TOTAL)
    divided = _judged(_divided(fit, settings, decided, ranks), settings, decided, ranks)
    if divided.longest is None or not model.longest:
        return divided
    return replace(divided, longest=min(divided.longest, model.longest))


def _ranks(model: Model, settings: Settings, decided: Plan, correction: float) -> list[Rank]:
    """Give each pipeline rank's memory."""
    sizes = weights.weights(model, settings, decided)
    found = pages.pools(model.blocks, settings, decided)
    outside = max(0.0, overhead.non_torch(model, settings, decided) + correction) if not settings.cpu else 0.0
    graphs = overhead.graphs(model, settings, decided)
    ranks = []
    for index, size in enumerate(sizes):
        peak = overhead.activation(model, settings, decided, index == len(sizes) - 1)
        pool = found[min(index, len(found) - 1)] if found else None
        ranks.append(Rank(size, outside, peak, graphs, pool))
    return ranks


def _known(model: Model, settings: Settings, card: Card, decided: Plan, ranks: list[Rank]) -> Fit:
    """Give what can be said without the card; the rank shown is the one with the most taken."""
    worst = max(ranks, key=lambda rank: rank.taken(decided.graphs_in_budget))
    total = card.total_gib
    rates = [rank.pool.bytes_per_token for rank in ranks if rank.pool and rank.pool.bytes_per_token]
    return Fit(
        total_gib=total,
        budget_gib=None if total is None else decided.utilization * total,
        others_gib=None if total is None or card.free_gib is None else max(0.0, total - card.free_gib),
        weights_gib=worst.weights,
        non_torch_gib=worst.non_torch,
        activation_gib=worst.activation,
        graphs_gib=worst.graphs,
        graphs_in_budget=decided.graphs_in_budget,
        kv_bytes_per_token=max(rates, default=None),
        length=decided.length,
        uncertainty_gib=uncertainty(model, settings, decided, worst.weights),
        hybrid=any(rank.pool.hybrid for rank in ranks if rank.pool),
        guessed=decided.guessed,
    )


def _divided(fit: Fit, settings: Settings, decided: Plan, ranks: list[Rank]) -> Fit:
    """Give the cache and what it holds: the rank with the fewest blocks decides for all."""
    left, count, worst = math.inf, math.inf, ranks[0]
    for rank in ranks:
        room = _room(fit, settings, rank, decided)
        blocks = settings.blocks_override or (
            max(0, int(room * GIB)) // max(1, rank.pool.block_bytes) if rank.pool else 0
        )
        if blocks < count or (blocks == count and room < left):
            left, count, worst = room, blocks, rank
    fit = replace(
        fit,
        kv_gib=max(0.0, left),
        weights_gib=worst.weights,
        activation_gib=worst.activation,
        numbers={"kv_gib": left},
    )
    if worst.pool is None:
        return fit
    one = pages.needed(worst.pool, decided.length, settings, decided)
    blocks, held = int(count), _held(decided)
    return replace(
        fit,
        kv_needed_gib=(one + held) * worst.pool.block_bytes / GIB,
        kv_tokens=pages.printed_tokens(worst.pool, blocks, settings, decided),
        concurrency=blocks / one,
        longest=pages.longest(worst.pool, blocks - held, settings, decided),
        lowest_utilization=_lowest(fit, settings, decided, ranks),
    )


def _held(decided: Plan) -> int:
    """Give the blocks that no request gets."""
    return 1 if decided.version >= versions.NULL_BLOCK else 0


def _room(fit: Fit, settings: Settings, rank: Rank, decided: Plan) -> float:
    """Give the GiB left for the cache on a rank; below zero when there is none."""
    if settings.kv_bytes is not None:
        return settings.kv_bytes / GIB
    if settings.cpu:
        return (fit.budget_gib or 0.0) - (settings.consumed_gib or 2 * rank.weights + CPU_WORKER_GIB)
    return (fit.budget_gib or 0.0) - rank.taken(decided.graphs_in_budget)


def _lowest(fit: Fit, settings: Settings, decided: Plan, ranks: list[Rank]) -> float | None:
    """Give the lowest utilization, in hundredths, that still serves one request of the length; None when none does."""
    if not fit.total_gib or settings.kv_bytes is not None:
        return None
    wanted = 0.0
    for rank in ranks:
        if rank.pool is None:
            return None
        blocks = pages.needed(rank.pool, decided.length, settings, decided) + _held(decided)
        one = blocks * rank.pool.block_bytes / GIB
        wanted = max(wanted, rank.taken(decided.graphs_in_budget) + one)
    lowest = math.ceil(100 * wanted / fit.total_gib) / 100
    most = 1.0 if fit.others_gib is None else 1.0 - fit.others_gib / fit.total_gib
    return lowest if lowest <= most else None


def _judged(fit: Fit, settings: Settings, decided: Plan, ranks: list[Rank]) -> Fit:
    """Say whether it starts, in the order in which vLLM refuses."""
    total, budget, room = fit.total_gib, fit.budget_gib, fit.numbers.get("kv_gib", 0.0)
    free = None if total is None or fit.others_gib is None else total - fit.others_gib
    if free is not None and budget is not None and settings.kv_bytes is None and free < budget:
        return _refused(fit, Why.NOT_FREE, free_gib=free, wanted_gib=budget)
    most = free if free is not None else total
    if most is not None and (fit.weights_gib or 0.0) > most and not settings.cpu:
        return _refused(fit, Why.WEIGHTS, weights_gib=fit.weights_gib or 0.0, free_gib=most)
    if room <= 0 and any(rank.pool for rank in ranks):
        return _refused(fit, Why.NO_ROOM, wanted_gib=-room, kv_gib=room)
    if fit.kv_needed_gib is not None and fit.longest is not None and fit.longest < decided.length:
        figures = {
            "needed_gib": fit.kv_needed_gib,
            "kv_gib": room,
            "length": float(decided.length),
            "longest": float(fit.longest or 0),
        }
        return _refused(fit, Why.TOO_LONG, **figures)
    return replace(fit, starts=True, numbers={})


def _refused(fit: Fit, why: Why, **numbers: float) -> Fit:
    return replace(fit, starts=False, why=why, numbers=numbers)
