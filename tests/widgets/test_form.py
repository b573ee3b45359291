"""The form: rows, keys, folded groups, and notes that never break a row."""

from __future__ import annotations

import asyncio

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot

from tests.tui.waiting import shown, until
from widgets.choice_list import ChoiceList
from widgets.form import Form
from widgets.form_editors import TextEditor
from widgets.form_group import FormFold
from widgets.form_record import Edited, Field, Group, Option

GROUPS = (
    Group(
        "memory",
        "Memory",
        (
            Field("length", "max-model-len", "number", "4096", note="fits", level="good"),
            Field("name", "served-model-name", "text", "qwen"),
            Field("type", "dtype", "choice", "auto", (Option("auto"), Option("float16"), Option("bfloat16"))),
            Field("eager", "enforce-eager", "switch"),
        ),
    ),
    Group("serving", "Serving", (Field("parser", "tool-call-parser", "text"),), folds=True),
    Group("container", "Container", (Field("limits", "ulimits", "lines", "memlock=-1\nnofile=1024"),), folds=True),
)


class FormApp(App[None]):
    """A form alone, and what it said."""

    BINDINGS = [Binding("slash", "find", "Find")]

    def __init__(self, groups: tuple[Group, ...] = GROUPS) -> None:
        super().__init__()
        self.form = Form(groups)
        self.said: list[tuple[str, str]] = []
        self.found = 0

    def compose(self) -> ComposeResult:
        yield self.form

    def on_form_changed(self, event: Form.Changed) -> None:
        self.said.append((event.name, event.value))

    def action_find(self) -> None:
        self.found += 1


async def go(app: FormApp, pilot: Pilot[None], name: str) -> None:
    app.form.go(name)
    await until(lambda: app.form.current == name)
    await pilot.pause()


async def test_typing_says_the_new_value_of_that_field() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "length")
        await pilot.press("end", "backspace", "0")
        assert app.said == [("length", "409"), ("length", "4090")]


async def test_up_and_down_go_through_every_row_and_the_folded_titles() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "length")
        visited = []
        for _step in range(4):
            await pilot.press("down")
            visited.append(app.form.current)
        assert visited == ["name", "type", "eager", None]
        assert isinstance(app.focused, FormFold)
        await pilot.press("down", "up")
        assert app.form.current == "eager"


async def test_a_folded_group_opens_below_and_its_rows_are_reached() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "eager")
        await pilot.press("down", "right", "enter")
        await until(lambda: "ulimits" in shown(app))
        assert "▾ Container" in shown(app)
        assert "▸ Serving" in shown(app)
        await pilot.press("down")
        assert app.form.current == "limits"
        await pilot.press("up", "enter")
        await until(lambda: "ulimits" not in shown(app))


async def test_enter_on_a_choice_opens_a_list_that_typing_narrows() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "type")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"bflo", "enter")
        await until(lambda: app.said)
        assert app.said == [("type", "bfloat16")]
        assert "bfloat16 ▾" in shown(app)


async def test_escape_leaves_a_choice_as_it_was() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "type")
        await pilot.press("space")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press("down", "escape")
        await until(lambda: not isinstance(app.screen, ChoiceList))
        assert not app.said


async def test_a_free_choice_takes_what_was_typed() -> None:
    field = Field("model", "model", "choice", "", (Option("/models/a"),), free=True)
    app = FormApp((Group("g", "Model", (field,)),))
    async with app.run_test() as pilot:
        await go(app, pilot, "model")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"Qwen/Q", "enter")
        await until(lambda: app.said)
        assert app.said == [("model", "Qwen/Q")]


async def test_space_and_enter_turn_a_switch() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "eager")
        await pilot.press("space")
        assert "☑" in shown(app)
        await pilot.press("enter")
        assert app.said == [("eager", "on"), ("eager", "")]


async def test_the_mouse_reaches_switch_label_and_fold() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.click(Form, offset=(30, 4))
        assert app.said == [("eager", "on")]
        await pilot.click(Form, offset=(5, 2))
        await until(lambda: app.form.current == "name")
        await pilot.click(Form, offset=(3, 6))
        await until(lambda: "tool-call-parser" in shown(app))


async def test_a_slash_in_a_number_is_a_key_and_in_a_text_a_character() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "length")
        await pilot.press("slash")
        assert app.found == 1
        await go(app, pilot, "name")
        await pilot.press("end", "slash")
        assert (app.found, app.said) == (1, [("name", "qwen/")])


