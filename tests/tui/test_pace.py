"""On a slow line figures are drawn anew now and then, and events at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tui import pace
from tui.pace import Pace
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State

SMOL = Server("local", "1", "smol", "container", State.READY)


class Clock:
    """Time that passes when it is told to, and what is due then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Remember a call."""
        self.due.append((self.now + seconds, call))

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        ripe = [call for when, call in self.due if when <= self.now]
        self.due = [one for one in self.due if one[0] > self.now]
        for call in ripe:
            call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock in place of the machine's."""
    clock = Clock()
    monkeypatch.setattr(pace.time, "monotonic", lambda: clock.now)
    return clock


def test_the_newest_is_shown_once_in_two_seconds_and_the_last_is_not_lost(clock: Clock) -> None:
    shown: list[int] = []
    slow: Pace[int] = Pace(2.0, shown.append, clock.later)
    for number in range(10):
        slow.put(number)
        clock.go(0.5)
    clock.go(2)
    assert shown == [0, 3, 7, 9]


def test_what_is_urgent_does_not_wait(clock: Clock) -> None:
    shown: list[int] = []
    slow: Pace[int] = Pace(2.0, shown.append, clock.later)
    slow.put(1)
    slow.put(2)
    slow.put(3, at_once=True)
    clock.go(5)
    assert shown == [1, 3]


def test_on_a_usual_line_nothing_waits(clock: Clock) -> None:
    shown: list[int] = []
    usual: Pace[int] = Pace(0.0, shown.append, clock.later)
    for number in range(3):
        usual.put(number)
    assert shown == [0, 1, 2]


def test_a_figure_is_no_event_and_a_state_is_one() -> None:
    view = FleetView("local", (SMOL,), loaded=True)
    assert replace(view, servers=(replace(SMOL, running=3),)).events == view.events
    assert replace(view, servers=(replace(SMOL, state=State.HUNG),)).events != view.events
    assert replace(view, servers=()).events != view.events
