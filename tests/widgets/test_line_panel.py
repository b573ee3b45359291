"""A panel of lines paints what differs, be it only a colour."""

from __future__ import annotations

from textual.content import Content

from tests.widgets.painted import PaintedApp
from widgets.line_panel import LinePanel, wrapped


class Lamps(LinePanel):
    """Two lines; the colour of the first can change."""

    tone = "$success"

    def lines(self, width: int, low: bool) -> list[Content]:
        return [Content.styled("first", self.tone), Content("second")]

    def turn(self, tone: str, title: str = "Lamps") -> None:
        self.tone = tone
        self._changed(title, "")


async def test_a_line_that_changes_only_its_colour_is_painted_alone() -> None:
    lamps = Lamps("Lamps")
    app = PaintedApp(lamps)
    async with app.run_test(size=(40, 40)) as pilot:
        await pilot.pause()
        app.forget()
        lamps.turn("$success")
        await pilot.pause()
        assert app.written == ""
        lamps.turn("$error")
        await pilot.pause()
        assert "first" in app.written
        assert "second" not in app.written


async def test_another_theme_paints_all_anew() -> None:
    app = PaintedApp(Lamps("Lamps"))
    async with app.run_test(size=(40, 40)) as pilot:
        await pilot.pause()
        app.forget()
        app.theme = "llmtui-light"
        await pilot.pause()
        assert "first" in app.written
        assert "second" in app.written


async def test_a_title_from_outside_is_no_markup() -> None:
    lamps = Lamps("Lamps")
    app = PaintedApp(lamps)
    async with app.run_test(size=(40, 40)) as pilot:
        lamps.turn("$success", "[red]Lamps[/] [$x")
        await pilot.pause()
        assert "[red]Lamps[/] [$x" in app.frame


def test_a_long_sentence_hangs_below_what_stands_before_it() -> None:
    assert [line.plain for line in wrapped("hot and slow", 9, before="▲ ")] == ["▲ hot and", "  slow"]
