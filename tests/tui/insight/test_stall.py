"""When a server is asked for a token, and what it means when none comes; the clock is the numbers that are given."""

from __future__ import annotations

import pytest

from tui.insight.stall import AGAIN_SECONDS, STUCK_SECONDS, Outcome, Stall, Verdict
from tui.insight.vitals_scrape import Scrape

ANSWERED, LATE, FAULTY, UNSURE = Outcome.ANSWERED, Outcome.LATE, Outcome.FAULTY, Outcome.UNSURE


def reading(at: float, *tokens: float, running: tuple[float, ...] = (), aborted: float = 0) -> Scrape:
    """A reading with the tokens that each engine has generated."""
    lines = [f'vllm:generation_tokens_total{{engine="{number}"}} {count}\n' for number, count in enumerate(tokens)]
    lines += [f'vllm:num_requests_running{{engine="{number}"}} {count}\n' for number, count in enumerate(running)]
    lines += [f'vllm:request_success_total{{engine="0",finished_reason="abort"}} {aborted}\n']
    return Scrape.read("".join(lines), at)


def standing(every: float = 60.0, engines: int = 1) -> Stall:
    """A server whose counters stand still since 0."""
    stall = Stall(every)
    stall.note(reading(0, *[7.0] * engines))
    return stall


def test_a_server_is_asked_only_when_its_counters_have_stood_still_long_enough() -> None:
    stall = standing()
    stall.note(reading(50, 7))
    assert not stall.due(59)
    assert stall.due(60)


def test_counters_that_move_put_the_question_off() -> None:
    stall = standing()
    stall.note(reading(50, 7))
    stall.note(reading(51, 8))
    assert not stall.due(110)
    assert stall.due(111)


def test_counters_seen_anew_came_to_stand_soon_after_the_reading_before() -> None:
    stall = standing()
    stall.note(reading(50, 7))
    stall.note(reading(60, 8))
    assert stall.wait(60) == 52.5


def test_a_first_reading_that_comes_late_puts_nothing_off() -> None:
    stall = Stall(15)
    assert stall.wait(0) == 15
    stall.note(reading(10, 7))
    assert stall.wait(10) == 5


def test_what_our_own_question_moved_does_not_put_off_the_next() -> None:
    stall = standing(every=15)
    stall.note(reading(10, 7))
    stall.judge([ANSWERED], 15, 15)
    stall.note(reading(25, 8))
    assert stall.wait(25) == 5


def test_readings_far_apart_leave_some_of_the_patience() -> None:
    stall = standing(every=4)
    stall.note(reading(10, 8))
    assert stall.wait(10) == 1


def test_clients_that_hang_up_are_no_progress() -> None:
    stall = standing()
    stall.note(reading(50, 7, aborted=3))
    assert stall.due(60)


def test_an_answer_is_good_for_as_long_as_the_counters_may_stand_still() -> None:
    stall = standing()
    stall.judge([ANSWERED], 61, 60)
    assert stall.verdict is Verdict.WORKS
    assert not stall.due(120)
    assert stall.due(121)


def test_zero_seconds_ask_never_whoever_wants_it() -> None:
    stall = standing(every=0)
    stall.want()
    stall.doubt(10)
    assert not stall.due(1e9)


def test_whoever_waits_in_vain_has_it_asked_at_once() -> None:
    stall = standing()
    stall.want()
    assert stall.due(1)
    stall.judge([ANSWERED], 2, 1)
    assert not stall.due(3)


def test_a_server_that_does_not_even_say_how_it_is_is_asked_at_once_but_not_again_and_again() -> None:
    stall = standing()
    stall.doubt(1)
    assert stall.due(1)
    stall.judge([UNSURE], 2, 1)
    stall.doubt(3)
    assert not stall.due(3)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([ANSWERED], Verdict.WORKS),
        ([LATE], Verdict.HUNG),
        ([LATE, LATE], Verdict.HUNG),
        ([FAULTY], Verdict.BROKEN),
        ([UNSURE], Verdict.WORKS),
        ([ANSWERED, LATE], Verdict.HALF),
        ([ANSWERED, FAULTY], Verdict.HALF),
        ([ANSWERED, ANSWERED], Verdict.WORKS),
        ([LATE, FAULTY], Verdict.HUNG),
    ],
)
def test_what_the_answers_mean(outcomes: list[Outcome], verdict: Verdict) -> None:
    stall = standing(engines=len(outcomes))
    stall.judge(outcomes, 70, 60)
    assert stall.verdict is verdict


