"""How a server does, out of the last minute's readings."""

from __future__ import annotations

import pytest

from tests.tui.insight.metrics_texts import busier, histogram, line, recording, slow, slow_quantile
from tui.insight.vitals import EngineVitals, Vitals, Window
from tui.insight.vitals_scrape import Scrape

IDLE, BUSY = recording("metrics-idle.txt"), recording("metrics-busy.txt")


def after(*readings: tuple[float, str]) -> Vitals:
    """Read these texts at their times and give the last answer."""
    window = Window()
    return [window.add(Scrape.read(text, at)) for at, text in readings][-1]


def counted(prompt: float, generation: float, engine: str | None = "0") -> str:
    return line("prompt_tokens_total", prompt, engine) + line("generation_tokens_total", generation, engine)


def test_three_readings_give_what_a_slow_reading_of_the_same_texts_gives() -> None:
    def busier_by(series: str, value: float) -> float:
        return value if "usage" in series or "num_requests" in series else 3 * value + (7 if "+Inf" in series else 0)

    later = busier(BUSY, busier_by)
    found = after((100.0, IDLE), (101.5, BUSY), (104.0, later))
    for name, rate, rates in (
        ("prompt_tokens_total", found.prompt_rate, found.rates_in),
        ("generation_tokens_total", found.generation_rate, found.rates_out),
    ):
        one, two, three = (slow(text, name)[""] for text in (IDLE, BUSY, later))
        assert rate == pytest.approx((three - one) / 4.0)
        assert rates == pytest.approx([(two - one) / 1.5, (three - two) / 2.5])
    for name, percentiles in (("time_to_first_token", found.ttft), ("inter_token_latency", found.tpot)):
        buckets = [slow(text, f"{name}_seconds_bucket") for text in (IDLE, later)]
        assert percentiles == pytest.approx([slow_quantile(share, *buckets) for share in (0.5, 0.95)], abs=1e-9)
    reasons = [slow(text, "request_success_total") for text in (IDLE, later)]
    assert found.finished == {reason: reasons[1][reason] - reasons[0][reason] for reason in reasons[1]}
    assert (found.running, found.waiting) == (6, 0)
    assert found.kv == slow(BUSY, "kv_cache_usage_perc")[""]


def test_a_first_reading_knows_only_what_is_now() -> None:
    kv = 0.04958677685950408
    zeros = dict.fromkeys(("stop", "length", "abort", "error", "repetition"), 0.0)
    assert after((5.0, BUSY)) == Vitals(5.0, 6, 0, kv, finished=zeros, engines=(EngineVitals("0", 6, 0, kv),))


def test_where_nothing_happened_there_are_rates_of_nothing_and_no_percentiles() -> None:
    found = after((0.0, BUSY), (1.0, BUSY))
    assert (found.prompt_rate, found.generation_rate) == (0.0, 0.0)
    assert (found.ttft, found.tpot, found.prefix_hit) == (None, None, None)


def test_a_rate_is_taken_over_five_seconds_where_there_are_so_many() -> None:
    found = after(*((float(second), counted(0, second**2)) for second in range(9)))
    assert found.generation_rate == (8**2 - 3**2) / 5
    assert found.rates_out == (1, 3, 5, 7, 9, 11, 13, 15)


def test_what_is_older_than_a_minute_is_forgotten() -> None:
    def finished(count: int) -> str:
        return line("request_success_total", count, finished_reason="stop")

    found = after(*((10.0 * step, finished(step)) for step in range(20)))
    assert found.finished == {"stop": 6}


def test_after_a_pause_longer_than_a_minute_or_a_clock_set_back_it_begins_anew_without_a_restart() -> None:
    for times in ((0.0, 1.0, 62.0), (100.0, 101.0, 3.0)):
        found = after(*((at, counted(1, 10 * at)) for at in sorted(times)[:2]), (times[2], counted(1, 5000)))
        assert (found.generation_rate, found.rates_out, found.restarted) == (None, (), False)


def test_a_server_that_starts_anew_is_noticed_once_and_its_window_begins_anew() -> None:
    window = Window()
    steps = [(0.0, 100), (1.0, 200), (2.0, 5), (3.0, 25)]
    found = [window.add(Scrape.read(counted(1, count), at)) for at, count in steps]
    assert [one.restarted for one in found] == [False, False, True, False]
    assert [one.generation_rate for one in found] == [None, 100.0, None, 20.0]
    assert found[-1].rates_out == (20.0,)


