"""How the cache is cut into blocks: the figures here are those that vLLM printed or that its own rules give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from profiles.fit.config import model
from profiles.fit.estimate import estimate
from profiles.fit.pages import needed, pools
from profiles.fit.plan import plan
from profiles.fit.records import GIB, Card, Fit, Settings
from profiles.fit.weights import ranks
from tests.profiles.fit import families as known

GEMMA3_12B = known.plain(
    "gemma3_text", 48, 3840, 16, 15360, 262208, num_key_value_heads=8, head_dim=256, sliding_window=1024
)


def held(config: dict[str, Any], kv_bytes: float, version: str, **more: Any) -> Fit:
    """Give the answer for a cache of a fixed size."""
    return estimate(model(config), Settings(version, kv_bytes=int(kv_bytes), **more), Card())


def test_windows_share_the_pool_in_groups_as_large_as_the_rarer_kind() -> None:
    """Gemma 3 12B: 40 windows and 8 full layers are 6 groups of 8; 47.72 GiB were printed as 130 304 tokens, 15.88 requests."""
    fit = held(GEMMA3_12B, 47.72 * GIB, "0.19.0", length=8192, batched=8192)
    assert fit.kv_tokens == 130_304
    assert fit.concurrency == pytest.approx(15.88, abs=0.01)
    assert fit.hybrid and fit.kv_bytes_per_token is None


def test_the_printed_size_is_requests_times_length_since_0_20_2() -> None:
    fit = held(GEMMA3_12B, 47.72 * GIB, "0.20.2", length=8192, batched=8192)
    assert fit.kv_tokens == pytest.approx(130_094, abs=16)


def test_before_0_9_2_every_layer_is_held_for_all_tokens() -> None:
    fit = held(GEMMA3_12B, 48 * 8192 * 8192, "0.8.5", length=8192)
    assert (fit.hybrid, fit.kv_bytes_per_token, fit.concurrency) == (False, 48 * 8192, 1.0)
    assert held(GEMMA3_12B, 48 * 8192 * 8192, "0.19.0", length=8192, hybrid_off=True).concurrency == 1.0


def test_two_batches_are_in_flight_since_0_26() -> None:
    def requests(version: str) -> float:
        return held(GEMMA3_12B, 40 * GIB, version, length=65536, batched=8192).concurrency or 0.0

    assert requests("0.25.0") > requests("0.26.0")


def test_chunks_are_kept_like_full_attention_until_they_have_groups() -> None:
    """Llama 4 at a million tokens over 8 cards: 24.00 GiB were asked for by 0.8.3."""
    fit = held(known.LLAMA4_SCOUT, 9.97 * GIB, "0.8.3", length=1 << 20, tensor=8)
    assert fit.kv_needed_gib == 24.0
    newer = held(known.LLAMA4_SCOUT, 9.97 * GIB, "0.19.0", length=1 << 20, tensor=8, batched=8192)
    assert newer.kv_needed_gib is not None and newer.kv_needed_gib < 7


def test_a_state_forces_blocks_as_large_as_itself() -> None:
    """Qwen3-Next: a state of 1 097 728 bytes needs 544 tokens of 2 048 bytes."""
    fit = held(known.QWEN3_NEXT, 100 * 12 * 544 * 2048, "0.11.0", length=544 * 7)
    assert fit.concurrency == 10.0  # 100 blocks; seven for the full layers, one for each of three groups of states
    cached = held(known.QWEN3_NEXT, 100 * 12 * 544 * 2048, "0.30.0", length=544 * 4)
    assert cached.concurrency == 10.0  # prefix caching keeps a second state


def test_draft_tokens_add_states_and_a_layer() -> None:
    """Qwen3.6 27B over two cards with three draft tokens: 17 layers a group, five states each; 2.38 requests were printed."""
    config = known.plain(
        "qwen3_5",
        64,
        5120,
        24,
        17408,
        248320,
        num_key_value_heads=4,
        head_dim=256,
        full_attention_interval=4,
        linear_num_key_heads=16,
        linear_num_value_heads=48,
        linear_key_head_dim=128,
        linear_value_head_dim=128,
        mamba_ssm_dtype="float32",
    )
    settings = {"length": 262_144, "tensor": 2, "draft_tokens": 3, "kv_dtype": "fp8_e5m2", "prefix_caching": True}
    assert held(config, 11.08 * GIB, "0.20.2", **settings).concurrency == pytest.approx(2.38, abs=0.02)


@pytest.mark.parametrize(
    ("config", "block_bytes", "requests"),
    [
        (known.DEEPSEEK_V3, 1_124_352, 15.2792),
        (known.LLAMA4_SCOUT, 786_432, 6.31791),
        (known.GPT_OSS_20B, 393_216, 30.83738),
        (known.QWEN3_NEXT, 13_369_344, 37.34884),
        (known.GEMMA3_4B, 327_680, 13.90832),
        (known.JAMBA_MINI, 1_310_720, 62.06061),
        (known.NEMOTRON_H_8B, 17_039_360, 39.375),
        (known.GRANITE_4_SMALL, 8_650_752, 44.32143),
        (known.KIMI_LINEAR, 15_482_880, 81.58824),
    ],
    ids=[
        "DeepSeek-V3",
        "Llama-4",
        "gpt-oss",
        "Qwen3-Next",
        "Gemma-3",
        "Jamba",
        "Nemotron-H",
        "Granite-4",
        "Kimi-Linear",
    ],
)
def test_the_groups_are_those_of_vllms_own_rule(config: dict[str, Any], block_bytes: int, requests: float) -> None:
    """The figures are what get_kv_cache_groups and get_max_concurrency_for_kv_cache_config of 0.32.0 give for these layers."""
    settings = Settings("0.32.0", length=20_000, batched=4096, dtype="bfloat16")
    facts, decided = model(config), plan(model(config), settings, Card(140.0))
    (pool,) = pools(facts.blocks, settings, decided)
    assert pool.block_bytes == block_bytes
    assert (20 * GIB // block_bytes) / needed(pool, 20_000, settings, decided) == pytest.approx(requests, rel=1e-6)


def test_latent_vectors_were_whole_heads_before_0_7_1() -> None:
    assert held(known.DEEPSEEK_V3, GIB, "0.6.6", tensor=8).kv_bytes_per_token == 61 * 16 * 512 * 2


def test_eight_bits_halve_the_cache_and_32_double_it() -> None:
    llama = known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8)
    rate = {
        name: held(llama, GIB, "0.19.0", **more).kv_bytes_per_token
        for name, more in (("plain", {}), ("fp8", {"kv_dtype": "fp8"}), ("fp32", {"dtype": "float32"}))
    }
    assert rate == {"plain": 131_072, "fp8": 65_536, "fp32": 262_144}


def test_a_sparse_latent_cache_has_an_index_beside_it() -> None:
    config = {**known.DEEPSEEK_V3, "index_topk": 2048}
    assert held(config, GIB, "0.19.0", tensor=8).kv_bytes_per_token == 61 * (576 * 2 + 132)
    assert held(config, GIB, "0.19.0", tensor=8, kv_dtype="fp8").kv_bytes_per_token == 61 * (656 + 132)


def test_the_old_engine_holds_windows_for_all_tokens() -> None:
    config = known.plain("mistral", 32, 4096, 32, 14336, 32000, num_key_value_heads=8, sliding_window=4096)
    assert held(config, 4 * GIB, "0.6.4", length=32768).concurrency == 1.0
    newer = held(config, 4 * GIB, "0.19.0", length=32768, batched=2048).concurrency
    assert newer is not None and newer > 5


def test_the_old_engine_cuts_the_cache_into_blocks_of_sixteen() -> None:
    llama = known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8)
    assert held(llama, 3.8127 * GIB, "0.6.4", length=20_000).kv_tokens == 31_232


@pytest.mark.parametrize(
    ("layers", "pipeline", "shares"),
    [(80, 4, [20] * 4), (61, 2, [31, 30]), (62, 4, [15, 16, 16, 15]), (3, 4, [1, 1, 1, 0])],
)
def test_layers_that_do_not_divide_go_to_the_ranks_before_the_last(
    layers: int, pipeline: int, shares: list[int]
) -> None:
    assert ranks(layers, pipeline) == shares


@pytest.mark.parametrize("kv_gib", [1, 3, 7])
def test_the_longest_context_fits_and_one_block_more_does_not(kv_gib: int) -> None:
    config = {**GEMMA3_12B, "max_position_embeddings": 1 << 30}
    fit = held(config, kv_gib * GIB, "0.32.0", length=1024, batched=2048)
    assert fit.longest is not None and fit.longest > 1024
    assert held(config, kv_gib * GIB, "0.32.0", length=fit.longest, batched=2048).starts
    assert not held(config, kv_gib * GIB, "0.32.0", length=fit.longest + 16, batched=2048).starts


def test_a_cpu_server_cuts_the_cache_as_it_prints_it() -> None:
    """vLLM 0.32.0 for the CPU with SmolLM2-135M: 1 GiB are 46 592 tokens, 5.69 requests of 8 192; of 50 MiB one block is held back."""
    smol = known.plain(
        "llama", 30, 576, 9, 1536, 49152, num_key_value_heads=3, head_dim=64, max_position_embeddings=8192
    )
    settings = Settings("0.32.0", cpu=True, kv_bytes=GIB)
    fit = estimate(model(smol), settings, Card(19.21))
    assert (fit.starts, fit.kv_tokens, round(fit.concurrency or 0, 2)) == (True, 46_592, 5.69)
    small = estimate(model(smol), replace(settings, kv_bytes=50 << 20), Card(19.21))
    assert (small.starts, small.longest) == (False, 2048)
    assert small.kv_needed_gib == pytest.approx(0.18, abs=0.005)
