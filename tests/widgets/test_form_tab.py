"""Going through a form field by field."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from tests.tui.waiting import shown, until
from tests.widgets.test_form import FormApp, go
from widgets.form_record import Field, Group


async def test_what_is_typed_into_a_field_one_came_to_takes_the_place_of_what_stood_there() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "length")
        await pilot.press("8")
        await pilot.press("1")
        assert app.said == [("length", "8"), ("length", "81")]


async def test_tab_goes_from_field_to_field_and_then_to_what_comes_after_the_form() -> None:
    class Beside(FormApp):
        def compose(self) -> ComposeResult:
            yield self.form
            yield Input(id="after")

    app = Beside()
    async with app.run_test() as pilot:
        await go(app, pilot, "name")
        await pilot.press("down")
        second = app.form.current
        await pilot.press("shift+tab")
        assert app.form.current == "name"
        await pilot.press("tab")
        assert app.form.current == second
        for _field in range(20):
            if app.focused is not app.query_one("#after"):
                await pilot.press("tab")
        assert app.focused is app.query_one("#after")
        await pilot.press("shift+tab")
        assert app.focused is not app.query_one("#after")


async def test_the_form_knows_where_the_focus_was_last() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "length")
        app.screen.set_focus(None)
        app.form.resume()
        await until(lambda: app.form.current == "length")


async def test_the_edge_of_a_field_goes_down_as_far_as_its_ground() -> None:
    field = Field("port", "port", "text", "8000", note="one\ntwo\nthree", level="bad")
    app = FormApp((Group("g", "Where", (field,)),))
    async with app.run_test(size=(120, 12)):
        await until(lambda: "three" in shown(app))
        rows = [line for line in shown(app).splitlines() if any(word in line for word in ("one", "two", "three"))]
        assert len({line.index("▏") for line in rows}) == 1 and len(rows) == 3
