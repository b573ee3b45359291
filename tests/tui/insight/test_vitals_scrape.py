"""Reading /metrics: quickly, only what is wanted, and nothing makes it fail."""

from __future__ import annotations

import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from tests.tui.insight.metrics_texts import RECORDINGS, line, recording
from tui.insight import vitals_scrape as names
from tui.insight.vitals import Scrape, Window

WANTED = {
    name
    for group in (
        names.RUNNING, names.WAITING, names.KV_CACHE, names.PROMPT, names.GENERATION, names.PREFIX_HITS,
        names.PREFIX_QUERIES, names.FINISHED, names.TTFT, names.TPOT,
    )
    for name in group
}  # fmt: skip
BUSY = recording("metrics-busy.txt")


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recording_reads_as_the_reference_reads_it(name: str) -> None:
    text = recording(name)
    wanted: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name in WANTED:
                le = sample.labels.get("le")
                detail = sample.labels.get("finished_reason", "") if le is None else repr(float(le))
                wanted.setdefault(sample.name, {})[detail] = sample.value
    assert Scrape.read(text, 3.0) == Scrape(3.0, {"0": wanted}, whole=True)
    assert len(wanted) == 11


def test_a_reading_takes_a_few_milliseconds_at_most() -> None:
    times = []
    for _ in range(30):
        start = time.perf_counter()
        Scrape.read(BUSY, 0)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.003


def test_a_label_may_hold_braces_quotes_and_commas() -> None:
    text = 'vllm:num_requests_running{model_name="a}{,=\\"\\\\",engine="7"} 2 1700000000\r\n'
    assert Scrape.read(text, 0).engines == {"7": {"vllm:num_requests_running": {"": 2.0}}}


@pytest.mark.parametrize("text", ["vllm:num_requests_running 2\n", 'vllm:num_requests_running{model_name="m"} 2\n'])
def test_a_version_without_engines_has_one(text: str) -> None:
    assert Scrape.read(text, 0).engines == {"0": {"vllm:num_requests_running": {"": 2.0}}}


def test_models_of_one_engine_are_added_and_a_repeated_line_counts_once() -> None:
    text = line("prompt_tokens_total", 5) + line("prompt_tokens_total", 7, model="b") + line("prompt_tokens_total", 6)
    assert Scrape.read(text, 0).engines["0"]["vllm:prompt_tokens_total"] == {"": 13.0}


@pytest.mark.parametrize(
    "damage",
    [
        line("prompt_tokens_total", "NaN"),
        line("prompt_tokens_total", "+Inf"),
        line("prompt_tokens_total", -1),
        line("prompt_tokens_total", "many"),
        line("prompt_tokens_total", "").rstrip() + "\n",
        'vllm:prompt_tokens_total{engine="0\n',
        "vllm:prompt_tokens_total\n",
        line("time_to_first_token_seconds_bucket", 1, le="x"),
        line("time_to_first_token_seconds_bucket", 1),
        line("prompt_tokens_total", 1999)[:-4],
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(damage: str) -> None:
    found = Scrape.read(line("num_requests_running", 2) + damage, 0)
    assert not found.whole
    assert found.engines == {"0": {"vllm:num_requests_running": {"": 2.0}}}


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1"])
def test_a_gauge_that_says_nothing_is_absent_and_damages_nothing(value: str) -> None:
    assert Scrape.read(line("num_requests_running", value), 0) == Scrape(0, {}, whole=True)


PIECES = st.sampled_from([*BUSY.splitlines(keepends=True), "NaN", "+Inf", "-1", "{", '"', "\\", "\n", "1e999", "\r"])
CUT = st.builds(lambda text, start, end: text[start:end], PIECES, st.integers(0, 40), st.integers(0, 200))


@given(st.lists(PIECES | CUT | st.text(max_size=20), max_size=30), st.integers(0, 30))
def test_no_text_makes_it_fail_or_hides_what_is_told_beside_it(parts: list[str], place: int) -> None:
    window = Window()
    window.add(Scrape.read(BUSY, 0))
    noise = "".join(part for part in parts[:place] if "running" not in part)
    window.add(Scrape.read("".join(parts), 1))
    told = window.add(Scrape.read(f"{noise}\n{line('num_requests_running', 4, 'noise')}", 2))
    assert next(one.running for one in told.engines if one.engine == "noise") == 4
