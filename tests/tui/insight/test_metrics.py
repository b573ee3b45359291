"""Reading /metrics."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.insight.metrics import Load, load


def test_a_busy_server_says_how_many_requests_run() -> None:
    text = (Path(__file__).parents[2] / "data" / "metrics-busy.txt").read_text()
    found = load(text)
    assert found.running == 6
    assert found.waiting == 0


def test_the_engines_of_a_data_parallel_server_are_summed() -> None:
    lines = [f'vllm:num_requests_running{{engine="{number}"}} {number + 1}.0' for number in range(2)]
    assert load("\n".join(lines)) == Load(3, None)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "1e400"])
def test_what_is_no_number_of_requests_is_absent(value: str) -> None:
    assert load(f'vllm:num_requests_running{{engine="0"}} {value}') == Load(None, None)


@given(st.lists(st.text()))
def test_no_text_makes_it_fail_or_hides_what_is_told_beside_it(texts: list[str]) -> None:
    noise = "".join(f"vllm:num_requests_waiting{{{text}\n{text}\n" for text in texts if "}" not in text)
    assert load(f'{noise}vllm:num_requests_running{{engine="0"}} 2.0\n{noise}').running == 2