def test_a_counter_that_is_gone_is_a_restart_too() -> None:
    later = line("num_requests_running", 0)
    assert after((0.0, later + counted(1, 1)), (1.0, later)).restarted


def test_a_histogram_that_falls_is_a_restart() -> None:
    buckets = ({"0.1": 3, "+Inf": 9}, {"0.1": 2, "+Inf": 10})
    found = after(*((float(at), histogram("time_to_first_token_seconds", one)) for at, one in enumerate(buckets)))
    assert found.restarted
    assert found.ttft is None


def test_a_damaged_reading_tells_of_now_and_spoils_no_difference() -> None:
    damaged = line("num_requests_running", 3) + line("generation_tokens_total", "NaN")
    window = Window()
    window.add(Scrape.read(counted(1, 100), 0.0))
    now = window.add(Scrape.read(damaged, 1.0))
    assert (now.running, now.restarted) == (3, False)
    assert window.add(Scrape.read(counted(1, 300), 2.0)).generation_rate == 100.0
    page = window.add(Scrape.read("<html>\n", 3.0))
    assert (page.running, page.generation_rate, page.rates_out) == (None, 100.0, (100.0,))


def test_a_first_request_counts_where_a_version_shows_no_series_before_it() -> None:
    before = line("num_requests_running", 1, None)
    later = before + counted(40, 7, None) + histogram("time_to_first_token_seconds", {"0.2": 1, "+Inf": 1}, None)
    found = after((0.0, before), (1.0, later + line("request_success_total", 1, None, finished_reason="stop")))
    assert (found.prompt_rate, found.generation_rate) == (40.0, 7.0)
    assert found.ttft == (0.1, pytest.approx(0.19))
    assert found.finished == {"stop": 1.0}


def test_the_engines_of_a_data_parallel_server_are_summed_and_told_apart() -> None:
    def reading(step: int) -> str:
        return "".join(
            line("num_requests_running", number, str(number))
            + line("kv_cache_usage_perc", number / 20, str(number))
            + counted(0, step * number, str(number))
            for number in (10, 9, 2)
        )

    found = after((0.0, reading(0)), (1.0, reading(1)))
    assert (found.running, found.waiting, found.generation_rate) == (21, None, 21.0)
    assert found.kv == pytest.approx(0.35)
    assert [one.engine for one in found.engines] == ["2", "9", "10"]
    assert found.engines[2] == EngineVitals("10", 10, None, 0.5, 10.0)


def test_an_engine_that_comes_later_brings_no_burst() -> None:
    one = counted(0, 5000, "1")
    found = after((0.0, counted(0, 10)), (1.0, counted(0, 20) + one), (2.0, counted(0, 30) + counted(0, 5100, "1")))
    assert found.rates_out == (10.0, 110.0)
    assert not found.restarted


def test_an_old_and_a_new_name_of_one_thing_are_not_added() -> None:
    buckets = {"0.1": 1, "+Inf": 1}
    both = "".join(
        histogram(name, buckets) for name in ("inter_token_latency_seconds", "time_per_output_token_seconds")
    )
    slower = histogram("time_per_output_token_seconds", {"0.1": 1, "+Inf": 5})
    quick = histogram("inter_token_latency_seconds", {"0.1": 2, "+Inf": 2})
    gauges = line("kv_cache_usage_perc", 0.25) + line("gpu_cache_usage_perc", 0.25)
    found = after((0.0, both), (1.0, quick + slower + gauges))
    assert found.tpot == (0.05, pytest.approx(0.095))
    assert found.kv == 0.25


@pytest.mark.parametrize("old", ["", "gpu_"])
def test_prefix_hits_are_those_of_the_last_minute(old: str) -> None:
    def reading(hits: int, queries: int) -> str:
        return line(f"{old}prefix_cache_hits_total", hits) + line(f"{old}prefix_cache_queries_total", queries)

    assert after((0.0, reading(0, 1000)), (1.0, reading(61, 1100))).prefix_hit == pytest.approx(0.61)


def test_times_beyond_the_last_bound_say_so() -> None:
    readings = ({"1.0": 0, "2.5": 0, "+Inf": 0}, {"1.0": 2, "2.5": 2, "+Inf": 3})
    found = after(*((float(at), histogram("time_to_first_token_seconds", one)) for at, one in enumerate(readings)))
    assert found.ttft == (0.75, 2.5)
    assert found.ttft_beyond == (False, True)
