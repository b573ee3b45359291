"""Weights by the files' own headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from profiles.fit import headers
from profiles.fit.config import model
from profiles.fit.estimate import estimate
from profiles.fit.records import GIB, Card, Settings
from tests.profiles.fit import families as known

CONFIG = known.plain("llama", 2, 64, 4, 128, 1000, num_key_value_heads=2, **known.UNTIED)
SHAPES = {
    "model.embed_tokens.weight": (1000, 64),
    "lm_head.weight": (1000, 64),
    "model.norm.weight": (64,),
    **{
        f"model.layers.{layer}.self_attn.{name}_proj.weight": (width, 64)
        for layer in (0, 1)
        for name, width in (("q", 64), ("k", 32), ("v", 32), ("o", 64))
    },
    **{
        f"model.layers.{layer}.mlp.{name}_proj.weight": (128, 64) for layer in (0, 1) for name in ("gate", "up", "down")
    },
    **{f"model.layers.{layer}.input_layernorm.weight": (64,) for layer in (0, 1)},
}
ELEMENTS = 2 * 64_000 + 64 + 2 * (192 * 64 + 3 * 128 * 64 + 64)


def header(shapes: dict[str, tuple[int, ...]], dtype: str = "BF16", size: int = 2) -> dict[str, Any]:
    found: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    start = 0
    for name, shape in shapes.items():
        length = size
        for one in shape:
            length *= one
        found[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, start + length]}
        start += length
    return found


def weights(files: headers.Files | None, **more: Any) -> float:
    facts = replace(model(CONFIG), files=files, buffers=0)
    return (estimate(facts, Settings("0.19.0", **more), Card(24.0)).weights_gib or 0.0) * GIB


def test_one_card_holds_every_byte() -> None:
    assert weights(headers.read([header(SHAPES)])) == pytest.approx(2 * ELEMENTS)


def test_many_files_are_one_model_and_no_tensor_counts_twice() -> None:
    names = list(SHAPES)
    parts = [header({name: SHAPES[name] for name in names[index::3]}) for index in range(3)]
    assert weights(headers.read([*parts, parts[0]])) == pytest.approx(2 * ELEMENTS)


def test_norms_are_on_every_card_and_keys_only_divided_by_their_heads() -> None:
    keys, norms = 2 * 2 * 32 * 64, 64 + 2 * 64
    rest = ELEMENTS - keys - norms
    assert weights(headers.read([header(SHAPES)]), tensor=4) == pytest.approx(2 * (rest / 4 + keys / 2 + norms))


def test_a_tied_head_in_the_file_is_not_loaded() -> None:
    facts = replace(model({**CONFIG, "tie_word_embeddings": True}), files=headers.read([header(SHAPES)]), buffers=0)
    found = estimate(facts, Settings("0.19.0"), Card(24.0)).weights_gib or 0.0
    assert found * GIB == pytest.approx(2 * (ELEMENTS - 64_000))


def test_a_file_in_32_bits_is_halved_by_auto_and_kept_by_float32() -> None:
    files = headers.read([header(SHAPES, "F32", 4)])
    assert weights(files) == pytest.approx(2 * ELEMENTS)
    assert weights(files, dtype="float32") == pytest.approx(4 * ELEMENTS)


def test_packed_weights_stay_as_they_are() -> None:
    packed = header({"model.layers.0.mlp.up_proj.qweight": (128, 8)}, "I32", 4)
    files = headers.read([packed])
    assert files is not None and files.packed
    assert weights(files) == weights(files, dtype="float32") == 128 * 8 * 4


def test_packing_at_load_leaves_embedding_and_head_alone() -> None:
    found = weights(headers.read([header(SHAPES)]), quantization="fp8")
    matrices = 2 * (192 * 64 + 3 * 128 * 64)
    assert found == pytest.approx(2 * (ELEMENTS - matrices) + matrices)


def test_experts_and_towers_and_drafts_are_told_apart() -> None:
    shapes = {
        "model.layers.0.mlp.experts.3.up_proj.weight": (8, 8),
        "model.layers.0.mlp.gate.weight": (8, 8),
        "visual.blocks.0.attn.qkv.weight": (8, 8),
        "mtp.layers.0.self_attn.q_proj.weight": (8, 8),
    }
    files = headers.read([header(shapes)])
    assert files is not None
    plain, _packed = files.layers[0]
    assert (plain.experts, plain.kept, files.tower, files.draft) == (128, 128, 128, 128)
    assert weights(files) == 3 * 128
    assert weights(files, draft_tokens=1) == 4 * 128
    assert weights(files, language_only=True) == 2 * 128


@pytest.mark.parametrize(
    "rubbish",
    [
        None,
        [],
        {"a": 1},
        {"a": {"dtype": "F32"}},
        {"a": {"shape": [1], "data_offsets": [4, 1]}},
        {"a": {"shape": [1], "data_offsets": "xx"}},
    ],
)
def test_what_is_no_header_gives_nothing(rubbish: object) -> None:
    assert headers.read([rubbish]) is None
