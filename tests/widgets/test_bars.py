"""The lines at the top and the bottom."""

from __future__ import annotations

import pytest
from textual import on
from textual.app import App, ComposeResult

from widgets.key_bar import KeyBar
from widgets.top_line import TopLine

KEYS = tuple(KeyBar.Key(key, f"Do {key}", f"id.{key}") for key in "abcdefghij")


class BarsApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        top = TopLine("host")
        top.places, top.here = (TopLine.Place("1", "Console", "console"),), "console"
        top.host = TopLine.HostLine("this machine", "WSL2", "docker 27.3", True)
        yield top
        bar = KeyBar()
        bar.keys, bar.pinned = KEYS, (KeyBar.Key("ctrl+q", "Quit", "quit"),)
        yield bar

    @on(KeyBar.Pressed)
    def _pressed(self, event: KeyBar.Pressed) -> None:
        self.pressed.append(event.id)


def lines(app: App[None]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def test_below_120_columns_at_most_six_keys_stand_left_and_the_pinned_ones_stay() -> None:
    async with BarsApp().run_test(size=(100, 10)) as pilot:
        await pilot.pause()
        last = lines(pilot.app)[-1]
        assert "f Do f" in last and "g Do g" not in last
        assert last.rstrip().endswith("ctrl+q Quit")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 160, 220])
async def test_only_whole_keys_are_shown_at_any_width(width: int) -> None:
    async with BarsApp().run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        shown = lines(pilot.app)[-1].replace("ctrl+q Quit", "").strip()
        assert all(part[0] == part[-1] for part in shown.split("  ") if part)


async def test_a_click_on_a_key_says_which() -> None:
    async with BarsApp().run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        await pilot.click(KeyBar, offset=(1 + len("a Do a  "), 0))
        await pilot.click(KeyBar, offset=(117, 0))
        assert pilot.app.pressed == ["id.b", "quit"]  # type: ignore[attr-defined]


async def test_the_top_line_drops_the_engine_before_the_screens_names() -> None:
    async with BarsApp().run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        assert "docker 27.3" in lines(pilot.app)[0]
    async with BarsApp().run_test(size=(52, 5)) as pilot:
        await pilot.pause()
        top = lines(pilot.app)[0]
        assert "docker" not in top and "Console" in top and "this machine" in top
