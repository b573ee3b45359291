"""Our own questions leave no trace in the figures."""

from __future__ import annotations

from tui.insight.vitals import Vitals, Window
from tui.insight.vitals_own import OwnShare
from tui.insight.vitals_scrape import Scrape


def reading(at: float, requests: int, tokens: int, running: int = 0) -> Scrape:
    """A reading of a server that has ended some requests and generated some tokens."""
    return Scrape.read(
        f'vllm:num_requests_running{{engine="0"}} {running}\n'
        f'vllm:generation_tokens_total{{engine="0"}} {tokens}\n'
        f'vllm:time_to_first_token_seconds_bucket{{engine="0",le="1.0"}} {requests}\n'
        f'vllm:time_to_first_token_seconds_bucket{{engine="0",le="+Inf"}} {requests}\n'
        f'vllm:request_success_total{{engine="0",finished_reason="length"}} {requests}\n',
        at,
    )


def shown(own: OwnShare, *readings: Scrape) -> Vitals:
    """What stands there after the readings."""
    window = Window()
    return [window.add(own.without(one)) for one in readings][-1]


def test_a_question_of_ours_does_not_show() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    vitals = window.add(own.without(reading(1, 6, 101)))
    assert vitals.finished == {"length": 0}
    assert vitals.generation_rate == 0
    assert vitals.ttft is None


def test_without_a_question_of_ours_the_same_reading_is_the_users() -> None:
    assert shown(OwnShare(), reading(0, 5, 100), reading(1, 6, 101)).finished == {"length": 1}


def test_what_users_ask_after_it_is_counted_whole() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    window.add(own.without(reading(1, 6, 101)))
    vitals = window.add(own.without(reading(2, 8, 151)))
    assert vitals.finished == {"length": 2}
    assert vitals.generation_rate == 25


def test_a_question_whose_trace_comes_a_reading_later_does_not_show_either() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    window.add(own.without(reading(1, 5, 100)))
    assert window.add(own.without(reading(2, 6, 101))).finished == {"length": 0}


def test_among_others_questions_nothing_is_taken_off() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    assert window.add(own.without(reading(1, 8, 180))).finished == {"length": 3}


def test_what_still_runs_beside_our_question_is_not_taken_for_ours() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    vitals = window.add(own.without(reading(1, 6, 130, running=1)))
    assert vitals.finished == {"length": 1}
    assert vitals.generation_rate == 30


def test_what_ran_before_our_question_is_not_taken_for_ours() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100, running=1)))
    own.asked(1)
    assert window.add(own.without(reading(1, 6, 130))).generation_rate == 30


def test_a_server_that_starts_anew_owes_us_nothing() -> None:
    own, window = OwnShare(), Window()
    window.add(own.without(reading(0, 5, 100)))
    own.asked(1)
    window.add(own.without(reading(1, 6, 101)))
    vitals = window.add(own.without(reading(2, 0, 0)))
    assert vitals.restarted
    assert window.add(own.without(reading(3, 1, 10))).finished == {"length": 1}
