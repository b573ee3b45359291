"""Whatever somebody wrote into config.json, a question, a header or a flag: an answer, and one that makes sense."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.fit import headers
from profiles.fit.bar import cells
from profiles.fit.config import model
from profiles.fit.corrected import Boot, corrected
from profiles.fit.estimate import estimate
from profiles.fit.flags import settings as settings_of
from profiles.fit.names import NAMES
from profiles.fit.printed import read
from profiles.fit.question import answer
from profiles.fit.records import Card, Settings
from profiles.profile import Profile
from tests.profiles.fit import families as known

KEYS = sorted(
    {name for names in NAMES.values() for name in names}
    | {key for _name, config, _size in known.KNOWN for key in config}
    | {
        "rope_scaling",
        "rope_parameters",
        "block_configs",
        "layer_pattern",
        "total_params",
        "quantization_config",
        "vision_config",
    }
    | {
        "model_type",
        "attn_type_list",
        "no_rope_layers",
        "attention_chunk_size",
        "sliding_window_pattern",
        "mlp_only_layers",
    }
)
ASKED = [
    *(
        "vllm_version",
        "engine",
        "quantization",
        "dtype",
        "kv_cache_dtype",
        "gpu",
        "gpu_total_gib",
        "gpu_free_gib",
        "weights_gib",
    ),
    *("tensor_parallel_size", "pipeline_parallel_size", "decode_context_parallel_size", "gpu_memory_utilization"),
    *(
        "max_model_len",
        "max_num_seqs",
        "max_num_batched_tokens",
        "block_size",
        "speculative_tokens",
        "cudagraph_in_budget",
    ),
    *("enforce_eager", "version_family", "data_parallel_size", "kv_cache_memory_bytes"),
]
NUMBERS = st.one_of(
    st.integers(-5, 300), st.integers(), st.floats(), st.sampled_from([1 << 40, 1 << 70, 1e308, -1, 0, 4096])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8), NUMBERS.map(str)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=8,
)
CONFIGS = st.one_of(
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=14),
    st.builds(
        lambda row, changes: {**row[1], **changes},
        st.sampled_from(known.KNOWN),
        st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4),
    ),
)
QUESTIONS = st.builds(
    lambda config, rest: {**rest, "model_facts": config},
    CONFIGS,
    st.dictionaries(st.sampled_from(ASKED), VALUES, max_size=10),
)


def sound(record: dict[str, Any]) -> None:
    """Check that an answer can be written and read, and does not contradict itself."""
    json.loads(json.dumps(record, allow_nan=False))
    assert record["starts"] in (True, False, None)
    assert bool(record["why"]) is (record["starts"] is not True)
    for name in (
        "weights_gib",
        "activation_gib",
        "non_torch_gib",
        "cudagraph_gib",
        "kv_cache_gib",
        "kv_tokens",
        "max_concurrency",
    ):
        assert record[name] is None or (record[name] >= 0 and math.isfinite(record[name]))
    if record["starts"] and record["max_concurrency"] is not None:
        assert record["max_concurrency"] >= 1


@settings(max_examples=400, deadline=None)
@given(QUESTIONS)
def test_every_question_has_an_answer(question: dict[str, Any]) -> None:
    sound(answer(question))


@given(VALUES)
def test_even_what_is_no_question_has_one(question: object) -> None:
    sound(answer(question))


@settings(max_examples=200, deadline=None)
@given(CONFIGS, st.integers(1, 64), st.integers(1, 64), st.one_of(st.none(), st.floats(1, 2000)))
def test_every_config_can_be_reckoned(config: dict[str, Any], tensor: int, pipeline: int, total: float | None) -> None:
    fit = estimate(model(config), Settings(tensor=tensor, pipeline=pipeline), Card(total))
    bar = cells(fit, 40)
    assert sum(count for _name, count in bar) in (0, 40)
    if fit.total_gib and fit.starts:
        assert sum(part.gib for part in fit.parts()) >= fit.total_gib * 0.999


@given(st.lists(st.dictionaries(st.text(max_size=30), VALUES, max_size=4), max_size=3))
def test_every_header_is_read(records: list[dict[str, Any]]) -> None:
    headers.read(records)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "max-model-len",
                    "speculative-config",
                    "compilation-config",
                    "limit-mm-per-prompt",
                    "tensor-parallel-size",
                    "gpu-memory-utilization",
                    "kv-cache-memory-bytes",
                ]
            ),
            st.one_of(st.none(), st.text(max_size=20), VALUES.map(lambda value: json.dumps(value, default=str))),
        )
    )
)
def test_every_flag_is_read(flags: list[tuple[str, str | None]]) -> None:
    found = settings_of(Profile("x", "m", flags=tuple(flags)))
    estimate(model(known.GPT_OSS_20B), found, Card(24.0))


@given(st.lists(st.text(max_size=80)))
def test_every_line_is_read(lines: list[str]) -> None:
    boot = Boot(Settings(), Card(24.0), read(lines))
    corrected(model(known.GPT_OSS_20B), Settings(), Card(24.0), [boot])
