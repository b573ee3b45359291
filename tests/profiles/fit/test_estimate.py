"""The estimate against what vLLM printed on real cards, and how it judges."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from profiles.fit.config import model
from profiles.fit.estimate import estimate
from profiles.fit.question import answer, asked
from profiles.fit.records import GIB, Card, Settings, Why
from tests.profiles.fit import families as known

CASES: list[dict[str, Any]] = json.loads(Path(__file__, "../../../data/fit-printed.json").resolve().read_text("utf-8"))
NAMES = [f"{case['model']} {case['question']['vllm_version']} {case['question']['max_model_len']}" for case in CASES]
each_case = pytest.mark.parametrize("case", CASES, ids=NAMES)
LLAMA = model(
    known.plain(
        "llama",
        32,
        4096,
        32,
        14336,
        128256,
        num_key_value_heads=8,
        torch_dtype="bfloat16",
        max_position_embeddings=131072,
        **known.UNTIED,
    )
)
H100 = Card(79.19, 78.68, "NVIDIA H100 80GB HBM3")


@each_case
def test_whether_it_starts_is_told_rightly(case: dict[str, Any]) -> None:
    found = answer(case["question"])
    assert found["starts"] is case["printed"]["starts"]
    assert bool(found["why"]) is not found["starts"]


@each_case
def test_the_cache_is_within_a_twentieth_and_never_promised_too_large(case: dict[str, Any]) -> None:
    printed = case["printed"]
    if printed["starts"]:
        found = answer(case["question"])["kv_cache_gib"]
        assert found == pytest.approx(printed["kv_cache_gib"], abs=max(0.3, 0.05 * printed["kv_cache_gib"]))


@each_case
def test_the_requests_at_once_are_within_a_tenth(case: dict[str, Any]) -> None:
    if wanted := case["printed"].get("max_concurrency"):
        assert answer(case["question"])["max_concurrency"] == pytest.approx(wanted, rel=0.12)


@each_case
def test_the_uncertainty_covers_what_was_printed(case: dict[str, Any]) -> None:
    if case["printed"]["starts"]:
        found = answer(case["question"])
        assert abs(found["kv_cache_gib"] - case["printed"]["kv_cache_gib"]) <= found["uncertainty_gib"] + 0.1


def test_the_weights_of_a_model_with_a_stretched_rotary_table_are_those_printed() -> None:
    gemma = replace(model(known.GEMMA3_4B), total=4_300_079_472)
    assert estimate(gemma, Settings("0.19.0", length=8192), H100).weights_gib == pytest.approx(8.58, abs=0.03)


def test_the_parts_make_up_the_card() -> None:
    fit = estimate(LLAMA, Settings("0.28.0", length=8192), H100)
    assert sum(part.gib for part in fit.parts()) == pytest.approx(79.19)
    assert [part.name for part in fit.parts()] == [
        "others",
        "weights",
        "non_torch",
        "activation",
        "graphs",
        "kv",
        "rest",
    ]


def test_less_free_than_wanted_is_refused_at_once() -> None:
    fit = estimate(LLAMA, Settings("0.19.0", utilization=0.9), Card(24.0, 20.0))
    assert (fit.starts, fit.why) == (False, Why.NOT_FREE)
    assert fit.numbers == {"free_gib": 20.0, "wanted_gib": pytest.approx(21.6)}
    assert fit.others_gib == 4.0


def test_weights_beyond_the_card_are_refused_while_loading() -> None:
    assert estimate(LLAMA, Settings("0.19.0"), Card(12.0)).why is Why.WEIGHTS


def test_nothing_left_for_the_cache_is_refused() -> None:
    assert estimate(LLAMA, Settings("0.19.0", utilization=0.65), Card(24.0)).why is Why.NO_ROOM


def test_a_context_that_is_too_long_is_refused_with_the_one_that_fits() -> None:
    settings = Settings("0.19.0", length=131072)
    fit = estimate(LLAMA, settings, Card(24.0, name="RTX 4090"))
    assert (fit.starts, fit.why) == (False, Why.TOO_LONG)
    assert fit.longest is not None and 20_000 < fit.longest < 131072
    assert estimate(LLAMA, replace(settings, length=fit.longest), Card(24.0, name="RTX 4090")).starts
    assert not estimate(LLAMA, replace(settings, length=fit.longest + 16), Card(24.0, name="RTX 4090")).starts


def test_the_lowest_utilization_still_starts_and_a_hundredth_less_does_not() -> None:
    settings = Settings("0.19.0", length=16384)
    lowest = estimate(LLAMA, settings, H100).lowest_utilization
    assert lowest is not None and lowest < 0.5
    assert estimate(LLAMA, replace(settings, utilization=lowest), H100).starts
    assert not estimate(LLAMA, replace(settings, utilization=lowest - 0.01), H100).starts


def test_what_others_hold_limits_the_utilization() -> None:
    assert estimate(LLAMA, Settings("0.19.0", length=131072), Card(79.19, 20.0)).lowest_utilization is None


def test_heads_that_cannot_be_divided_are_refused() -> None:
    fit = estimate(LLAMA, Settings("0.19.0", tensor=3), H100)
    assert (fit.why, fit.numbers) == (Why.INDIVISIBLE, {"heads": 32, "tensor": 3})


def test_an_unknown_card_leaves_the_verdict_open_and_tells_the_rest() -> None:
    fit = estimate(LLAMA, Settings("0.19.0"), Card())
    assert (fit.starts, fit.why, fit.kv_gib) == (None, Why.NO_TOTAL, None)
    assert fit.weights_gib == pytest.approx(14.9888, abs=0.0005) and fit.kv_bytes_per_token == 131072


def test_an_unknown_way_of_packing_leaves_the_verdict_open() -> None:
    fit = estimate(LLAMA, Settings("0.19.0", quantization="something-new"), H100)
    assert (fit.starts, fit.why, fit.weights_gib) == (None, Why.NO_WEIGHTS, None)


def test_two_cards_halve_weights_and_cache_but_not_kv_heads_beyond_their_number() -> None:
    def at(ranks: int) -> float | None:
        return estimate(LLAMA, Settings("0.19.0", tensor=ranks), H100).kv_bytes_per_token

    assert (at(1), at(2), at(8), at(16)) == (131072, 65536, 16384, 16384)


def test_a_latent_cache_is_not_divided_among_tensor_parallel_ranks_but_among_context_ranks() -> None:
    deepseek = model(known.DEEPSEEK_V3)
    assert estimate(deepseek, Settings("0.19.0", tensor=8), H100).kv_bytes_per_token == 61 * 576 * 2
    assert estimate(deepseek, Settings("0.19.0", tensor=8, context=8), H100).kv_bytes_per_token == 61 * 576 * 2 / 8


def test_pipeline_ranks_have_their_own_layers_and_the_fullest_decides() -> None:
    fit = estimate(LLAMA, Settings("0.19.0", pipeline=3, length=8192), H100)
    assert fit.kv_bytes_per_token == 11 * 4096
    assert fit.weights_gib is not None and 14.96 / 3 < fit.weights_gib < 14.96 / 2


def test_a_fixed_cache_needs_no_budget() -> None:
    fit = estimate(LLAMA, Settings("0.32.0", kv_bytes=4 * GIB, length=8192), Card())
    assert (fit.starts, fit.kv_gib, fit.kv_tokens, fit.uncertainty_gib) == (True, 4.0, 32768, 0.0)


def test_graphs_count_against_the_budget_since_0_21_unless_they_are_switched_off() -> None:
    def room(version: str, **more: Any) -> float:
        return estimate(LLAMA, Settings(version, length=8192, **more), H100).kv_gib or 0.0

    assert room("0.20.1") - room("0.21.0") == pytest.approx(0.94, abs=0.2)
    assert room("0.21.0", eager=True) == room("0.20.1")
    assert room("0.21.0", graphs_in_budget=False) == room("0.20.1")


def test_a_model_of_experts_can_be_spread_by_expert() -> None:
    mixtral = model(known.KNOWN[14][1])
    one = estimate(mixtral, Settings("0.19.0", tensor=2), H100).weights_gib or 0.0
    spread = estimate(mixtral, Settings("0.19.0", tensor=2, data=2, expert_parallel=True), H100).weights_gib or 0.0
    assert spread < one * 0.55


def test_adapters_keep_room() -> None:
    plain = estimate(LLAMA, Settings("0.19.0"), H100).weights_gib or 0.0
    lora = estimate(LLAMA, Settings("0.19.0", lora_count=4, lora_rank=64), H100).weights_gib or 0.0
    assert lora - plain == pytest.approx(4 * 64 * (8 * 4096 + 2 * 4096 + 3 * 14336) * 32 * 2 / GIB, rel=0.01)


def test_a_question_may_bring_the_whole_config() -> None:
    facts, settings, card = asked({"config": known.GPT_OSS_20B, "vllm_version": "nightly", "gpu_total_gib": "79.19"})
    assert (len(facts.blocks), settings.version, card.total_gib) == (24, "", 79.19)
    assert answer({"config": known.GPT_OSS_20B, "gpu_total_gib": 79.19})["starts"] is True


def test_a_margin_smaller_than_the_uncertainty_is_tight() -> None:
    settings = Settings("0.19.0", length=40_000)
    roomy, close = (
        estimate(LLAMA, settings, H100),
        estimate(LLAMA, replace(settings, length=44_000), Card(23.6, name="RTX 3090")),
    )
    assert (roomy.starts, roomy.tight) == (True, False)
    assert (close.starts, close.tight) == (True, True)
    assert not estimate(LLAMA, settings, Card()).tight
