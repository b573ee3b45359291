"""Counting a layer's parameters from the widths, when no weight file can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from profiles.fit.attention import Shape
from profiles.fit.names import NAMES, PLAIN_MLP
from profiles.fit.records import Block, Cache, Kind
from profiles.fit.values import first, table, whole, word


def block(config: Mapping[str, Any], shape: Shape, way: str, index: int, kept: tuple[Cache, ...]) -> Block:
    """Count one layer."""
    split, keys, alone = _mixer(config, shape, way)
    matrices = 2 if word(config.get("model_type")) in PLAIN_MLP else 3
    experts = 0
    only_mixer = bool(config.get("hybrid_override_pattern")) and way in ("full", "mamba")
    if way == "moe" or (not only_mixer and way != "mlp" and _sparse(config, shape, index)):
        experts = shape.experts * matrices * shape.hidden * shape.expert_inner
        split += matrices * shape.hidden * _shared(config, shape)
        alone += shape.hidden * shape.experts
    elif not only_mixer:
        split += matrices * shape.hidden * _dense(config, shape, index)
    heads = next(
        (cache.heads for cache in kept if cache.kind in (Kind.FULL, Kind.SLIDING, Kind.CHUNKED)), shape.kv_heads
    )
    return Block(kept, split, keys, alone + 2 * shape.hidden, experts, heads)


def tower(record: Mapping[str, Any]) -> int:
    """Count a tower for pictures or sound: attention and MLP of its layers."""
    width = first(record, ("embed_dim", "hidden_size", "d_model", "width", "hidden_dim")) or 0
    layers = min(first(record, ("num_hidden_layers", "depth", "encoder_layers", "layers", "num_layers")) or 0, 1000)
    inner = first(record, ("intermediate_size", "encoder_ffn_dim", "mlp_dim")) or 4 * width
    return layers * (4 * width * width + 2 * width * inner)


def _mixer(config: Mapping[str, Any], shape: Shape, way: str) -> tuple[int, int, int]:
    """Give what is split, what belongs to K and V, and what every rank holds."""
    if way in ("mlp", "moe"):
        return 0, 0, 0
    if way in ("linear", "mamba", "conv"):
        return _stateful(config, shape, way), 0, 0
    if way == "both":
        split, keys, alone = _mixer(config, shape, "full")
        return split + _stateful(config, shape, "mamba"), keys, alone
    if whole(config.get("kv_lora_rank")):
        return _latent(config, shape)
    query = shape.hidden * shape.heads * shape.head_dim
    crossed = 4 * shape.hidden * shape.hidden if config.get("is_encoder_decoder") is True else 0
    gated = config.get(
        "attn_output_gate", bool(whole(config.get("linear_num_value_heads")))
    )  # Qwen3-Next and 3.5 gate by default
    gate = query if gated is True else 0
    return 2 * query + gate + crossed, 2 * shape.hidden * shape.kv_heads * shape.head_dim, 0


def _latent(config: Mapping[str, Any], shape: Shape) -> tuple[int, int, int]:
    """MLA: the down-projections are on every rank, the rest is split; the up-projection of K and V is kept a second time."""
    latent = whole(config.get("kv_lora_rank")) or 0
    rotary = whole(config.get("qk_rope_head_dim")) or 64
    plain = whole(config.get("qk_nope_head_dim")) or 128
    values = whole(config.get("v_head_dim")) or 128
    low = whole(config.get("q_lora_rank")) or 0
    query = shape.heads * (plain + rotary)
    split = (
        (low or shape.hidden) * query + shape.heads * values * shape.hidden + latent * shape.heads * (plain + values)
    )
    return split, 0, shape.hidden * (low + latent + rotary)


def copied(config: Mapping[str, Any], shape: Shape) -> int:
    """Count the up-projection of K and V that MLA holds once more, unfolded for decoding."""
    latent = whole(config.get("kv_lora_rank")) or 0
    return (
        latent
        * shape.heads
        * ((whole(config.get("qk_nope_head_dim")) or 128) + (whole(config.get("v_head_dim")) or 128))
    )


def _stateful(config: Mapping[str, Any], shape: Shape, way: str) -> int:
    if way == "conv":
        return 4 * shape.hidden * shape.hidden
    values = (whole(config.get("linear_num_value_heads")) or 0) * (whole(config.get("linear_value_head_dim")) or 0)
    keys = (whole(config.get("linear_num_key_heads")) or 0) * (whole(config.get("linear_key_head_dim")) or 0)
    if values:
        return (
            shape.hidden * (2 * keys + 2 * values + 2 * (whole(config.get("linear_num_value_heads")) or 0))
            + values * shape.hidden
        )
    kimi = table(config.get("linear_attn_config"))
    if width := (whole(kimi.get("num_heads")) or 0) * (whole(kimi.get("head_dim")) or 0):
        return 4 * shape.hidden * width
    heads = first(config, ("mamba_n_heads", "mamba_num_heads", "n_mamba_heads")) or 0
    width = heads * (first(config, ("mamba_d_head", "mamba_head_dim", "mamba_headdim")) or 64)
    size = first(config, ("mamba_d_state", "ssm_state_size", "state_size")) or 0
    if heads and size:
        groups = first(config, ("mamba_n_groups", "n_groups")) or 1
        return shape.hidden * (2 * width + 2 * groups * size + heads) + width * shape.hidden
    if size:
        width = (first(config, ("mamba_expand", "expand")) or 2) * shape.hidden
        rank = first(config, ("mamba_dt_rank", "time_step_rank")) or shape.hidden // 16
        return 3 * shape.hidden * width + width * (2 * rank + 2 * size)
    return 4 * shape.hidden * shape.heads * shape.head_dim


def _sparse(config: Mapping[str, Any], shape: Shape, index: int) -> bool:
    """Say whether a layer has experts instead of one MLP."""
    if not shape.experts:
        return False
    dense = config.get("mlp_only_layers")
    if index < (first(config, NAMES["dense_first"]) or 0) or (isinstance(dense, list) and index in dense):
        return False
    listed = config.get("moe_layers")
    if isinstance(listed, list) and listed:
        return index in listed
    if every := first(config, ("decoder_sparse_step", "interleave_moe_layer_step", "moe_every_n_layers")):
        return (index + 1) % every == 0
    if every := whole(config.get("expert_layer_period")):
        return index % every == (whole(config.get("expert_layer_offset")) or 0) % every
    return True


def _shared(config: Mapping[str, Any], shape: Shape) -> int:
    """Give the width of the experts that every token takes."""
    count = first(config, NAMES["shared_count"])
    if width := first(config, NAMES["shared_inner"]):
        return width
    if word(config.get("model_type")).startswith("llama4"):
        return shape.expert_inner
    return (count or 0) * shape.expert_inner


def _dense(config: Mapping[str, Any], shape: Shape, index: int) -> int:
    if config.get("block_auto_adjust_ff_dim") is True:  # LFM2 takes two thirds, rounded up
        wide, step = whole(config.get("block_ff_dim")) or shape.inner, whole(config.get("block_multiple_of")) or 256
        return -(-int(2 * wide / 3) // step) * step
    listed = config.get("intermediate_size")
    if isinstance(listed, list) and index < len(listed):
        return whole(listed[index]) or 0
    return whole(config.get("intermediate_size_mlp")) or shape.inner
