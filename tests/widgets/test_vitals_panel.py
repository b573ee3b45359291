"""The Vitals panel: what it says at its widths, and that it paints no more than what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.tui.contrast import TEXT, is_line, pieces
from tests.widgets.painted import PaintedApp
from widgets.theme import DARK, LIGHT
from widgets.vitals_panel import VitalsPanel

Row, Times, Engine = VitalsPanel.Row, VitalsPanel.Times, VitalsPanel.Engine
BUSY = Row(
    3, 0, 0.28, 142, 980.4, (0.0,) * 30 + (142.0,) * 30, (980.0,) * 60, Times(0.118, 0.402), Times(0.0214, 0.034), 0.61
)
SEVERAL = (Engine("0", 2, 1, 0.31, 70.4), Engine("1", 1, 0, None, None))


def panel(width: int, row: Row | None, words: str = "") -> VitalsPanel:
    made = VitalsPanel()
    made.styles.width = width
    made.show(row, "qwen3-8b", words)
    return made


async def drawn(width: int, row: Row | None, words: str = "", ascii_only: bool = False) -> list[str]:
    app = PaintedApp(panel(width, row, words), ascii_only=ascii_only)
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        assert "qwen3-8b" in app.frame
        assert all(cell_len(line) <= width - 4 for line in app.text)
        return app.text


async def test_a_busy_server_is_told_in_five_lines() -> None:
    assert await drawn(46, BUSY) == [
        "running 3   waiting 0   kv ███───────  28%",
        "out ▁▁▁▁▁▁▁▁▁▁▁▁▁█████████████   142 tok/s",
        "in  ██████████████████████████   980 tok/s",
        "ttft p50 118 p95 402 ms",
        "tpot p50 21  p95 34 ms   hit 61%",
    ]


async def test_a_narrow_panel_keeps_every_figure() -> None:
    assert await drawn(30, BUSY) == [
        "running 3   waiting 0",
        "kv █████─────────────  28%",
        "out ▁▁▁▁▁█████   142 tok/s",
        "in  ██████████   980 tok/s",
        "ttft p50 118 p95 402 ms",
        "tpot p50 21  p95 34 ms",
        "hit 61%",
    ]


async def test_what_is_not_known_is_a_dash() -> None:
    assert await drawn(46, None) == [
        "running —   waiting —   kv ──────────    —",
        "out                                — tok/s",
        "in                                 — tok/s",
        "ttft p50 — p95 —",
        "tpot p50 — p95 —   hit —",
    ]


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (Times(0.0043, 0.0099), "p50 4.3 p95 9.9 ms"),
        (Times(0.8, 2560.0, (False, True)), "p50 0.8 p95 >2560 s"),
        (Times(9.9, 9.99), "p50 9900 p95 9990 ms"),
        (Times(9.9, 10.0), "p50 9.9 p95 10.0 s"),
    ],
)
async def test_times_are_written_in_the_unit_of_the_longer(times: Times, told: str) -> None:
    assert (await drawn(46, replace(BUSY, ttft=times)))[3] == f"ttft {told}"


@pytest.mark.parametrize(
    ("rate", "told"), [(0.0, "0"), (0.04, "0.0"), (4.31, "4.3"), (9.96, "10"), (99_999, "99999"), (123_456, "123k")]
)
async def test_rates_keep_their_column(rate: float, told: str) -> None:
    assert (await drawn(46, replace(BUSY, rate_out=rate)))[1].endswith(f" {told} tok/s")


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (46, ["0 running 2 waiting 1 kv 31% 70 tok/s", "1 running 1 waiting 0 kv — — tok/s"]),
        (36, ["0 running 2 kv 31% 70 tok/s", "1 running 1 kv — — tok/s"]),
        (30, ["0 kv 31% 70 tok/s", "1 running 1 kv — — tok/s"]),
    ],
)
async def test_engines_have_a_line_each_where_there_are_several(width: int, told: list[str]) -> None:
    assert (await drawn(width, replace(BUSY, engines=SEVERAL)))[-2:] == told
    assert (await drawn(width, replace(BUSY, engines=SEVERAL[:1])))[-1].endswith("hit 61%")


async def test_words_stand_in_place_of_figures() -> None:
    words = "The server does not answer, so there is nothing to tell."
    assert " ".join(await drawn(30, None, words)) == words


async def test_in_ascii_nothing_else_is_left() -> None:
    assert "".join(await drawn(46, BUSY, ascii_only=True)).isascii()


async def test_nothing_is_painted_where_nothing_changes_and_one_row_where_one_does() -> None:
    app = PaintedApp(panel(46, BUSY))
    shown: VitalsPanel = app.widget  # type: ignore[assignment]
    async with app.run_test(size=(46, 24)) as pilot:
        await pilot.pause()
        app.forget()
        shown.show(replace(BUSY), "qwen3-8b")
        await pilot.pause()
        assert app.written == ""
        shown.show(replace(BUSY, hit=0.62), "qwen3-8b")
        await pilot.pause()
        assert "62%" in app.written
        assert "ttft" not in app.written
        app.forget()
        shown.show(replace(BUSY, hit=0.62), "bge-m3")
        await pilot.pause()
        assert "bge-m3" in app.frame


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_every_text_can_be_read(theme: str) -> None:
    app = PaintedApp(panel(46, replace(BUSY, engines=SEVERAL)), theme)
    async with app.run_test(size=(46, 24)) as pilot:
        await pilot.pause()
        assert "hit 61%" in str(app.text)
        assert not [str(one) for one in pieces(app) if not is_line(one.text) and one.contrast < TEXT]
