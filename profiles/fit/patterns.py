"""Which layer remembers in which way: the patterns that config.json may give, as vLLM's model classes read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profiles.fit.values import table, whole, word, words

MOST_LAYERS = 1000
MEANINGS = {
    "full_attention": "full",
    "attention": "full",
    "full": "full",
    "global": "full",
    "*": "full",
    "sliding_attention": "sliding",
    "sliding_window": "sliding",
    "local": "sliding",
    "chunked_attention": "chunked",
    "chunked_local": "chunked",
    "linear_attention": "linear",
    "linear": "linear",
    "kda": "linear",
    "mamba": "mamba",
    "mamba2": "mamba",
    "m": "mamba",
    "conv": "conv",
    "short_conv": "conv",
    "hybrid": "both",
    "-": "mlp",
    "mlp": "mlp",
    "e": "moe",
    "moe": "moe",
}


def pattern(config: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """Give each layer's way: full, sliding, chunked, linear, mamba, conv, both, mlp, moe."""
    count = min(count, MOST_LAYERS)
    for reader in (_listed, _letters, _counted, _periodic, _indexed, _named, _windowed):
        if found := reader(config, count):
            return tuple((found * count)[:count])
    return ("full",) * count


def _listed(config: Mapping[str, Any], count: int) -> list[str]:
    for name in ("layer_types", "layers_block_type", "block_types", "hybrid_layer_types"):
        if said := words(config.get(name)):
            return [MEANINGS.get(one.lower(), "full") for one in said]
    kinds = config.get("attn_type_list")  # MiniMax-Text-01: 0 is linear, 1 is softmax attention
    if isinstance(kinds, list) and kinds:
        return ["full" if whole(kind) else "linear" for kind in kinds[:MOST_LAYERS]]
    numbered = table(config.get("linear_attn_config")).get("full_attn_layers")
    if isinstance(numbered, list):  # Kimi Linear counts from 1
        full = {whole(one) for one in numbered}
        return ["full" if layer + 1 in full else "linear" for layer in range(count)]
    nope = config.get("no_rope_layers")  # Llama 4: 0 means no rotation, and attention over everything
    if isinstance(nope, list) and nope and whole(config.get("attention_chunk_size")):
        return ["chunked" if whole(one) else "full" for one in nope[:MOST_LAYERS]]
    return []


def _letters(config: Mapping[str, Any], count: int) -> list[str]:
    """Nemotron-H writes M, * and - in one word."""
    letters = word(config.get("hybrid_override_pattern")).replace("|", "")
    return [MEANINGS.get(letter.lower(), "full") for letter in letters]


def _counted(config: Mapping[str, Any], count: int) -> list[str]:
    """Only how many of each: spread the rarer ones evenly."""
    counts = {
        MEANINGS.get(name, "full"): number
        for name, one in table(config.get("layer_pattern")).items()
        if (number := whole(one))
    }
    if sum(counts.values()) != count or not counts:
        return []
    found, given = [], dict.fromkeys(counts, 0)
    for layer in range(count):
        name = max(counts, key=lambda kind: counts[kind] * (layer + 1) / count - given[kind])
        given[name] += 1
        found.append(name)
    return found


def _periodic(config: Mapping[str, Any], count: int) -> list[str]:
    if every := whole(config.get("full_attention_interval")):
        return ["full" if (layer + 1) % every == 0 else "linear" for layer in range(count)]
    if every := whole(config.get("attn_layer_period")):  # Jamba
        offset = whole(config.get("attn_layer_offset")) or 0
        return ["full" if layer % every == offset % every else "mamba" for layer in range(count)]
    if whole(config.get("attention_chunk_size")) and word(config.get("model_type")).startswith("llama4"):
        every = whole(config.get("no_rope_layer_interval")) or 4
        return ["full" if (layer + 1) % every == 0 else "chunked" for layer in range(count)]
    return []


def _indexed(config: Mapping[str, Any], count: int) -> list[str]:
    """Bamba names the layers with attention, LFM2 too."""
    for name in ("attn_layer_indices", "full_attn_idxs"):
        listed = config.get(name)
        if isinstance(listed, list) and listed:
            full = {whole(one) for one in listed}
            other = "mamba" if name == "attn_layer_indices" else "conv"
            return ["full" if layer in full else other for layer in range(count)]
    return []


def _named(config: Mapping[str, Any], count: int) -> list[str]:
    """Some model types are of one kind throughout."""
    kinds = {"mamba": "mamba", "mamba2": "mamba", "falcon_mamba": "mamba", "falcon_h1": "both"}
    found = kinds.get(word(config.get("model_type")))
    return [found] * count if found else []


def _windowed(config: Mapping[str, Any], count: int) -> list[str]:
    kind = word(config.get("model_type"))
    used = config.get("use_sliding_window", bool(kind) and not kind.startswith("qwen"))  # Qwen's class has it off
    if not whole(config.get("sliding_window")) or used is not True:
        return []
    raw = config.get("sliding_window_pattern", config.get("_sliding_window_pattern"))
    if isinstance(raw, str) and raw:  # EXAONE 4: LLLG
        return ["full" if letter.lower() == "g" else "sliding" for letter in raw]
    if every := whole(raw):
        return ["full" if (layer + 1) % every == 0 else "sliding" for layer in range(count)]
    if kind == "gemma2":
        return ["full" if layer % 2 else "sliding" for layer in range(count)]
    if (first := whole(config.get("max_window_layers"))) is not None:
        return ["full" if layer < first else "sliding" for layer in range(count)]
    return ["sliding"] * count
