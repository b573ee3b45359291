"""What vLLM printed is read, and corrects the next estimate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from profiles.fit.config import model
from profiles.fit.corrected import Boot, corrected, lesson
from profiles.fit.estimate import estimate
from profiles.fit.printed import Printed, read
from profiles.fit.records import Card, Settings
from tests.profiles.fit import families as known

V0 = """Loading model weights took 14.9888 GB
model weights take 14.99GiB; non_torch_memory takes 0.35GiB; PyTorch activation peak memory takes 2.07GiB; the rest of the memory reserved for KV Cache is 3.81GiB.
# GPU blocks: 1952, # CPU blocks: 2048
Maximum concurrency for 20000 tokens per request: 1.56x""".splitlines()
V1 = """Model loading took 14.9889 GiB memory and 5.341 seconds
Estimated CUDA graph memory: 0.84 GiB total
Available KV cache memory: 58.11 GiB
GPU KV cache size: 476,016 tokens
Maximum concurrency for 16,384 tokens per request: 29.05x
Graph capturing finished in 20 secs, took 0.91 GiB""".splitlines()
V2 = """Free memory on device (23.05/23.56 GiB) on startup. Desired GPU memory utilization is (0.972, 22.9 GiB). Actual usage is 14.73 GiB for consumed memory (weights + non-torch), 1.09 GiB for peak activation, and 0.71 GiB for CUDAGraph memory.
GPU KV cache size: 222,822 tokens, Maximum concurrency for 131,072 tokens per request: 1.70x""".splitlines()
CPU = "Auto set (1.4/19.21) GiB for KV cache on node 0, with 1.92 GiB requested memory for the worker. 0.52 GiB memory was consumed by non-kv usages."

CPU_SETTINGS = Settings("0.32.0", utilization=0.1, length=2048, block=64, cpu=True)
LLAMA = model(known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8, **known.UNTIED))
SETTINGS = Settings("0.19.0", utilization=0.95, length=16384)
CARD = Card(79.19, 78.68, "NVIDIA H100 80GB HBM3")


def test_the_lines_of_every_version_are_read() -> None:
    assert read(V0) == Printed(14.99, 0.35, 2.07, kv_gib=3.81, blocks=1952, concurrency=1.56)
    assert read(V1) == Printed(14.9889, graphs_gib=0.91, kv_gib=58.11, kv_tokens=476_016, concurrency=29.05)
    assert read(V2) == Printed(
        activation_gib=1.09, consumed_gib=14.73, total_gib=23.56, kv_tokens=222_822, concurrency=1.7
    )
    assert read([CPU]) == Printed(kv_gib=1.4, consumed_gib=0.52)


def test_of_several_ranks_the_smallest_cache_and_the_largest_rest_count() -> None:
    lines = [
        "Available KV cache memory: 5.00 GiB",
        "Available KV cache memory: 4.50 GiB",
        "Model loading took 7.1 GiB",
        "Model loading took 7.0 GiB",
    ]
    assert read(lines) == Printed(weights_gib=7.1, kv_gib=4.5)


@pytest.mark.parametrize(
    "line",
    ["", "Available KV cache memory: GiB", "Model loading took x GiB", "GPU KV cache size: ,, tokens", "9" * 100_000],
)
def test_other_lines_say_nothing(line: str) -> None:
    assert read([line]) == Printed()


def test_the_same_launch_gets_what_was_printed() -> None:
    boot = Boot(SETTINGS, CARD, Printed(15.2, kv_gib=57.0))
    fit = corrected(LLAMA, SETTINGS, CARD, [boot])
    assert fit.kv_gib == pytest.approx(57.0) and fit.weights_gib == 15.2
    assert fit.uncertainty_gib == 0.15


def test_another_length_and_utilization_keep_the_lesson() -> None:
    boot = Boot(SETTINGS, CARD, Printed(15.2, kv_gib=57.0))
    fit = corrected(LLAMA, replace(SETTINGS, utilization=0.85, length=4096), CARD, [boot])
    assert fit.kv_gib == pytest.approx(57.0 - 0.1 * 79.19)


def test_other_rows_in_the_profile_run_leave_more_open() -> None:
    boot = Boot(SETTINGS, CARD, Printed(15.2, kv_gib=57.0))
    fit = corrected(LLAMA, replace(SETTINGS, sequences=64), CARD, [boot])
    assert (fit.uncertainty_gib or 0) > 0.15


def test_another_number_of_cards_teaches_nothing() -> None:
    boot = Boot(SETTINGS, CARD, Printed(15.2, kv_gib=57.0))
    two = replace(SETTINGS, tensor=2)
    assert lesson(LLAMA, two, boot) is None
    assert corrected(LLAMA, two, CARD, [boot]) == estimate(LLAMA, two, CARD)


def test_a_nonsensical_boot_teaches_only_its_weights() -> None:
    boot = Boot(SETTINGS, CARD, Printed(15.2, kv_gib=3.0))
    assert corrected(LLAMA, SETTINGS, CARD, [boot]).weights_gib == 15.2
    assert corrected(LLAMA, SETTINGS, CARD, [boot]).kv_gib == pytest.approx(58.0, abs=0.6)
    assert corrected(LLAMA, SETTINGS, CARD, [Boot(SETTINGS, CARD, Printed())]) == estimate(LLAMA, SETTINGS, CARD)


def test_on_the_cpu_what_was_resident_before_is_taken_as_printed() -> None:
    ram = Card(400.0, name="CPU")
    plain = estimate(LLAMA, CPU_SETTINGS, ram)
    taught = corrected(LLAMA, CPU_SETTINGS, ram, [Boot(CPU_SETTINGS, ram, Printed(kv_gib=10.0, consumed_gib=30.0))])
    assert taught.kv_gib == 10.0 and plain.kv_gib != 10.0
    assert (taught.uncertainty_gib or 0.0) < (plain.uncertainty_gib or 0.0)


def test_a_start_on_the_cpu_that_did_not_say_what_was_resident_teaches_nothing() -> None:
    assert lesson(LLAMA, CPU_SETTINGS, Boot(CPU_SETTINGS, CARD, Printed(kv_gib=10.0))) is None
