"""The JSON contract of `llmtui fit --json -`: one object asks, one object answers. No object makes it raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profiles.fit.config import model
from profiles.fit.estimate import estimate
from profiles.fit.records import Card, Fit, Model, Settings
from profiles.fit.values import real, table, whole, word
from profiles.fit.versions import version
from profiles.fit.words import sentence

MOST_RANKS = 4096


def answer(question: object) -> dict[str, Any]:
    """Answer one question in the words of the contract; null where it cannot know."""
    record = table(question)
    facts, settings, card = asked(record)
    return as_record(estimate(facts, settings, card))


def asked(record: Mapping[str, Any]) -> tuple[Model, Settings, Card]:
    """Read the model's facts (`model_facts` or a whole `config`), the settings and the card."""
    facts = model(table(record.get("config")) or table(record.get("model_facts")))
    known = real(record.get("weights_gib"))
    if known:
        facts = replace(facts, measured_gib=(known,))
    total = real(record.get("gpu_total_gib"))
    free = real(record.get("gpu_free_gib"))
    card = Card(total or None, free, word(record.get("gpu")), real(record.get("gpu_capability")))
    return facts, _settings(record), card


def _settings(record: Mapping[str, Any]) -> Settings:
    def size(name: str) -> int:
        return min(max(1, whole(record.get(name)) or 1), MOST_RANKS)

    said = word(record.get("vllm_version"))
    in_budget = record.get("cudagraph_in_budget")
    return Settings(
        version=said if version(said) else word(record.get("version_family")),
        engine=word(record.get("engine")),
        dtype=word(record.get("dtype")) or "auto",
        kv_dtype=word(record.get("kv_cache_dtype")) or "auto",
        quantization=word(record.get("quantization")),
        utilization=real(record.get("gpu_memory_utilization")),
        length=whole(record.get("max_model_len")) or None,
        sequences=whole(record.get("max_num_seqs")) or None,
        batched=whole(record.get("max_num_batched_tokens")) or None,
        block=whole(record.get("block_size")) or None,
        tensor=size("tensor_parallel_size"),
        pipeline=size("pipeline_parallel_size"),
        context=size("decode_context_parallel_size"),
        data=size("data_parallel_size"),
        expert_parallel=record.get("enable_expert_parallel") is True,
        eager=record.get("enforce_eager") is True,
        graphs_in_budget=in_budget if isinstance(in_budget, bool) else None,
        draft_tokens=min(whole(record.get("speculative_tokens")) or 0, 1024),
        kv_bytes=whole(record.get("kv_cache_memory_bytes")) or None,
    )


def as_record(fit: Fit) -> dict[str, Any]:
    """Write an answer in the words of the contract; GiB per GPU."""
    return {
        "starts": fit.starts,
        "weights_gib": _rounded(fit.weights_gib),
        "activation_gib": _rounded(fit.activation_gib),
        "non_torch_gib": _rounded(fit.non_torch_gib),
        "cudagraph_gib": _rounded(fit.graphs_gib),
        "kv_cache_gib": _rounded(fit.kv_gib),
        "kv_bytes_per_token": fit.kv_bytes_per_token,
        "kv_tokens": fit.kv_tokens,
        "max_concurrency": _rounded(fit.concurrency),
        "longest_max_model_len": fit.longest,
        "lowest_utilization": fit.lowest_utilization,
        "uncertainty_gib": fit.uncertainty_gib,
        "why": sentence(fit) or None,
        "hybrid": fit.hybrid,
        "guessed": list(fit.guessed),
        "parts": [{"name": part.name, "gib": _rounded(part.gib)} for part in fit.parts()],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
