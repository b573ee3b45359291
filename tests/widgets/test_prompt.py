"""The prompt: sending, lines, pasting, recalling, growing."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult

from tests.tui.waiting import shown, until
from widgets.prompt import Prompt


class Page(App[None]):
    """A prompt and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.prompt = Prompt()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.prompt

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Remember what was sent."""
        self.sent.append(event.text)


async def test_enter_sends_and_ctrl_j_begins_a_line() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.prompt.focus()
        await pilot.press("h", "i", "ctrl+j", "y", "o", "u", "enter")
        await until(lambda: app.sent)
    assert app.sent == ["hi\nyou"]


async def test_nothing_is_not_sent() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.prompt.focus()
        await pilot.press("space", "ctrl+j", "enter")
        await pilot.pause()
    assert app.sent == []


async def test_a_paste_keeps_its_lines_and_brings_no_escapes() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.prompt.focus()
        app.prompt.post_message(events.Paste("one\r\ntwo\rthree\x1b[31m\n\nfive"))
        await until(lambda: app.prompt.text)
        await pilot.press("enter")
        await until(lambda: app.sent)
    assert app.sent == ["one\ntwo\nthree[31m\n\nfive"]


async def test_chinese_is_written_and_sent() -> None:
    app = Page()
    async with app.run_test(size=(60, 12)) as pilot:
        app.prompt.focus()
        await pilot.press(*"用一句话介绍人工智能", "enter")
        await until(lambda: app.sent)
        assert "用一句话介绍人工智能" in shown(app)
    assert app.sent == ["用一句话介绍人工智能"]


async def test_up_on_an_empty_prompt_recalls_what_was_sent() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.prompt.focus()
        app.prompt.begin("", ["first", "second"])
        await pilot.press("up")
        assert app.prompt.text == "second"
        await pilot.press("up", "up")
        assert app.prompt.text == "first"
        await pilot.press("down", "down")
        assert app.prompt.text == ""


async def test_up_in_a_text_moves_and_recalls_nothing() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.prompt.focus()
        app.prompt.begin("", ["first"])
        await pilot.press("a", "ctrl+j", "b", "up", "up")
        assert app.prompt.text == "a\nb"


async def test_it_grows_to_a_third_of_the_height_and_no_further() -> None:
    app = Page()
    async with app.run_test(size=(60, 24)) as pilot:
        app.prompt.focus()
        app.prompt.room(24)
        heights = []
        for _ in range(14):
            await pilot.press("x", "ctrl+j")
            await pilot.pause()
            heights.append(app.prompt.outer_size.height)
    assert heights[0] < heights[3] and max(heights) == heights[-1] == 8


async def test_the_title_holds_whatever_the_servers_name_is() -> None:
    app = Page()
    async with app.run_test(size=(60, 12)):
        app.prompt.title("[/x]")
        app.prompt.subtitle("[@click=app.quit]t")
        await until(lambda: "[/x]" in shown(app) and "[@click=app.quit]t" in shown(app))


async def test_of_a_long_paste_one_is_told_how_many_lines_it_has() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)):
        app.prompt.subtitle("temp 0.7")
        app.prompt.room(16)
        app.prompt.focus()
        app.post_message(events.Paste("\n".join(f"line {n}" for n in range(31))))
        await until(lambda: "31 lines · temp 0.7" in shown(app))
        assert app.prompt.outer_size.height == 8
        app.prompt.begin("", [])
        await until(lambda: "lines" not in shown(app) and "temp 0.7" in shown(app))


async def test_english_words_among_wide_characters_stay_whole() -> None:
    app = Page()
    async with app.run_test(size=(30, 12)):
        app.prompt.begin("请你用中文详细地介绍一下大模型 transformers 的原理", [])
        await until(lambda: "transformers" in shown(app))