def test_each_engine_is_asked() -> None:
    assert standing(engines=4).questions == 4


def test_a_server_that_hangs_is_asked_again_soon_and_works_when_it_answers() -> None:
    stall = standing()
    stall.judge([LATE], 70, 60)
    assert not stall.due(70 + AGAIN_SECONDS - 1)
    assert stall.due(70 + AGAIN_SECONDS)
    stall.judge([ANSWERED], 80, 79)
    assert stall.verdict is Verdict.WORKS


def test_tokens_that_come_again_end_a_hang_without_a_question() -> None:
    stall = standing()
    stall.judge([LATE], 70, 60)
    stall.note(reading(71, 7))
    assert stall.verdict is Verdict.HUNG
    stall.note(reading(72, 9))
    assert stall.verdict is Verdict.WORKS


def test_a_server_that_got_on_while_our_question_waited_is_slow_and_not_hung() -> None:
    stall = standing()
    stall.note(reading(69, 8))
    stall.judge([LATE], 70, 60)
    assert stall.verdict is Verdict.WORKS


def test_tokens_of_the_healthy_engines_do_not_make_a_half_dead_server_whole() -> None:
    stall = standing(engines=2)
    stall.judge([ANSWERED, LATE], 70, 60)
    stall.note(reading(71, 9, 7))
    assert stall.verdict is Verdict.HALF
    stall.judge([ANSWERED, ANSWERED], 80, 79)
    assert stall.verdict is Verdict.WORKS


def test_an_engine_that_holds_requests_and_does_nothing_while_another_works_is_dead() -> None:
    stall = Stall(0)
    for at in range(0, int(STUCK_SECONDS), 5):
        stall.note(reading(at, at, 7, running=(1, 1)))
        assert stall.verdict is Verdict.WORKS
    stall.note(reading(STUCK_SECONDS, 99, 7, running=(1, 1)))
    assert stall.verdict is Verdict.HALF
    stall.note(reading(STUCK_SECONDS + 1, 100, 8, running=(1, 1)))
    assert stall.verdict is Verdict.WORKS


def test_where_one_may_ask_such_an_engine_is_asked_before_it_counts_as_dead() -> None:
    stall = Stall(60)
    for at in range(0, 35, 5):
        stall.note(reading(at, at, 7, running=(1, 1)))
        assert stall.due(at) == (at >= STUCK_SECONDS / 2)
        assert stall.verdict is Verdict.WORKS
    stall.judge([ANSWERED, ANSWERED], 31, 30)
    assert stall.verdict is Verdict.WORKS
    stall.note(reading(32, 40, 7, running=(1, 1)))
    assert stall.verdict is Verdict.HALF, "the answers came from the other engine"


def test_an_engine_whose_gauge_alone_stood_still_answers_and_is_well() -> None:
    stall = Stall(60)
    for at in range(0, 35, 5):
        stall.note(reading(at, at, 7, running=(1, 1)))
    stall.judge([ANSWERED, ANSWERED], 31, 30)
    for at in range(32, 100, 5):
        stall.note(reading(at, 40, 8, running=(0, 0)))
        assert stall.verdict is Verdict.WORKS


def test_an_engine_that_got_on_while_its_question_waited_is_slow_beside_the_quick_ones() -> None:
    stall = standing(engines=2)
    stall.note(reading(69, 8, 8))
    stall.judge([ANSWERED, LATE], 70, 60)
    assert stall.verdict is Verdict.WORKS


def test_the_silent_one_of_two_engines_is_the_one_whose_counters_stand() -> None:
    stall = standing(engines=2)
    stall.note(reading(69, 8, 7))
    stall.judge([ANSWERED, LATE], 70, 60)
    assert stall.verdict is Verdict.HALF


def test_an_engine_without_requests_rests() -> None:
    stall = Stall(60)
    for at in range(0, 100, 5):
        stall.note(reading(at, at, 7, running=(1, 0)))
    assert stall.verdict is Verdict.WORKS
