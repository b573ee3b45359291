"""A profile's flags become the settings that move memory."""

from __future__ import annotations

import pytest

from profiles.fit.flags import settings, switch
from profiles.fit.records import GIB, Settings
from profiles.profile import Profile


def of(
    *flags: tuple[str, str | None],
    image: str = "vllm/vllm-openai:v0.19.0",
    env: tuple[tuple[str, str], ...] = (),
    gpus: str = "all",
) -> Settings:
    return settings(Profile("x", "m", image=image, flags=flags, env=env, gpus=gpus))


def test_an_empty_profile_leaves_all_to_vllm() -> None:
    assert of() == Settings("v0.19.0")


def test_sizes_are_read_as_vllm_reads_them() -> None:
    found = of(
        ("max-model-len", "32k"),
        ("max-num-seqs", "64"),
        ("max-num-batched-tokens", "8K"),
        ("kv-cache-memory-bytes", "300M"),
    )
    assert (found.length, found.sequences, found.batched, found.kv_bytes) == (32_000, 64, 8192, 300 << 20)
    assert of(("max-model-len", "auto")).length is None
    assert of(("max-model-len", "-1")).length is None


def test_ranks_and_dtypes_and_utilization_arrive() -> None:
    found = of(
        ("tensor-parallel-size", "4"),
        ("pipeline-parallel-size", "2"),
        ("kv-cache-dtype", "fp8"),
        ("dtype", "half"),
        ("gpu-memory-utilization", "0.85"),
    )
    assert (found.tensor, found.pipeline, found.kv_dtype, found.dtype, found.utilization) == (4, 2, "fp8", "half", 0.85)


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ((("enforce-eager", None),), True),
        ((("enforce-eager", "false"),), False),
        ((("optimization-level", "0"),), True),
        ((("compilation-config", '{"cudagraph_mode": "NONE"}'),), True),
        ((("compilation-config.cudagraph_mode", "none"),), True),
        ((("compilation-config", "3"),), False),
        ((("compilation-config", "{broken"),), False),
    ],
)
def test_eager_has_several_names(flags: tuple[tuple[str, str | None], ...], wanted: bool) -> None:
    assert of(*flags).eager is wanted


def test_drafting_adds_layers_unless_it_needs_none() -> None:
    eagle = of(("speculative-config", '{"method": "eagle3", "num_speculative_tokens": 3}'))
    assert (eagle.draft_tokens, eagle.draft_layers) == (3, None)
    ngram = of(("speculative-config.method", "ngram"), ("speculative-config.num_speculative_tokens", "5"))
    assert (ngram.draft_tokens, ngram.draft_layers) == (5, 0)


def test_a_switch_can_be_said_both_ways() -> None:
    profile = Profile("x", "m", flags=(("no-enable-prefix-caching", None), ("enable-lora", None)))
    assert switch(profile, "enable-prefix-caching") is False
    assert switch(profile, "enable-lora") is True
    assert switch(profile, "enforce-eager") is None


def test_adapters_have_vllms_defaults() -> None:
    found = of(("enable-lora", None), ("max-loras", "2"))
    assert (found.lora_count, found.lora_rank) == (2, 16)
    assert of(("max-loras", "2")).lora_count == 0


def test_no_pictures_at_all_leaves_the_tower_unloaded() -> None:
    assert of(("limit-mm-per-prompt", '{"image": 0, "video": {"count": 0}}')).language_only
    assert not of(("limit-mm-per-prompt", '{"image": 1, "video": 0}')).language_only
    assert of(("language-model-only", None)).language_only


def test_variables_count_too() -> None:
    found = of(gpus="none", env=(("VLLM_CPU_KVCACHE_SPACE", "2"),))
    assert (found.cpu, found.kv_bytes) == (True, 2 * GIB)
    assert of(env=(("VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS", "0"),)).graphs_in_budget is False
    image = settings(Profile("x", "m", gpus="none"), environ={"VLLM_CPU_KVCACHE_SPACE": "1"})
    assert image.kv_bytes == GIB


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("vllm/vllm-openai:v0.32.0", "v0.32.0"),
        ("reg:5000/vllm:0.11.2-cu128", "0.11.2-cu128"),
        ("vllm/vllm-openai:latest", ""),
        ("vllm/vllm-openai", ""),
    ],
)
def test_the_version_is_in_the_images_tag(image: str, version: str) -> None:
    assert of(image=image).version == version
    assert settings(Profile("x", "m", image=image), "0.9.0").version == "0.9.0"
