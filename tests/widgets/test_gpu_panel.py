"""The GPUs panel: what it says at its widths, and that it paints no more than what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.tui.contrast import TEXT, is_line, pieces
from tests.widgets.painted import PaintedApp
from widgets.gpu_panel import GpuPanel
from widgets.theme import DARK, LIGHT

Row, Holder = GpuPanel.Row, GpuPanel.Holder
GIB = 2**30
BUSY = Row(
    0, "RTX 4090", 63.4, 287.2, 0.71, int(19.4 * GIB), 24 * GIB, (0.0,) * 30 + (1.0,) * 30,
    (Holder("qwen3-8b", int(18.9 * GIB)), Holder("Xwayland", GIB // 2)),
)  # fmt: skip
QUIET = Row(1, "RTX 4090", 41, 38, 0.04, int(2.5 * GIB), 24 * GIB, (0.02,) * 60, (Holder("bge-m3", None),))
HOT = replace(BUSY, index=2, memory_used=int(23.7 * GIB), warnings=("hot 91 °C", "throttled: thermal"), holders=())
LOST = Row(3, "RTX 4090", lost="lost: fell off the bus")


def panel(width: int, *rows: Row, words: str = "") -> GpuPanel:
    made = GpuPanel()
    made.styles.width = width
    made.show(rows, "NVML · 1 s", words)
    return made


async def drawn(width: int, *rows: Row, height: int = 45, words: str = "", ascii_only: bool = False) -> list[str]:
    app = PaintedApp(panel(width, *rows, words=words), ascii_only=ascii_only)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        assert all(cell_len(line) <= width - 4 for line in app.text)
        return app.text


async def test_two_gpus_are_told_in_full() -> None:
    assert await drawn(46, BUSY, QUIET) == [
        "0 RTX 4090  63 °C  287 W",
        "  util ██████████████████───────  71%",
        "  vram ████████████████████───── 19.4/24.0",
        "       ▁▁▁▁▁▁▁▁▁▁▁▁▃████████████ 60 s",
        "  └ qwen3-8b 18.9 · Xwayland 0.5 GiB",
        "1 RTX 4090  41 °C  38 W",
        "  util █────────────────────────   4%",
        "  vram ███──────────────────────  2.5/24.0",
        "       ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁ 60 s",
        "  └ bge-m3 — GiB",
    ]


async def test_a_narrow_panel_keeps_every_figure() -> None:
    text = await drawn(30, replace(BUSY, name="NVIDIA GeForce RTX 4090"))
    assert text[0] == "0 NVIDIA Ge…  63 °C  287 W"
    assert text[1].endswith(" 71%")
    assert text[2] == "  vram ███████── 19.4/24.0"
    assert text[4].endswith("…")


async def test_what_is_not_reported_is_a_dash() -> None:
    text = await drawn(46, Row(0))
    assert text[0] == "0 —  — °C  — W"
    assert text[1].endswith("─    —")
    assert text[2].endswith("─    —/—")
    assert text[4] == "  └ —"


async def test_the_slices_of_a_gpu_stand_before_those_who_hold_it() -> None:
    parts = (GpuPanel.Part("3g.40gb", 29 * GIB, 40 * GIB), GpuPanel.Part("1g.10gb"))
    text = await drawn(46, replace(BUSY, parts=parts))
    assert text[4:] == ["  └ 3g.40gb 29.0/40.0 · 1g.10gb —/— GiB", "  └ qwen3-8b 18.9 · Xwayland 0.5 GiB"]


async def test_warnings_stand_in_words_and_a_lost_gpu_says_why() -> None:
    text = await drawn(46, HOT, LOST)
    assert text[4:] == [
        "  ▲ hot 91 °C · throttled: thermal · VRAM",
        "    99% full",
        "3 RTX 4090",
        "  ✖ lost: fell off the bus",
    ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (46, ["0 ██████───  71% ███████── 19.4/24.0 63 °C", "2▲"]),
        (30, ["0 ███─  71% ███─ 19.4/24.0", "2▲"]),
    ],
)
async def test_more_than_two_gpus_get_one_line_each_and_warnings_below(width: int, lines: list[str]) -> None:
    text = await drawn(width, BUSY, QUIET, HOT, LOST)
    assert [line[0] for line in text[:4]] == list("0123")
    assert text[0] == lines[0]
    assert text[2].startswith(lines[1])
    assert text[3].startswith("3✖ lost: fell off the bu")
    assert text[4].startswith("2 ▲ hot 91 °C")


async def test_a_low_terminal_gets_one_line_each_and_a_high_one_all_again() -> None:
    app = PaintedApp(panel(46, BUSY))
    async with app.run_test(size=(46, 30)) as pilot:
        await pilot.pause()
        assert len(app.text) == 1
        await pilot.resize_terminal(46, 45)
        await pilot.pause()
        assert len(app.text) == 5


async def test_gpus_of_one_kind_are_named_in_the_title_where_their_lines_have_no_room() -> None:
    app = PaintedApp(panel(46, BUSY, QUIET, HOT))
    async with app.run_test(size=(46, 45)) as pilot:
        await pilot.pause()
        assert "GPUs · 3 × RTX 4090" in app.frame
        assert "NVML · 1 s" in app.frame


async def test_without_gpus_the_reason_stands_there() -> None:
    text = await drawn(30, words="No GPU: NVML is not there and nvidia-smi is no command.")
    assert " ".join(text) == "No GPU: NVML is not there and nvidia-smi is no command."


async def test_in_ascii_nothing_else_is_left() -> None:
    text = await drawn(46, HOT, LOST, ascii_only=True)
    assert "".join(text).isascii()
    assert text[0] == "2 RTX 4090  63 oC  287 W"


async def test_nothing_is_painted_where_nothing_changes_and_one_row_where_one_does() -> None:
    app = PaintedApp(panel(46, BUSY, QUIET))
    shown: GpuPanel = app.widget  # type: ignore[assignment]
    async with app.run_test(size=(46, 45)) as pilot:
        await pilot.pause()
        app.forget()
        shown.show((replace(BUSY), replace(QUIET)), "NVML · 1 s")
        await pilot.pause()
        assert app.written == ""
        shown.show((replace(BUSY, utilization=0.5), QUIET), "NVML · 1 s")
        await pilot.pause()
        assert "50%" in app.written
        assert "util" in app.written
        assert "vram" not in app.written
        assert "RTX" not in app.written


async def test_nearly_full_memory_is_amber_and_says_so() -> None:
    app = PaintedApp(panel(46, replace(QUIET, memory_used=9750, memory_total=10000)))
    async with app.run_test(size=(46, 45)) as pilot:
        await pilot.pause()
        [front] = {piece.front for piece in pieces(app) if piece.y == 3 and "█" in piece.text}
        assert front.r > front.b + 50, "amber"
        assert app.text[-1] == "  ▲ VRAM 98% full"


async def test_more_lines_make_the_panel_higher() -> None:
    app = PaintedApp(panel(46, QUIET))
    shown: GpuPanel = app.widget  # type: ignore[assignment]
    async with app.run_test(size=(46, 45)) as pilot:
        await pilot.pause()
        assert shown.region.height == 7
        shown.show((QUIET, HOT), "NVML · 1 s")
        await pilot.pause()
        assert shown.region.height == 13


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
async def test_every_text_can_be_read(theme: str) -> None:
    app = PaintedApp(panel(46, HOT, LOST), theme)
    async with app.run_test(size=(46, 45)) as pilot:
        await pilot.pause()
        assert "hot" in str(app.text)
        assert not [str(one) for one in pieces(app) if not is_line(one.text) and one.contrast < TEXT]
