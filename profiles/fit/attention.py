"""What one layer keeps for each token or each request, by the shapes that vLLM's own layers announce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from profiles.fit.records import Cache, Kind, State
from profiles.fit.values import first, real, table, whole, word

INDEXER_BYTES = 132
"""The sparse indexer's key a token: 128 one-byte elements and a scale (DeepSeek V3.2)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The widths of a model."""

    layers: int = 0
    hidden: int = 0
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    inner: int = 0
    vocab: int = 0
    experts: int = 0
    experts_per_token: int = 0
    expert_inner: int = 0
    guessed: tuple[str, ...] = ()


def own_shape(config: Mapping[str, Any], shape: Shape, index: int, way: str) -> tuple[Shape, str]:
    """Give a layer's own shape and way where every layer has its own record (`block_configs`, found by a search)."""
    records = config.get("block_configs")
    if not isinstance(records, list) or index >= len(records):
        return shape, way
    attention, mlp = table(table(records[index]).get("attention")), table(table(records[index]).get("ffn"))
    multiple = real(mlp.get("ffn_mult")) or 0.0
    inner = whole(mlp.get("intermediate_size")) or -(-int(2 * multiple * shape.hidden / 3) // 256) * 256
    own = replace(shape, inner=0 if mlp.get("no_op") else min(inner, 1 << 24))
    if attention.get("no_op") or attention.get("replace_with_linear"):
        return own, "mlp"
    group = whole(attention.get("n_heads_in_group")) or 1
    return replace(own, kv_heads=max(1, shape.heads // group)), way


def caches(config: Mapping[str, Any], shape: Shape, way: str) -> tuple[Cache, ...]:
    """Give what a layer of this way keeps; nothing for a layer without attention."""
    if way in ("mlp", "moe"):
        return ()
    if way in ("linear", "mamba", "conv"):
        return _stateful(config, shape, way)
    if way == "both":
        return (*_stateful(config, shape, "mamba"), *caches(config, shape, "full"))
    if latent := whole(config.get("kv_lora_rank")):
        rotary = whole(config.get("qk_rope_head_dim")) or 64
        extra = INDEXER_BYTES if whole(config.get("index_topk")) else 0
        return (Cache(Kind.MLA, shape.heads, latent + rotary, extra_bytes=extra),)
    if not shape.kv_heads or not shape.head_dim:
        return ()
    return (_heads(config, shape, way),)


def _heads(config: Mapping[str, Any], shape: Shape, way: str) -> Cache:
    heads, width = shape.kv_heads, shape.head_dim
    if way == "full":  # Gemma 4 has wider heads where it sees everything
        width = whole(config.get("global_head_dim")) or width
        heads = whole(config.get("num_global_key_value_heads")) or heads
    values = whole(config.get("v_head_dim")) or width
    if way == "sliding":
        return Cache(Kind.SLIDING, heads, width + values, first(config, ("sliding_window", "window_size")) or 0)
    if way == "chunked":
        return Cache(Kind.CHUNKED, heads, width + values, whole(config.get("attention_chunk_size")) or 0)
    return Cache(Kind.FULL, heads, width + values)


def _stateful(config: Mapping[str, Any], shape: Shape, way: str) -> tuple[Cache, ...]:
    for reader in (_conv,) if way == "conv" else (_delta, _kda, _mamba2, _mamba1, _lightning):
        if found := reader(config, shape):
            return (Cache(Kind.STATE, state=found),)
    return ()


def _conv(config: Mapping[str, Any], shape: Shape) -> State | None:
    """LFM2's short convolution."""
    length = first(config, ("conv_L_cache",)) or 3
    return State(first(config, ("conv_dim",)) or shape.hidden, length - 1, 0)


def _delta(config: Mapping[str, Any], shape: Shape) -> State | None:
    """Gated delta net (Qwen3-Next, Qwen3.5)."""
    values, keys = whole(config.get("linear_num_value_heads")), whole(config.get("linear_num_key_heads"))
    wide, long = whole(config.get("linear_value_head_dim")), whole(config.get("linear_key_head_dim"))
    if not (values and keys and wide and long):
        return None
    kernel = whole(config.get("linear_conv_kernel_dim")) or 4
    size = _state_bytes(config, "mamba_ssm_dtype")
    return State(2 * keys * long + values * wide, kernel - 1, values * wide * long, size)


def _kda(config: Mapping[str, Any], shape: Shape) -> State | None:
    """Kimi Linear; its recurrent part is float32 unless asked otherwise."""
    record = table(config.get("linear_attn_config"))
    heads, width = whole(record.get("num_heads")), whole(record.get("head_dim"))
    if not (heads and width):
        return None
    kernel = whole(record.get("short_conv_kernel_size")) or 4
    return State(3 * heads * width, kernel - 1, heads * width * width, 4)


def _mamba2(config: Mapping[str, Any], shape: Shape) -> State | None:
    heads = first(config, ("mamba_n_heads", "mamba_num_heads", "n_mamba_heads")) or (
        first(config, ("num_heads",)) if word(config.get("model_type")) == "mamba2" else 0
    )
    size = first(config, ("mamba_d_state", "ssm_state_size", "mamba_state_dim", "state_size"))
    if not (heads and size):
        return None
    width = first(config, ("mamba_d_head", "mamba_head_dim", "mamba_headdim", "head_dim")) or 64
    groups = first(config, ("mamba_n_groups", "n_groups", "mamba_ngroups")) or 1
    kernel = first(config, ("mamba_d_conv", "conv_kernel")) or 4
    default = 4 if word(config.get("model_type")).startswith("nemotron_h") else 0
    stored = _state_bytes(config, "mamba_ssm_cache_dtype") or default
    return State(heads * width + 2 * groups * size, kernel - 1, heads * width * size, stored)


def _mamba1(config: Mapping[str, Any], shape: Shape) -> State | None:
    size = first(config, ("mamba_d_state", "state_size"))
    if not size:
        return None
    width = (first(config, ("mamba_expand", "expand")) or 2) * shape.hidden
    kernel = first(config, ("mamba_d_conv", "conv_kernel")) or 4
    return State(width, kernel - 1, width * size)


def _lightning(config: Mapping[str, Any], shape: Shape) -> State | None:
    """MiniMax-Text-01: a matrix for each head, float32."""
    if not shape.heads or not shape.head_dim:
        return None
    return State(0, 0, shape.heads * shape.head_dim * shape.head_dim, 4)


def _state_bytes(config: Mapping[str, Any], name: str) -> int:
    return {"float32": 4, "bfloat16": 2, "float16": 2}.get(word(config.get(name)), 0)
