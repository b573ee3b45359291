"""The line that says why a boot failed: found among two hundred, and seldom the last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.answer_cause import cause_line

CORE = "\x1b[1;36m(EngineCore pid=86)\x1b[0;0m ERROR 11-24 00:23:55 [core.py:1510] "
TOO_LONG = (
    "ValueError: To serve at least one request with the model's max seq len (131072), (0.25 GiB KV cache is needed, "
    "which is larger than the available KV cache memory (0.1 GiB). Based on the available memory, the estimated maximum "
    "model length is 51072."
)
ENGINE_CORE = [
    "INFO 11-24 00:23:40 [api_server.py:1] vLLM API server version 0.32.0",
    f"{CORE}EngineCore failed to start.",
    f"{CORE}Traceback (most recent call last):",
    f'{CORE}  File "/usr/lib/python3.12/core.py", line 92, in __init__',
    f"{CORE}    raise ValueError(",
    f"{CORE}{TOO_LONG}",
    "(APIServer pid=1) Traceback (most recent call last):",
    '(APIServer pid=1)   File "/usr/bin/vllm", line 8, in <module>',
    "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
]
PYDANTIC = [
    "Traceback (most recent call last):",
    "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig",
    "  Value error, User-specified max_model_len (65536) is greater than the derived max_model_len [type=value_error, input]",
    "    For further information visit https://errors.pydantic.dev/2.11/v/value_error",
]
FIELD = [
    "pydantic_core._pydantic_core.ValidationError: 1 validation error for CacheConfig",
    "gpu_memory_utilization",
    "  Input should be less than or equal to 1 [type=less_than_equal, input_value=1.8, input_type=float]",
]
ARGPARSE = ["usage: vllm serve [model_tag] [options]", "vllm: error: unrecognized arguments: --quantize nf4", ""]
SHELL = ["starting", "exec: vllm: not found"]


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (ENGINE_CORE, TOO_LONG),
        (PYDANTIC, "Value error, User-specified max_model_len (65536) is greater than the derived max_model_len"),
        (
            FIELD,
            "gpu_memory_utilization: Input should be less than or equal to 1 [type=less_than_equal, input_value=1.8",
        ),
        (ARGPARSE, "vllm: error: unrecognized arguments: --quantize nf4"),
        (SHELL, "exec: vllm: not found"),
        (["hello", "", "world", ""], "world"),
        ([], ""),
    ],
)
def test_the_cause_is_found(log: list[str], cause: str) -> None:
    assert cause_line(log) == cause


def test_escapes_do_not_pass() -> None:
    assert cause_line(["\x1b]52;c;aGk=\x07RuntimeError: \x9b31mbad\x1b[0m"]) == "]52;c;aGk=RuntimeError: 31mbad"


@given(st.lists(st.text(max_size=60), max_size=12))
def test_no_log_breaks_it(lines: list[str]) -> None:
    assert isinstance(cause_line(lines), str)
