"""Filling in what the settings leave to vLLM: its defaults by version and card."""

from __future__ import annotations

from dataclasses import dataclass

from profiles.fit import versions
from profiles.fit.records import Card, Model, Settings
from profiles.fit.versions import Family

ELEMENT = {"float32": 4, "float": 4, "bfloat16": 2, "float16": 2, "half": 2, "float64": 8}
KV_ELEMENT = {**ELEMENT, "int8": 1, "nvfp4": 0.5625}


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings as vLLM will take them."""

    version: tuple[int, int, int]
    family: Family
    capability: float | None
    element: int
    """Bytes of a weight and an activation."""
    kv_element: float
    """Bytes of one cached number."""
    utilization: float
    length: int
    sequences: int
    batched: int
    block: int
    tensor: int
    pipeline: int
    context: int
    groups: bool
    """Windows and states have groups of their own."""
    graphs_in_budget: bool
    states_cached: bool
    guessed: tuple[str, ...]


def plan(model: Model, settings: Settings, card: Card) -> Plan:
    """Give vLLM's own values for everything left open; `guessed` names those that rest on no fact."""
    known = versions.version(settings.version)
    at = known or versions.NEWEST
    row = versions.family(at, settings.engine)
    able = card.capability if card.capability is not None else versions.capability(card.name)
    length = settings.length or model.longest or 4096
    old = row is versions.FAMILIES[0]
    sequences = max(1, settings.sequences or _sequences(card, old))
    element = _element(model, settings)
    guessed = [*model.guessed]
    guessed += [] if known else ["version"]
    guessed += [] if settings.length or model.longest else ["max_model_len"]
    in_budget = settings.graphs_in_budget
    return Plan(
        version=at,
        family=row,
        capability=able,
        element=element,
        kv_element=_kv_element(model, settings, element, at),
        utilization=_utilization(settings, at),
        length=max(1, length),
        sequences=sequences,
        batched=settings.batched or _batched(settings, card, old, length, sequences),
        block=settings.block or (128 if settings.cpu else 16),
        tensor=max(1, settings.tensor),
        pipeline=max(1, settings.pipeline),
        context=max(1, settings.context),
        groups=not old and at >= versions.HYBRID_CACHE and not settings.hybrid_off,
        graphs_in_budget=(at >= versions.GRAPHS_IN_BUDGET if in_budget is None else in_budget) and not settings.eager,
        states_cached=at >= versions.STATES_CACHED if settings.prefix_caching is None else settings.prefix_caching,
        guessed=tuple(dict.fromkeys(guessed)),
    )


def _utilization(settings: Settings, at: tuple[int, int, int]) -> float:
    if settings.utilization is not None:
        return settings.utilization
    return 0.92 if at >= versions.UTILIZATION_092 else 0.9


def _element(model: Model, settings: Settings) -> int:
    asked = settings.dtype.removeprefix("torch.")
    if asked in ELEMENT:
        return ELEMENT[asked]
    return 2 if model.dtype in ("float32", "float", "") else ELEMENT.get(model.dtype, 2)  # auto never loads in 32 bits


def _kv_element(model: Model, settings: Settings, element: int, at: tuple[int, int, int]) -> float:
    asked = settings.kv_dtype
    if asked in KV_ELEMENT:
        return KV_ELEMENT[asked]
    if asked.startswith(("fp8", "int8", "nvfp4")):
        return 0.5625 if asked.startswith("nvfp4") else 1
    return 1 if model.cache_fp8 and at >= versions.CHECKPOINT_CACHE else element


def _large(card: Card) -> bool:
    """Say whether vLLM takes its larger defaults: 70 GiB and more, and no A100 (vllm#17885)."""
    return (card.total_gib or 0) >= 70 and "a100" not in card.name.lower()


def _sequences(card: Card, old: bool) -> int:
    return 1024 if _large(card) and not old else 256


def _batched(settings: Settings, card: Card, old: bool, length: int, sequences: int) -> int:
    if (old and not settings.chunked and length <= 32768) or settings.chunked is False:
        return max(length, 2048)
    usual = 16384 if (card.total_gib or 0) >= 160 else 8192 if _large(card) else 2048
    return max(1, min(usual, sequences * length))
