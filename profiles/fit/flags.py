"""A profile's flags and variables -> the settings that move memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profiles.fit import versions
from profiles.fit.records import GIB, Settings
from profiles.fit.values import real, table, whole, word
from profiles.profile import Profile
from profiles.sizes import token_count

OFF = ("0", "false", "no", "off")
NO_LAYERS = ("ngram", "suffix", "[ngram]", "ngram_gpu")
"""Ways of drafting that need no layers."""
NO_GRAPHS = ("none", "0")


def settings(profile: Profile, version: str = "", environ: Mapping[str, str] | None = None) -> Settings:
    """Read a profile's settings.

    Args:
        profile: As it would be launched.
        version: vLLM's version where it is known better than by the image's tag.
        environ: The image's own variables, which count where the profile says nothing else.
    """
    env = {**(environ or {}), **dict(profile.env)}
    tag = profile.image.rpartition("/")[2].partition(":")[2]
    draft = _object(profile, "speculative-config")
    adapters = switch(profile, "enable-lora") is True
    return replace(
        _divided(profile),
        version=version or (tag if versions.version(tag) else ""),
        dtype=profile.flag("dtype") or "auto",
        kv_dtype=profile.flag("kv-cache-dtype") or "auto",
        quantization=profile.flag("quantization") or "",
        utilization=real(profile.flag("gpu-memory-utilization")),
        length=_count(profile, "max-model-len"),
        sequences=_count(profile, "max-num-seqs"),
        batched=_count(profile, "max-num-batched-tokens"),
        eager=switch(profile, "enforce-eager") is True or _graphless(profile),
        graphs_in_budget=False if env.get("VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS") == "0" else None,
        chunked=switch(profile, "enable-chunked-prefill"),
        draft_tokens=min(whole(draft.get("num_speculative_tokens")) or 0, 1024),
        draft_layers=0 if word(draft.get("method")) in NO_LAYERS else None,
        kv_bytes=_cache(profile, env),
        offload_gib=real(profile.flag("cpu-offload-gb")) or 0.0,
        lora_count=(_count(profile, "max-loras") or 1) if adapters else 0,
        lora_rank=(_count(profile, "max-lora-rank") or 16) if adapters else 0,
        language_only=switch(profile, "language-model-only") is True or _nothing_seen(profile),
        cpu=profile.gpus == "none",
    )


def _divided(profile: Profile) -> Settings:
    """Read how the model is divided among the cards, and how the cache is cut."""
    return Settings(
        block=_count(profile, "block-size"),
        tensor=_ranks(profile, "tensor-parallel-size"),
        pipeline=_ranks(profile, "pipeline-parallel-size"),
        context=_ranks(profile, "decode-context-parallel-size"),
        data=_ranks(profile, "data-parallel-size"),
        expert_parallel=switch(profile, "enable-expert-parallel") is True,
        prefix_caching=switch(profile, "enable-prefix-caching"),
        hybrid_off=switch(profile, "disable-hybrid-kv-cache-manager") is True,
        blocks_override=_count(profile, "num-gpu-blocks-override"),
        state_dtype=profile.flag("mamba-ssm-cache-dtype") or "auto",
    )


def _cache(profile: Profile, env: Mapping[str, str]) -> int | None:
    """Give the cache's fixed size in bytes; on the CPU back end the variable goes before the flag."""
    space = real(env.get("VLLM_CPU_KVCACHE_SPACE")) if profile.gpus == "none" else None
    if space:
        return int(space * GIB)
    return _count(profile, "kv-cache-memory-bytes") or _count(profile, "kv-cache-memory")


def switch(profile: Profile, name: str) -> bool | None:
    """Say whether a switch is on or off; None where it is left to vLLM."""
    if profile.flag("no-" + name) is not None:
        return False
    value = profile.flag(name)
    if value is None:
        return None
    return value.strip().lower() not in OFF


def _ranks(profile: Profile, name: str) -> int:
    return min(max(1, _count(profile, name) or 1), 4096)


def _count(profile: Profile, name: str) -> int | None:
    return token_count(profile.flag(name) or "") or None


def _object(profile: Profile, name: str) -> dict[str, Any]:
    """Read a flag whose value is a JSON object, and its dotted parts."""
    try:
        found = table(json.loads(profile.flag(name) or "{}"))
    except (ValueError, RecursionError):
        found = {}
    for key, value in profile.flags:
        if key.startswith(name + "."):
            found[key[len(name) + 1 :].replace("-", "_")] = value
    return found


def _graphless(profile: Profile) -> bool:
    """Say whether the compilation's settings capture nothing: `-O0`, or cudagraph_mode NONE."""
    if profile.flag("optimization-level") == "0" or profile.flag("compilation-config") == "0":
        return True
    record = _object(profile, "compilation-config")
    return (
        word(record.get("cudagraph_mode")).lower() in NO_GRAPHS or whole(record.get("mode", record.get("level"))) == 0
    )


def _nothing_seen(profile: Profile) -> bool:
    """Say whether every kind of picture and sound is limited to none."""
    limits = _object(profile, "limit-mm-per-prompt")
    return bool(limits) and all(
        real(table(one).get("count") if isinstance(one, dict) else one) == 0 for one in limits.values()
    )
