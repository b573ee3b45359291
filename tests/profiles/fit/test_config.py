"""config.json of many families becomes the model's facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from profiles.fit.config import model
from profiles.fit.records import Kind
from profiles.fit.weights import count
from tests.profiles.fit import families as known


def kinds(config: dict[str, Any]) -> dict[Kind, int]:
    return Counter(cache.kind for block in model(config).blocks for cache in block.caches)


@pytest.mark.parametrize(("config", "billions"), [row[1:] for row in known.KNOWN], ids=[row[0] for row in known.KNOWN])
def test_the_parameters_are_counted_as_published(config: dict[str, Any], billions: float) -> None:
    assert count(model(config)) / 1e9 == pytest.approx(billions, rel=0.015)


def test_each_family_says_in_its_own_way_which_layers_remember_what() -> None:
    assert kinds(known.GEMMA3_4B) == {Kind.SLIDING: 29, Kind.FULL: 5}
    assert kinds(known.GPT_OSS_20B) == {Kind.SLIDING: 12, Kind.FULL: 12}
    assert kinds(known.LLAMA4_SCOUT) == {Kind.CHUNKED: 36, Kind.FULL: 12}
    assert kinds(known.QWEN3_NEXT) == {Kind.STATE: 36, Kind.FULL: 12}
    assert kinds(known.JAMBA_MINI) == {Kind.STATE: 28, Kind.FULL: 4}
    assert kinds(known.NEMOTRON_H_8B) == {Kind.STATE: 24, Kind.FULL: 4}
    assert kinds(known.KIMI_LINEAR) == {Kind.STATE: 20, Kind.MLA: 7}
    assert kinds(known.DEEPSEEK_V3) == {Kind.MLA: 61}
    assert kinds(known.WHISPER_LARGE) == {Kind.FULL: 32, Kind.CROSS: 32}


def test_a_window_that_is_switched_off_is_none() -> None:
    config = known.plain("qwen2", 4, 64, 4, 128, 100, sliding_window=32, max_window_layers=2)
    assert kinds(config) == {Kind.FULL: 4}
    assert kinds({**config, "use_sliding_window": False}) == {Kind.FULL: 4}
    assert kinds({**config, "use_sliding_window": True}) == {Kind.FULL: 2, Kind.SLIDING: 2}


def test_a_window_in_all_layers_is_one_kind() -> None:
    config = known.plain("mistral", 4, 64, 4, 128, 100, sliding_window=32)
    assert kinds(config) == {Kind.SLIDING: 4}
    assert kinds({**config, "model_type": None}) == {Kind.FULL: 4}  # facts of no known class: the careful reading


def test_shared_layers_keep_nothing() -> None:
    config = known.plain("gemma3n_text", 6, 64, 4, 128, 100, num_kv_shared_layers=2)
    assert [len(block.caches) for block in model(config).blocks] == [1, 1, 1, 1, 0, 0]


def test_an_encoder_keeps_nothing_and_samples_nothing() -> None:
    bert = model(known.plain("bert", 6, 384, 12, 1536, 30522))
    assert not any(block.caches for block in bert.blocks)
    assert not bert.generates


def test_what_a_nested_record_leaves_out_is_what_its_class_takes() -> None:
    gemma = model(known.GEMMA3_4B)
    assert (gemma.heads, gemma.head_dim, gemma.vocab, gemma.longest) == (8, 256, 262208, 131072)
    llava = model({"model_type": "llava", "text_config": {"model_type": "llama"}})
    assert (len(llava.blocks), llava.hidden) == (32, 4096)


def test_the_rotary_tables_stretch_with_linear_scaling() -> None:
    """A million positions for the full layers, 131 072 for the windows, 256 wide: 0.56 GiB that vLLM prints among the weights."""
    assert model(known.GEMMA3_4B).buffers == (131072 * 8 + 131072) * 256


def test_layers_found_by_a_search_have_heads_and_widths_of_their_own() -> None:
    layers = [
        {"attention": {"n_heads_in_group": 8}, "ffn": {"ffn_mult": 2.625}},
        {"attention": {"no_op": True}, "ffn": {"ffn_mult": 1.3125}},
        {"attention": {"n_heads_in_group": 16}, "ffn": {"no_op": True}},
    ]
    config = known.plain("nemotron-nas", 3, 8192, 64, 0, 128256, block_configs=layers)
    found = model(config).blocks
    assert [[cache.heads for cache in block.caches] for block in found] == [[8], [], [4]]
    assert found[0].split > found[1].split > 0 and found[2].split == 2 * 8192 * 8192


@pytest.mark.parametrize(
    ("record", "name", "size"),
    [
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, "awq", 0.5195),
        ({"quant_method": "gptq", "bits": 8, "group_size": 32}, "gptq", 1.094),
        ({"quant_method": "fp8"}, "fp8", 1.0),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "bitsandbytes", 0.5625),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "bitsandbytes", 1.0),
        ({"quant_method": "mxfp4"}, "mxfp4", 0.531),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "modelopt", 0.5625),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "float", "group_size": 16}}},
            },
            "compressed-tensors",
            0.5625,
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "int"}}},
            },
            "compressed-tensors",
            1.0,
        ),
    ],
)
def test_a_packed_weight_takes_its_bits_and_its_scales(record: dict[str, Any], name: str, size: float) -> None:
    found = model({**known.plain("llama", 2, 64, 4, 128, 100), "quantization_config": record}).quantization
    assert found.name == name
    assert found.bytes_per_weight == pytest.approx(size, abs=0.002)


def test_a_checkpoint_may_ask_for_an_eight_bit_cache() -> None:
    scheme = {"quant_method": "compressed-tensors", "kv_cache_scheme": {"num_bits": 8, "type": "float"}}
    assert model({"quantization_config": scheme}).cache_fp8
    assert model({"quantization_config": {"quant_method": "modelopt", "kv_cache_quant_algo": "FP8"}}).cache_fp8
    assert not model({"quantization_config": {"quant_method": "fp8"}}).cache_fp8
