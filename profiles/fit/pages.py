"""How vLLM cuts the cache into blocks: layers of one kind share a block table, and every group's pages are of one size."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from profiles.fit import versions
from profiles.fit.plan import Plan
from profiles.fit.records import Block, Cache, Kind, Settings
from profiles.fit.weights import ranks

LONGEST = 1 << 32
SPARSE_BYTES = 656
"""A token of sparse MLA in 8 bits: 512 elements, their 4 scales, and the rotary part in 16 bits (fp8_ds_mla)."""


@dataclass(frozen=True, slots=True)
class Group:
    """Layers that share a block table."""

    kind: Kind
    block: int
    """Tokens of one block."""
    window: int = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """The cache of one pipeline rank."""

    groups: tuple[Group, ...]
    block_bytes: int
    """Of one block over all layers of a group, on one GPU."""
    hybrid: bool
    bytes_per_token: float | None
    """None for hybrids."""


def pools(blocks: tuple[Block, ...], settings: Settings, plan: Plan) -> list[Pool]:
    """Give every pipeline rank's pool; empty for a model that keeps nothing."""
    caches = [cache for block in blocks for cache in block.caches]
    caches += _draft(caches, settings)
    caches = _joined(caches, plan)
    if not caches:
        return []
    counts = ranks(len(blocks), plan.pipeline)
    return [_pool(caches, count / max(1, len(blocks)), settings, plan) for count in counts if count]


def page(cache: Cache, plan: Plan) -> float:
    """Give the bytes of one token in one layer on one GPU; KV heads are copied where there are more ranks than heads."""
    if cache.kind is Kind.MLA:
        if cache.extra_bytes and plan.kv_element == 1:
            return SPARSE_BYTES + cache.extra_bytes
        return cache.width * plan.kv_element + cache.extra_bytes
    return max(1, cache.heads // plan.tensor) * cache.width * plan.kv_element


def state_bytes(cache: Cache, settings: Settings, plan: Plan) -> float:
    """Give the bytes of one request's state in one layer on one GPU."""
    state = cache.state
    if state is None:
        return 0.0
    asked = {"float32": 4, "bfloat16": 2, "float16": 2}.get(settings.state_dtype)
    recurrent = state.recurrent * (asked or state.recurrent_bytes or plan.element)
    length = state.conv_length + (settings.draft_tokens if state.conv_length else 0)
    return (recurrent + state.conv_width * length * plan.element) / plan.tensor


def needed(pool: Pool, length: int, settings: Settings, plan: Plan) -> int:
    """Count the blocks that one request of this length takes."""
    overlapping = plan.version >= versions.TWO_IN_FLIGHT and not settings.cpu
    flight = plan.batched * (plan.pipeline + 1 if overlapping else 1)
    total = 0
    for group in pool.groups:
        if group.kind is Kind.STATE:
            total += 1 + settings.draft_tokens + (1 if plan.states_cached else 0)
        elif group.kind is Kind.SLIDING:
            total += math.ceil(min(group.window - 1 + flight, length) / group.block) + 1
        elif group.kind is Kind.CHUNKED:
            total += math.ceil(min(group.window + flight, length) / group.block)
        elif group.kind is Kind.CROSS:
            total += math.ceil(group.window / group.block)
        else:
            total += math.ceil(math.ceil(length / plan.context) / group.block)
    return max(1, total)


def longest(pool: Pool, count: int, settings: Settings, plan: Plan) -> int:
    """Give the longest request that this many blocks hold; 0 when not even one token fits."""
    if needed(pool, 1, settings, plan) > count:
        return 0
    low, high = 1, LONGEST
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if needed(pool, middle, settings, plan) <= count else (low, middle - 1)
    return low


def printed_tokens(pool: Pool, count: int, settings: Settings, plan: Plan) -> int:
    """Give the size of the cache as this version prints it."""
    if plan.version >= versions.TOKENS_ARE_CONCURRENCY and plan.family is not versions.FAMILIES[0]:
        return int(count / needed(pool, plan.length, settings, plan) * plan.length)
    blocks = [group.block for group in pool.groups if group.kind is not Kind.STATE]
    return count // len(pool.groups) * min(blocks, default=plan.length) * plan.context


def _draft(caches: list[Cache], settings: Settings) -> list[Cache]:
    """Draft layers keep full attention like the model's own."""
    if not settings.draft_tokens:
        return []
    like = next((cache for cache in caches if cache.kind in (Kind.FULL, Kind.MLA)), None)
    count = 1 if settings.draft_layers is None else settings.draft_layers
    return [like] * min(count, 64) if like else []


def _joined(caches: list[Cache], plan: Plan) -> list[Cache]:
    """Take windows as full attention where the version (or a switch) keeps no groups for them, and old MLA as its heads."""
    if plan.version < versions.LATENT_CACHE:
        caches = [Cache(Kind.FULL, one.heads, 512) if one.kind is Kind.MLA else one for one in caches]
    kinds = {cache.kind for cache in caches}
    groups = plan.groups and not (Kind.CHUNKED in kinds and plan.version < versions.CHUNKS_IN_GROUPS)
    if plan.family is versions.FAMILIES[0]:
        caches = [cache for cache in caches if cache.kind is not Kind.STATE]
    if groups or (len(kinds) == 1 and plan.family is not versions.FAMILIES[0]):
        return caches
    local = (Kind.SLIDING, Kind.CHUNKED)
    return [Cache(Kind.FULL, cache.heads, cache.width) if cache.kind in local else cache for cache in caches]


def _pool(caches: list[Cache], share: float, settings: Settings, plan: Plan) -> Pool:
    kinds = Counter((cache.kind, cache.window) for cache in caches)
    if len(kinds) == 1 and caches[0].kind is not Kind.STATE:
        total = sum(page(cache, plan) for cache in caches)
        share = math.ceil(share * len(caches)) / len(caches)
        group = Group(caches[0].kind, plan.block, caches[0].window)
        return Pool((group,), math.ceil(total * share * plan.block), False, total * share / plan.context)
    return _hybrid(caches, kinds, share, settings, plan)


def _hybrid(
    caches: list[Cache], kinds: Counter[tuple[Kind, int]], share: float, settings: Settings, plan: Plan
) -> Pool:
    """vLLM's group rule: groups as large as the rarest kind, every kind filled up to whole groups, pages of one size."""
    block = _aligned(caches, settings, plan)
    sizes = {
        cache: state_bytes(cache, settings, plan) if cache.state else page(cache, plan) * block for cache in set(caches)
    }
    widest = max(sizes.values())
    fewest, most = min(kinds.values()), max(kinds.values())
    size = most if most < 1.5 * fewest else fewest
    groups = []
    for (kind, window), count in kinds.items():
        own = max(sizes[cache] for cache in sizes if (cache.kind, cache.window) == (kind, window))
        tokens = block if kind is Kind.STATE or not own else block * max(1, int(widest // own))
        groups += [Group(kind, tokens, window)] * math.ceil(count / size)
    return Pool(tuple(groups), math.ceil(widest * math.ceil(size * share)), True, None)


def _aligned(caches: list[Cache], settings: Settings, plan: Plan) -> int:
    """Give the block that a state forces: attention's page must not be smaller than the state."""
    largest = max((state_bytes(cache, settings, plan) for cache in caches if cache.state), default=0.0)
    smallest = min((page(cache, plan) for cache in caches if not cache.state), default=0.0)
    if not largest or not smallest:
        return plan.block
    kernel = 128 if any(cache.kind is Kind.MLA for cache in caches) else 16
    return max(plan.block, kernel * math.ceil(largest / (kernel * smallest)))
