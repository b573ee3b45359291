"""What vLLM takes beside weights and cache: the peak of its profile run, memory outside torch, CUDA graphs. GiB.

The profile runs max_num_batched_tokens through the layers, then a sampler over max_num_seqs rows of the vocabulary;
the larger of the two is what is set aside. Coefficients by family in `versions`.
"""

from __future__ import annotations

from profiles.fit.plan import Plan
from profiles.fit.records import GIB, Model, Settings
from profiles.fit.versions import FAMILIES, linked

GRAPH_BASE_GIB = 0.3
GRAPH_GIB = 0.0125
"""For each captured size, of a model of 32 layers and more; 0.7 to 1.05 GiB were printed for 51 sizes, 0.35 for 5."""
V0_GRAPH_GIB = 0.00019
"""For each captured size and layer."""


def activation(model: Model, settings: Settings, plan: Plan, last: bool) -> float:
    """Give the peak of the profile run on a pipeline rank; only the last one samples."""
    tokens, element = plan.batched, plan.element
    states = tokens * model.hidden * element
    inner = 0 if _all_experts(model) else model.inner
    layers = element * tokens * (3 * inner / plan.tensor + 3.5 * model.hidden)
    workspace = _experts(model, settings, plan)
    seen = _seen(model, settings, plan, states)
    rows = min(plan.sequences, tokens) if model.generates and last else 0
    logits = 4.0 * rows * model.vocab
    sampler = (plan.family.sampler + element / 4) * logits + (states if plan.family.workspace_stays else 0)
    if plan.family.workspace_stays:
        return (max(layers, sampler) + workspace + seen) / GIB + 0.02
    return (max(layers + workspace, sampler) + seen) / GIB + 0.02


def _seen(model: Model, settings: Settings, plan: Plan, states: int) -> float:
    """Give the bytes of the encoder cache, as large as one batch of hidden states, that a model of pictures profiles with."""
    if not model.multimodal or settings.language_only or plan.family is FAMILIES[0]:
        return 0.0
    return states + (0 if plan.family is FAMILIES[-1] else 0.1 * GIB)


def non_torch(model: Model, settings: Settings, plan: Plan) -> float:
    """Give the memory outside torch, and what the runner keeps for penalties where it does."""
    family = plan.family
    base = family.alone_gib
    if plan.tensor > 1:
        shared, each = family.linked_gib if linked(plan.capability) else family.ranked_gib
        base = shared + each * plan.tensor
    return base + family.counts * 4.0 * plan.sequences * model.vocab / GIB * bool(model.generates)


def graphs(model: Model, settings: Settings, plan: Plan) -> float:
    """Give what the CUDA graphs take, whether inside the budget or beside it."""
    if settings.eager or settings.cpu:
        return 0.0
    layers = len(model.blocks) / plan.pipeline
    sizes = captured(plan, settings)
    if plan.family is FAMILIES[0]:
        return V0_GRAPH_GIB * layers * sizes
    return min(1.0, layers / 32) * (GRAPH_BASE_GIB + GRAPH_GIB * sizes)


def captured(plan: Plan, settings: Settings) -> int:
    """Count the batch sizes that are captured: 1, 2, 4, then by 8 to 256, then by 16 (before 0.11 by 8 throughout)."""
    most = min(512, 2 * plan.sequences * (1 + settings.draft_tokens))
    small = sum(1 for size in (1, 2, 4) if size <= most)
    if plan.family is FAMILIES[0]:
        return 3 + min(plan.sequences, 256) // 8
    if plan.version < (0, 11, 0):
        return small + most // 8
    return small + min(most, 255) // 8 + max(0, (most - 256) // 16 + 1 if most >= 256 else 0)


def _all_experts(model: Model) -> bool:
    return bool(model.experts) and all(block.experts for block in model.blocks)


def _experts(model: Model, settings: Settings, plan: Plan) -> float:
    """Give the bytes of the experts' workspace: both halves of fused_moe for every token and expert it takes."""
    if not model.experts:
        return 0.0
    inner = model.expert_inner / (1 if settings.expert_parallel else plan.tensor)
    rows = plan.batched * model.experts_per_token
    wide = (
        max(inner, model.hidden) + max(2 * inner, model.hidden)
        if plan.family.workspace_stays
        else 3 * inner + model.hidden
    )
    return rows * wide * plan.element
