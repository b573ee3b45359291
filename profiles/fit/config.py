"""config.json -> the model's facts. Whatever stands in the file, this gives a Model and never raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from profiles.fit.attention import Shape, caches, own_shape
from profiles.fit.names import ENCODERS, INNER, NAMES, TIED, TOWERS, UNSAID
from profiles.fit.parameters import block, copied, tower
from profiles.fit.patterns import MOST_LAYERS, pattern
from profiles.fit.quantized import cache_is_fp8, quantization
from profiles.fit.records import Block, Cache, Kind, Model
from profiles.fit.values import first, real, table, whole, word, words

MOST_ROTARY = 1 << 31
POSITIONS = 131072
"""Positions of a rotary table where nobody says them: what today's models have."""


def model(config: object) -> Model:
    """Read config.json's own object (or the facts of it that somebody wrote down under the same names)."""
    outer = table(config)
    text = flat(outer)
    shape = _shape(text)
    ways = pattern(text, shape.layers)
    blocks = tuple(_blocks(text, shape, ways))
    embedding = shape.vocab * shape.hidden
    tied = text.get("tie_word_embeddings", text.get("tie_embedding", outer.get("tie_word_embeddings")))
    if not isinstance(tied, bool):
        tied = word(text.get("model_type")) in TIED
    stored = text.get("quantization_config") or outer.get("quantization_config")
    towers = [record for name in TOWERS if (record := table(outer.get(name)))]
    return Model(
        blocks=blocks,
        hidden=shape.hidden,
        vocab=shape.vocab,
        inner=shape.inner,
        heads=shape.heads,
        head_dim=shape.head_dim,
        experts=shape.experts,
        experts_per_token=shape.experts_per_token,
        expert_inner=shape.expert_inner,
        embedding=embedding + _per_layer_embedding(text, shape),
        head=0 if tied else embedding,
        aside=sum(tower(record) for record in towers) + _encoder(text, shape),
        copied=copied(text, shape) * len(blocks),
        buffers=_rotary(text, shape),
        total=whole(outer.get("total_params")),
        dtype=_dtype(outer, text),
        quantization=quantization(stored, ""),
        longest=first(text, NAMES["longest"]),
        multimodal=bool(towers),
        cache_fp8=cache_is_fp8(stored),
        generates=_generates(outer, text),
        draft_layers=min(first(text, NAMES["draft_layers"]) or 0, 8),
        guessed=shape.guessed,
    )


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the language model's own record over the outer one."""
    found = dict(config)
    for _ in range(3):
        inner = next((record for name in INNER if (record := table(found.get(name)))), None)
        if inner is None:
            break
        for name in INNER:
            found.pop(name, None)
        found.update({key: value for key, value in inner.items() if value is not None})
    for name in ("attn_config", "ffn_config"):  # DBRX and MPT
        found.update({key: value for key, value in table(found.get(name)).items() if found.get(key) is None})
    return {**UNSAID.get(word(found.get("model_type")), {}), **found}


