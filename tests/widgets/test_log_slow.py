"""An expression that would take for ever is given up, and that is told; the app goes on."""

from __future__ import annotations

import threading
import time

import pytest
from textual.app import App, ComposeResult

from tests.tui.waiting import shown, until
from tests.widgets.log_lines import lines_of
from widgets.log_box import LogBox
from widgets.log_finder import LogFinder
from widgets.log_pattern import LONGEST_LINE, Pattern
from widgets.log_store import LogStore

EVIL = "a" * 26 + "b"
SLOW = (r"(a+)+$", r"(a|aa)+$", r"(a?a)+$", r"a.*a.*a.*a.*x", r"(?:a?){26}a{30}c")


def store_of(*texts: str) -> LogStore:
    store = LogStore()
    store.add(lines_of(*texts))
    return store


@pytest.mark.parametrize("text", SLOW)
def test_an_expression_that_explodes_is_given_up_quickly(text: str) -> None:
    chunk = store_of(*["a" * 400 + "b"] * 50).chunks[0]
    pattern, begun = Pattern(text, regex=True), time.process_time()
    assert pattern.hits(chunk) == [] and pattern.spans("a" * 400 + "b") == []
    assert pattern.slow
    assert time.process_time() - begun < 0.2


def test_one_slice_of_looking_is_short_even_where_every_line_is_slow_to_match() -> None:
    finder = LogFinder(store_of(*["a" * 2000] * 100))
    finder.pattern = Pattern("a.*x", regex=True)
    begun = time.process_time()
    assert not finder.settle(0)
    assert time.process_time() - begun < 0.1
    for _ in range(1000):
        if finder.settle(0):
            break
    assert finder.count == 0 and not finder.pattern.slow


def test_an_expression_looks_through_the_beginning_of_an_endless_line() -> None:
    chunk = store_of("x" * (LONGEST_LINE - 1) + "needle", "needle").chunks[0]
    assert Pattern("needl[e]", regex=True).hits(chunk) == [1]
    assert Pattern("needle").hits(chunk) == [0, 1]


def test_a_thread_may_ask_too() -> None:
    chunk, found = store_of("one", "two").chunks[0], list[list[int]]()
    thread = threading.Thread(target=lambda: found.append(Pattern("t.o", regex=True).hits(chunk)))
    thread.start()
    thread.join()
    assert found == [[1]]


class LogApp(App[None]):
    """A log of one line that makes a common expression explode."""

    def compose(self) -> ComposeResult:
        yield LogBox()


async def test_typing_an_exploding_expression_is_told_and_the_app_goes_on() -> None:
    app = LogApp()
    async with app.run_test(size=(120, 20)) as pilot:
        view = app.query_one(LogBox).view
        view.add(lines_of(EVIL, "something else"))
        view.focus()
        await pilot.press("slash", "ctrl+r", *"(a+)+$")
        await until(lambda: "this expression takes too long" in shown(app))
        await pilot.press("escape")
        await until(lambda: "this expression takes too long" not in shown(app) and view.has_focus)
