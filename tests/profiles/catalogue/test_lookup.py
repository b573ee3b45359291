"""Flags are found by argparse's rules, as vLLM's own parser finds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.catalogue import How, bundled, find, is_value, nearest


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("--max-model-len", "max-model-len", None),
        ("--max_model_len=4096", "max-model-len", "4096"),
        ("-tp", "tensor-parallel-size", None),
        ("-tp=2", "tensor-parallel-size", "2"),
        ("--gpu-mem", "gpu-memory-utilization", None),
        ("--device-memory-utilization", "gpu-memory-utilization", None),
        ("--no-enable-prefix-caching", "no-enable-prefix-caching", None),
        ("-O3", "optimization-level", "3"),
        ("-O=2", "optimization-level", "2"),
        ("-qfp8", "quantization", "fp8"),
        ("-cc.mode=3", "compilation-config.mode", "3"),
        ("--compilation-config.pass_config.fuse_norm_quant", "compilation-config.pass_config.fuse_norm_quant", None),
    ],
)
def test_a_spelling_leads_to_its_flag(word: str, name: str, value: str | None) -> None:
    found = find(bundled(), word)
    assert (found.name, found.value) == (name, value)


def test_an_ambiguous_prefix_names_its_candidates() -> None:
    found = find(bundled(), "--device")
    assert found.how is How.AMBIGUOUS
    assert found.candidates == ("device-ids", "device-memory-utilization")


@pytest.mark.parametrize("word", ["--quantize", "-tp2", "--no-such", "--model-tag", "--"])
def test_what_this_vllm_does_not_have_is_unknown(word: str) -> None:
    assert find(bundled(), word).how is How.UNKNOWN


def test_the_nearest_name_is_offered() -> None:
    assert nearest(bundled(), "max-model-length")[0] == "max-model-len"
    assert nearest(bundled(), "zzzzzz") == ()


@pytest.mark.parametrize(("word", "yes"), [("-1", True), ("-.5", True), ("-", True), ("x", True), ("-x", False)])
def test_a_negative_number_is_a_value(word: str, yes: bool) -> None:
    assert is_value(word) is yes


@given(st.text(max_size=60))
def test_no_word_raises(word: str) -> None:
    found = find(bundled(), f"-{word}")
    assert (found.flag is None) == (found.how in (How.AMBIGUOUS, How.UNKNOWN))
