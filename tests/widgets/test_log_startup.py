"""The Start-up bar says how far a start has come, in words as well as in colour."""

from __future__ import annotations

from textual.app import App, ComposeResult

from widgets.log_startup import StartupBar

Phase = StartupBar.Phase


class BarApp(App[None]):
    """A Start-up bar alone."""

    def compose(self) -> ComposeResult:
        yield StartupBar()


async def drawn(phases: list[Phase], seconds: float, last_good: float | None) -> tuple[str, str, str]:
    async with BarApp().run_test(size=(120, 10)) as pilot:
        bar = pilot.app.query_one(StartupBar)
        bar.show(phases, seconds, last_good)
        await pilot.pause()
        chain, below = str(bar.render()).split("\n")
        return chain, below, bar.border_subtitle or ""


async def test_phases_are_named_with_their_seconds() -> None:
    phases = [Phase("config", "done", 2.1), Phase("weights", "running", 4.0, 0.41), Phase("server", "waiting")]
    chain, below, words = await drawn(phases, 12, 48)
    assert chain == "✔ config 2.1 ▸ ◐ weights 41 % ▸ server ▸ ready"
    assert below.count("█") == round((1 + 0.41) / 3 * 118)
    assert "12 s; the last good one took 48 s" in words


async def test_a_failed_phase_is_crossed_out() -> None:
    chain, below, words = await drawn([Phase("config", "done", 2.1), Phase("KV cache", "failed", 0.8)], 3, None)
    assert "✖ KV cache 0.8" in chain
    assert "✖✖✖" in below
    assert "last good" not in words


async def test_a_finished_start_is_ready_and_full() -> None:
    chain, below, _ = await drawn([Phase("config", "done", 2.1)], 3, 100)
    assert chain.endswith("✔ ready")
    assert set(below) == {"█"}


async def test_a_start_that_takes_far_too_long_is_stalled() -> None:
    _, _, words = await drawn([Phase("weights", "running", 100)], 120, 48)
    assert "stalled" in words


def filled(phases: list[Phase], last_good: float | None) -> float:
    bar = StartupBar()
    bar.show(phases, 0.0, last_good)
    return bar.filled


def test_a_phase_fills_as_much_of_the_bar_as_it_took_in_the_last_good_start() -> None:
    assert filled([Phase("a", "running", 10.0, usual=20.0), Phase("b", "waiting", usual=12.0)], 32.0) == 10 / 32
    assert filled([Phase("a", "done", 21.0, usual=20.0), Phase("b", "running", 6.0, usual=12.0)], 32.0) == 26 / 32
    assert filled([Phase("a", "running", 90.0, usual=20.0), Phase("b", "waiting", usual=12.0)], 32.0) < 20 / 32


def test_a_start_of_which_nothing_is_known_moves_within_its_first_phase_and_never_past_it() -> None:
    at = [filled([Phase("a", "running", s, usual=0.3), Phase("b", "waiting", usual=0.7)], None) for s in (1, 10, 99)]
    assert 0 < at[0] < at[1] < at[2] < 0.3


async def test_where_there_is_little_room_the_last_phases_and_their_seconds_are_read() -> None:
    names = ("container", "config", "weights", "profile", "compile", "graphs", "warm-up", "server")
    chain, _below, _words = await drawn([Phase(f"{name} of it", "done", 12.5) for name in names], 100, None)
    assert len(chain) <= 118
    assert chain.startswith("… ▸ ") and chain.endswith("✔ server of it 12.5 ▸ ✔ ready")