async def test_the_lines_of_a_list_are_walked_before_the_next_row() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "limits")
        await pilot.press("down")
        assert app.form.current == "limits"
        await pilot.press("up", "up")
        await until(lambda: isinstance(app.focused, FormFold))


async def test_a_new_note_keeps_the_widgets_and_the_cursor() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "name")
        await pilot.press("home")
        editor = app.focused
        fields = (GROUPS[0].fields[0], Field("name", "served-model-name", "text", "qwen", note="taken", level="bad"))
        app.form.groups = (Group("memory", "Memory", (*fields, *GROUPS[0].fields[2:])), *GROUPS[1:])
        await pilot.pause()
        assert app.focused is editor
        assert "✖▌served-model-name" in shown(app)
        assert "taken" in shown(app)
        await pilot.press("x")
        assert app.said == [("name", "xqwen")]


async def test_rows_that_come_and_go_leave_the_others_alone() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await go(app, pilot, "name")
        editor = app.focused
        fields = (Field("new", "a-new-flag"), *GROUPS[0].fields[1:])
        app.form.groups = (Group("memory", "Memory", fields), *GROUPS[1:])
        await until(lambda: "a-new-flag" in shown(app))
        await pilot.pause()
        assert app.focused is editor
        assert "max-model-len" not in shown(app)
        assert shown(app).index("a-new-flag") < shown(app).index("served-model-name")


def marked(app: FormApp) -> str:
    """Everything on the screen without marks and spaces."""
    return "".join(shown(app).translate(dict.fromkeys(map(ord, "✖▌▏"))).split())


@pytest.mark.parametrize("width", [50, 80, 120, 200])
async def test_a_warning_is_read_whole_at_every_width(width: int) -> None:
    text = "port 8000 is held by qwen3-8b; 端口已被占用，请换一个"
    app = FormApp((Group("g", "Where", (Field("port", "port", "text", "8000", note=text, level="bad"),)),))
    async with app.run_test(size=(width, 12)):
        await until(lambda: "".join(text.split()) in marked(app).replace("port8000", "", 1))
        assert "✖" in shown(app)


async def test_the_first_row_of_a_group_comes_with_its_title() -> None:
    fields = tuple(Field(f"f{number}", f"flag-{number}") for number in range(30))
    app = FormApp((Group("one", "First", fields), Group("two", "Second", (Field("last", "last"),))))
    async with app.run_test(size=(80, 12)) as pilot:
        await go(app, pilot, "f0")
        await pilot.press("pagedown", "pagedown")
        await until(lambda: "First" not in shown(app))
        await pilot.press("pageup", "pageup", "pageup")
        await until(lambda: "First" in shown(app))


async def test_hostile_words_are_only_words() -> None:
    field = Field("a", "[/x]", "choice", "[@click=app.quit]q[/]", (Option("[b]x", detail="[/y]"),), note="[red]n[/z]")
    app = FormApp((Group("g", "[/title]", (field,)),))
    async with app.run_test(size=(120, 20)) as pilot:
        await go(app, pilot, "a")
        for text in ("[/title]", "[/x]", "[@click=app.quit]q[/] ▾", "[red]n[/z]"):
            assert text in shown(app)
        await pilot.press("enter")
        await until(lambda: "[b]x" in shown(app))


async def test_fast_typing_is_never_overwritten_by_what_the_form_makes_of_it() -> None:
    class EditorApp(App[None]):
        def compose(self) -> ComposeResult:
            yield TextEditor("127.0.0.1:8000")

        @on(Edited)
        async def _slow(self, event: Edited) -> None:
            await asyncio.sleep(0.02)
            self.query_one(TextEditor).show(event.value)

    async with EditorApp().run_test() as pilot:
        editor = pilot.app.query_one(TextEditor)
        editor.focus()
        await pilot.press("ctrl+u", *"8950")
        await pilot.pause(0.3)
        assert editor.value == "8950"
        editor.show("8951")
        await pilot.pause()
        assert editor.value == "8951"


async def test_a_long_note_has_one_glyph_and_keeps_its_end() -> None:
    note = "The context is longer than " + "what fits into the memory of this card " * 6 + "ctrl+t takes it."
    group = Group("memory", "Memory", (Field("length", "max-model-len", "number", "9", note=note, level="bad"),))
    app = FormApp((group,))
    async with app.run_test(size=(100, 24)):
        await until(lambda: "The context" in shown(app))
        assert shown(app).count("✖") == 1
        assert "…" in shown(app)
        assert "takes it." in shown(app)
