"""A safetensors header -> how many bytes of which class lie in which layer, and each GPU's share. Pure: files are read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from profiles.fit.values import table, whole, word

EMBEDDING = re.compile(
    r"(?:^|\.)(?:embed_tokens(?:_per_layer)?|wte|word_embeddings|tok_embeddings|embed_in|embeddings\.word)"
)
HEAD = re.compile(r"(?:^|\.)(?:lm_head|embed_out|output)\.(?:weight|qweight|bias)")
TOWER = re.compile(
    r"(?:^|\.)(?:vision|visual|vit|audio|speech|image|patch|mm_|multi_modal|embed_vision|embed_audio|sound)"
)
DRAFT = re.compile(r"(?:^|\.)(?:mtp|nextn|eagle|medusa)(?:\.|_)")
EXPERTS = re.compile(r"(?:^|\.)experts(?:\.|_|$)")
KEYS = re.compile(r"(?:^|\.)(?:k_proj|v_proj|key|value|wk|wv)\.")
KEPT = re.compile(
    r"norm|(?:^|\.)(?:router|gate|shared_expert_gate)\.|q_a_proj|kv_a_proj|\.ln_|layernorm|rotary|inv_freq"
)
LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks|block|layer)\.(\d{1,4})\.")
PLAIN = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Types that `--dtype` changes; packed and 8-bit ones stay as they are."""


@dataclass(frozen=True, slots=True)
class Share:
    """Bytes of one layer (or of all that is in none), by how the ranks share them, for 2-byte activations."""

    split: float = 0.0
    keys: float = 0.0
    kept: float = 0.0
    experts: float = 0.0


@dataclass(frozen=True, slots=True)
class Files:
    """What the weight files hold. Bytes of `plain` types are counted as elements x 2 and scale with the dtype."""

    layers: dict[int, tuple[Share, Share]] = field(default_factory=dict)
    """Each layer's bytes: of plain types, and of packed ones."""
    embedding: float = 0.0
    head: float = 0.0
    tower: float = 0.0
    draft: float = 0.0
    packed: bool = False
    """Some of it is quantized."""
    parameters: int = 0
    """Elements of plain types."""


def read(headers: Iterable[object]) -> Files | None:
    """Read the headers of all files of a model; None where there is no tensor in them."""
    layers: dict[int, dict[tuple[str, bool], float]] = {}
    sums = dict.fromkeys(("embedding", "head", "tower", "draft"), 0.0)
    seen, parameters, packed = set(), 0, False
    for header in headers:
        for name, entry in table(header).items():
            if name == "__metadata__" or name in seen or not isinstance(name, str):
                continue
            size, elements, plain = _size(table(entry))
            if size is None:
                continue
            seen.add(name)
            parameters += elements if plain else 0
            packed = packed or not plain
            where, layer = _class(name)
            if where in sums:
                sums[where] += 2 * elements if plain else size
            else:
                key, row = (where, plain), layers.setdefault(layer, {})
                row[key] = row.get(key, 0.0) + (2 * elements if plain else size)
    if not seen:
        return None
    shares = {layer: (_share(row, True), _share(row, False)) for layer, row in layers.items()}
    return Files(shares, sums["embedding"], sums["head"], sums["tower"], sums["draft"], packed, parameters)


def _share(row: Mapping[tuple[str, bool], float], plain: bool) -> Share:
    return Share(**{name: row.get((name, plain), 0.0) for name in ("split", "keys", "kept", "experts")})


def _size(entry: Mapping[str, Any]) -> tuple[float | None, int, bool]:
    """Give bytes, elements, and whether the type is a plain one; None for what is no tensor."""
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not isinstance(shape, list) or not isinstance(offsets, list) or len(offsets) != 2:
        return None, 0, False
    start, end = whole(offsets[0]), whole(offsets[1])
    if start is None or end is None or end < start:
        return None, 0, False
    plain = PLAIN.get(word(entry.get("dtype")))
    return float(end - start), (end - start) // plain if plain else 0, plain is not None


def _class(name: str) -> tuple[str, int]:
    """Give a tensor's class and its layer; -1 for what is in none."""
    name = name[:400]
    if DRAFT.search(name):
        return "draft", -1
    if TOWER.search(name):
        return "tower", -1
    found = LAYER.search(name)
    layer = int(found[1]) if found else -1
    if found is None and EMBEDDING.search(name):
        return "embedding", -1
    if found is None and HEAD.search(name):
        return "head", -1
    for where, pattern in (("experts", EXPERTS), ("kept", KEPT), ("keys", KEYS)):
        if pattern.search(name):
            return where, layer
    return "split", layer
