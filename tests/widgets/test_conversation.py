"""A conversation on the screen: growing, following, rendering, hostile text."""

from __future__ import annotations

import time

import pytest
from textual.app import App, ComposeResult

from tests.tui.waiting import shown, until
from widgets.answer import Answer, Entry
from widgets.answer_markdown import AnswerMarkdown
from widgets.answer_text import MOST_DRAWN, GrowingText
from widgets.conversation import MOUNTED, Conversation


class Page(App[None]):
    """A conversation and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.spoilt = False

    def compose(self) -> ComposeResult:
        yield self.conversation

    def action_spoil(self) -> None:
        """What a hostile link would call."""
        self.spoilt = True


def answer(text: str, running: bool = False, **more: object) -> Entry:
    """An answer."""
    return Entry("model", "qwen3", text, running=running, **more)  # type: ignore[arg-type]


def long_talk(count: int) -> list[Entry]:
    """Many messages."""
    return [
        Entry("you", "you", f"question {n}") if n % 2 == 0 else answer(f"**answer** {n}\n\n- a\n- b\n")
        for n in range(count)
    ]


async def test_text_is_plain_while_it_comes_and_markdown_when_it_is_there() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)):
        await app.conversation.add(answer("**bo", True))
        await app.conversation.update_last(answer("**bold** text", True))
        await until(lambda: "**bold** text█" in shown(app))
        await app.conversation.update_last(answer("**bold** text", figures="ttft 1 ms"))
        await until(lambda: app.query(AnswerMarkdown))
        await until(lambda: "bold text" in shown(app) and "**" not in shown(app) and "ttft 1 ms" in shown(app))


async def test_a_short_conversation_begins_at_the_top() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)):
        await app.conversation.show(long_talk(2))
        await until(lambda: "question 0" in shown(app))
        assert shown(app).splitlines()[1][1:].startswith("▌ you")


async def test_the_end_is_followed_until_the_reader_scrolls_up() -> None:
    app = Page()
    async with app.run_test(size=(80, 12)) as pilot:
        text = "\n".join(f"line {n}" for n in range(40))
        await app.conversation.add(answer(text, True))
        await until(lambda: "line 39" in shown(app))
        app.conversation.focus()
        await pilot.press("k", "k", "k", "k", "k", "k")
        await until(lambda: "line 39" not in shown(app))
        before = [line[:70] for line in shown(app).splitlines()[:8]]
        await app.conversation.update_last(answer(text + "\nline 40\nline 41\nline 42", True))
        await pilot.pause(0.3)
        assert [line[:70] for line in shown(app).splitlines()[:8]] == before
        await pilot.press("G")
        await until(lambda: "line 42" in shown(app))
        await app.conversation.update_last(answer(text + "\nline 40\nline 41\nline 42\nline 43", True))
        await until(lambda: "line 43" in shown(app))


async def test_reasoning_is_folded_and_z_unfolds_it() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.conversation.add(
            answer("yes", reasoning="first I think\nthen I know", thought=1.8, thought_tokens=96)
        )
        await until(lambda: "▸ thought 1.8 s · 96 tokens" in shown(app))
        assert "first I think" not in shown(app)
        app.conversation.focus()
        await pilot.press("z")
        await until(lambda: "│ first I think" in shown(app) and "▾ thought" in shown(app))
        await pilot.press("z")
        await until(lambda: "first I think" not in shown(app))
        await pilot.click(offset=(13, 1))
        await until(lambda: "first I think" in shown(app))


async def test_while_thinking_the_last_line_of_thought_is_seen() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)):
        await app.conversation.add(answer("", True, reasoning="first\nnow this", thought=3.2))
        await until(lambda: "thinking 3 s" in shown(app) and "now this" in shown(app))


async def test_a_long_conversation_mounts_its_end_and_the_rest_on_scrolling_up() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        began = time.monotonic()
        await app.conversation.show(long_talk(200))
        await until(lambda: "answer 199" in shown(app))
        assert time.monotonic() - began < 3
        assert len(app.query(Answer)) == MOUNTED
        app.conversation.focus()
        await pilot.press(*["pageup"] * 12)
        await until(lambda: len(app.query(Answer)) > MOUNTED)


async def test_earlier_messages_come_in_above_without_moving_the_reader() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)):
        await app.conversation.show(long_talk(100))
        await until(lambda: "answer 99" in shown(app))
        first = f"question {100 - MOUNTED}"
        app.conversation.scroll_to(y=0, animate=False)
        await until(lambda: len(app.query(Answer)) > MOUNTED and first in shown(app))


async def test_g_goes_to_the_very_first_message() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.conversation.show(long_talk(80))
        await until(lambda: "answer 79" in shown(app))
        app.conversation.focus()
        await pilot.press("g")
        await until(lambda: "question 0" in shown(app))


HOSTILE = (
    "a\x1b]52;c;aGk=\x07b\x1b]0;t\x07\x9b31m [/x] [@click=app.spoil]press[/] <think>x</think>\n| a |\n|---|\n| [/x] |\n"
)


@pytest.mark.parametrize("running", [True, False])
async def test_hostile_text_is_only_text(running: bool) -> None:
    app = Page()
    async with app.run_test(size=(80, 30), tooltips=True) as pilot:
        await app.conversation.add(Entry("you", "[/x]", HOSTILE))
        await app.conversation.add(answer(HOSTILE, running, reasoning=HOSTILE, note=HOSTILE, figures="[/x]"))
        app.conversation.focus()
        await pilot.press("z")
        await until(lambda: "press" in shown(app))
        for y in range(0, 28, 2):
            await pilot.hover(offset=(6, y))
            await pilot.click(offset=(30, y))
        assert app.is_running and not app.spoilt
        assert not any((char < " " and char != "\n") or "\x7f" <= char <= "\x9f" for char in shown(app))


async def test_a_megabyte_without_a_line_feed_freezes_nothing() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        began = time.monotonic()
        await app.conversation.add(answer("x", True))
        for count in range(1, 11):
            await app.conversation.update_last(answer("x" * (count * 100_000), True))
            await pilot.pause()
        await app.conversation.update_last(answer("x" * 1_000_000))
        await until(lambda: "800000 more characters are not drawn" in shown(app))
        assert time.monotonic() - began < 6
        assert sum(len(text.text) for text in app.query(GrowingText)) == MOST_DRAWN


async def test_a_mouse_selection_gives_the_text_without_the_breaks_of_the_width() -> None:
    app = Page()
    async with app.run_test(size=(20, 12)) as pilot:
        await app.conversation.add(Entry("you", "you", "one two three four five"))
        await until(lambda: "four" in shown(app))
        await pilot.mouse_down(offset=(3, 2))
        await pilot.hover(offset=(7, 3))
        await pilot.mouse_up(offset=(7, 3))
        await until(app.screen.get_selected_text)
        assert (app.screen.get_selected_text() or "").startswith("one two three fo")


async def test_arrows_choose_messages_bring_earlier_ones_and_let_go_at_the_end() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.conversation.show(long_talk(MOUNTED + 6))
        app.conversation.focus()
        await pilot.pause()
        chosen = [one.entry.text for one in app.query(Answer) if one.chosen]
        assert not chosen
        await pilot.press("up")
        assert [one.entry.text for one in app.query(Answer) if one.chosen] == [long_talk(MOUNTED + 6)[-1].text]
        for _ in range(MOUNTED + 20):
            await pilot.press("k")
        await until(lambda: [one.entry.text for one in app.query(Answer) if one.chosen] == ["question 0"])
        await until(lambda: " you " in shown(app) and "question 0" in shown(app))
        for _ in range(MOUNTED + 40):
            await pilot.press("j")
        await until(lambda: not [one for one in app.query(Answer) if one.chosen])
        assert app.conversation.is_vertical_scroll_end


async def test_an_answer_higher_than_the_view_is_read_to_its_end_before_the_next_is_chosen() -> None:
    app = Page()
    async with app.run_test(size=(80, 12)) as pilot:
        await app.conversation.show([Entry("you", "you", "q"), answer("line\n\n" * 30), Entry("you", "you", "last")])
        app.conversation.focus()
        await pilot.pause()
        await pilot.press("up")
        await until(lambda: any(one.chosen for one in app.query(Answer)))
        while not next(iter(app.query(Answer))).chosen:
            await pilot.press("up")
        await pilot.press("down")
        await until(lambda: list(app.query(Answer))[1].chosen)
        before = app.conversation.scroll_y
        await pilot.press("down")
        await until(lambda: app.conversation.scroll_y > before)
        assert list(app.query(Answer))[1].chosen


@pytest.mark.parametrize("rows", [24, 60])
async def test_the_focus_has_a_frame_and_a_title_and_moves_nothing(rows: int) -> None:
    app = Page()
    app.VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    async with app.run_test(size=(80, rows)) as pilot:
        await app.conversation.show(long_talk(2))
        app.screen.set_focus(None)
        await until(lambda: "question 0" in shown(app) and "Conversation" not in shown(app))
        place = [line.find("question 0") for line in shown(app).splitlines()]
        await pilot.press("tab")
        await until(lambda: "Conversation  ──" in shown(app))
        assert [line.find("question 0") for line in shown(app).splitlines()] == place