def _shape(text: Mapping[str, Any]) -> Shape:
    def one(name: str) -> int:
        return first(text, NAMES[name]) or 0

    heads, hidden = one("heads"), one("hidden")
    guessed = []
    kv_heads = one("kv_heads")
    if not kv_heads:
        kv_heads = 1 if text.get("multi_query") is True else heads
        guessed += [] if "num_key_value_heads" in text or not heads else ["num_key_value_heads"]
    inner = one("inner")
    if not inner and hidden:
        inner = 4 * hidden
        guessed.append("intermediate_size")
    experts = one("experts")
    return Shape(
        layers=min(one("layers"), MOST_LAYERS),
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=one("head_dim") or (hidden // heads if heads else 0),
        inner=inner,
        vocab=one("vocab"),
        experts=experts if experts > 1 else 0,
        experts_per_token=one("experts_per_token") or (1 if experts > 1 else 0),
        expert_inner=(one("expert_inner") or inner) if experts > 1 else 0,
        guessed=tuple(guessed),
    )


def _blocks(text: Mapping[str, Any], shape: Shape, ways: tuple[str, ...]) -> list[Block]:
    encoder_only = word(text.get("model_type")) in ENCODERS
    shared = (
        whole(text.get("num_kv_shared_layers")) or 0
    )  # Gemma 3n and 4: the last layers read the cache of earlier ones
    listed = text.get("num_key_value_heads", text.get("num_kv_heads"))
    found = []
    for index, way in enumerate(ways):
        own, kind = own_shape(text, shape, index, way)
        if isinstance(listed, list) and len(listed) == len(ways):
            own = replace(own, kv_heads=whole(listed[index]) or 0)
        kept: tuple[Cache, ...] = caches(text, own, kind)
        if encoder_only or index >= len(ways) - shared:
            kept = ()
        if word(text.get("model_type")) == "whisper":
            encoder = whole(text.get("max_source_positions")) or 1500
            kept = (*kept, Cache(Kind.CROSS, own.kv_heads, 2 * own.head_dim, encoder))
        found.append(block(text, own, kind, index, kept))
    return found


def _per_layer_embedding(text: Mapping[str, Any], shape: Shape) -> int:
    """Gemma 3n and 4 keep a small embedding for every layer."""
    width = whole(text.get("hidden_size_per_layer_input")) or 0
    return width * (whole(text.get("vocab_size_per_layer_input")) or shape.vocab) * shape.layers


def _encoder(text: Mapping[str, Any], shape: Shape) -> int:
    """Give the encoder of an encoder-decoder: attention and MLP of its layers."""
    if not text.get("is_encoder_decoder"):
        return 0
    layers = min(whole(text.get("encoder_layers")) or 0, MOST_LAYERS)
    inner = whole(text.get("encoder_ffn_dim")) or shape.inner
    return layers * (4 * shape.hidden * shape.hidden + 2 * shape.hidden * inner)


def _rotary(text: Mapping[str, Any], shape: Shape) -> int:
    """Count the elements of the rotary tables: positions (stretched by linear or YaRN scaling) x rotated width."""
    positions = first(text, NAMES["longest"]) or POSITIONS
    width = whole(text.get("qk_rope_head_dim")) or shape.head_dim
    scaling = table(text.get("rope_scaling")) or table(text.get("rope_parameters"))
    turned = real(text.get("partial_rotary_factor")) or real(scaling.get("partial_rotary_factor"))
    width = int(width * min(turned or 1.0, 1.0))
    rows = [scaling] if "rope_type" in scaling or "type" in scaling or "factor" in scaling else []
    rows = rows or [table(one) for one in scaling.values() if isinstance(one, dict)] or [{}]
    unsaid = not text.get("model_type") and bool(table(text.get("layer_pattern")))
    if len(rows) == 1 and whole(text.get("sliding_window")) and (unsaid or real(text.get("rope_local_base_freq"))):
        rows = [*rows, {}]  # Gemma 3 rotates its windows by a table of their own
    stretched = 0
    for row in rows[:4]:
        kind = word(row.get("rope_type")) or word(row.get("type"))
        factor = (real(row.get("factor")) or 1.0) if kind in ("linear", "yarn", "deepseek_yarn") else 1.0
        base = (whole(row.get("original_max_position_embeddings")) or positions) if "yarn" in kind else positions
        stretched += int(base * factor) * width
    return min(stretched, MOST_ROTARY)


def _dtype(outer: Mapping[str, Any], text: Mapping[str, Any]) -> str:
    for record in (text, outer):
        for name in ("dtype", "torch_dtype"):
            if said := word(record.get(name)).removeprefix("torch."):
                return said
    return ""


def _generates(outer: Mapping[str, Any], text: Mapping[str, Any]) -> bool:
    names = words(outer.get("architectures"))
    if word(text.get("model_type")) in ENCODERS:
        return False
    return not names or any("ForCausalLM" in name or "Generation" in name or "LMHead" in name for name in names)
