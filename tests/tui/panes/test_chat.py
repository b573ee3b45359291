"""The chat tab by its keys."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chat_server import serving
from tests.tui.panes.chat_page import Page
from tests.tui.waiting import shown, until
from tui.panes import chat
from tui.services.server import State


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A page with a history of its own."""
    return Page(tmp_path / "history.db")


async def test_a_question_is_asked_and_its_answer_shown(page: Page) -> None:
    async with (
        serving(pieces=[{"reasoning": "hm"}, "**yes**"], pause=0.02) as fake,
        page.run_test(size=(100, 30)) as pilot,
    ):
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: page.answering == [("fake", True), ("fake", False)])
        await until(lambda: "yes" in shown(page) and "**" not in shown(page) and "tokens · stop" in shown(page))
        assert "▌ you" in shown(page) and "▸ thought" in shown(page)
        assert page.pane.prompt.text == ""


async def test_escape_stops_the_answer_and_frees_the_server(page: Page) -> None:
    async with serving(pieces=["word "] * 10_000, pause=0.01) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "word word" in shown(page))
        await pilot.press("escape")
        await until(lambda: fake.left == 1 and not fake.open, 2.0)
        await until(lambda: "· stopped" in shown(page) and "word word" in shown(page))
        await pilot.press(*"more")
        assert page.pane.prompt.text == "more"


async def test_a_second_message_waits_for_the_first_answer(page: Page) -> None:
    async with serving(pieces=["x"], hold=asyncio.Event()) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: fake.open)
        await pilot.press(*"again", "enter")
        await until(lambda: "still coming: esc stops it" in shown(page))
        assert page.pane.prompt.text == "again" and len(fake.asked) == 1
        await pilot.press("escape")
        await until(lambda: fake.left == 1)


async def test_another_server_stops_nothing_and_each_keeps_its_own(page: Page) -> None:
    slowly = serving(pieces=["word "] * 60, pause=0.02)
    async with slowly as slow, serving(pieces=["quick"]) as quick, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = slow.server("slow")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: slow.open)
        await pilot.press(*"draft")
        page.pane.server = quick.server("quick")
        await until(lambda: page.pane.shown and page.pane.shown.key[1] == "quick")
        assert page.pane.prompt.text == "" and "word" not in shown(page)
        await pilot.press(*"ho", "enter")
        await until(lambda: ("quick", False) in page.answering)
        assert slow.open == 1
        page.pane.server = slow.server("slow")
        await until(lambda: page.pane.shown and page.pane.shown.key[1] == "slow")
        assert page.pane.prompt.text == "draft"
        await until(lambda: "60 tokens · stop" in shown(page))
    assert page.answering == [("slow", True), ("quick", True), ("quick", False), ("slow", False)]


@pytest.mark.parametrize("state", [State.STARTING, State.STOPPED, State.FAILED])
async def test_a_server_that_is_not_ready_refuses_and_the_text_stays(page: Page, state: State) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(state=state, phase="weights")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "Your text stays here" in shown(page))
        assert page.pane.prompt.text == "hi" and not fake.asked
        page.pane.server = fake.server()
        await until(lambda: "Your text stays here" not in shown(page))
        await pilot.press("enter")
        await until(lambda: fake.asked)


async def test_a_failure_stands_under_the_question_and_r_in_capitals_asks_again(page: Page) -> None:
    refusing = serving(pieces=["yes"], status=400, refusal="This model's maximum context length is 9")
    async with refusing as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "too long for fake" in shown(page) and "ctrl+o" in shown(page))
        fake.status = 200
        page.pane.conversation.focus()
        await pilot.press("R")
        await until(lambda: "token · stop" in shown(page))
        assert "too long" not in shown(page) and shown(page).count("▌ you") == 1


async def test_e_edits_the_last_question(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "· stop" in shown(page))
        page.pane.conversation.focus()
        await pilot.press("e")
        await until(lambda: page.pane.prompt.text == "hi" and page.pane.prompt.has_focus)
        await pilot.press("escape")
        await until(lambda: page.pane.prompt.text == "")
        page.pane.conversation.focus()
        await pilot.press("e", "!", "enter")
        await until(lambda: len(fake.asked) == 2 and "· stop" in shown(page))
        assert fake.asked[1]["messages"] == [{"role": "user", "content": "hi!"}]
        assert shown(page).count("▌ you") == 1


async def test_y_copies_the_answer_or_its_code(page: Page) -> None:
    async with serving(pieces=["see\n```python\nprint(1)\n```\n"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "· stop" in shown(page))
        page.pane.conversation.focus()
        await pilot.press("y")
        await until(lambda: "Code 1: print(1)" in shown(page))
        await pilot.press("y")
        await until(lambda: page.copied)
        await pilot.press("y")
        await until(lambda: "Code 1: print(1)" in shown(page))
        await pilot.press("down", "enter")
        await until(lambda: len(page.copied) == 2)
    assert page.copied == ["see\n```python\nprint(1)\n```", "print(1)"]


async def test_v_copies_the_question_as_curl_without_the_key(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(api_key="sk-secret")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "· stop" in shown(page))
        assert "Bearer sk-secret" in fake.headers[0]
        page.pane.conversation.focus()
        await pilot.press("v")
        await until(lambda: "PowerShell" in shown(page))
        await pilot.press("enter")
        await until(lambda: page.copied)
    assert page.copied[0].startswith("curl http://127.0.0.1:") and "sk-secret" not in page.copied[0]


async def test_ctrl_g_changes_how_it_answers(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown and "temp 0.7 · max 1024 · thinking on" in shown(page))
        page.pane.prompt.focus()
        await pilot.press("ctrl+g")
        await until(lambda: "Chat settings" in shown(page))
        await pilot.press("9", "9", "ctrl+s")
        await until(lambda: "Temperature lies between 0 and 2" in shown(page))
        await pilot.press("backspace", "backspace", *"0.2", "tab", "tab", *"64x", "tab", "space", "ctrl+s")
        await until(lambda: "temp 0.2 · max 64 · thinking off" in shown(page))
        await pilot.press(*"hi", "enter")
        await until(lambda: fake.asked)
        assert fake.asked[0]["temperature"] == 0.2
        assert fake.asked[0]["chat_template_kwargs"] == {"enable_thinking": False}


async def test_ctrl_o_begins_opens_and_deletes_conversations(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"first", "enter")
        await until(lambda: "· stop" in shown(page) and ("fake", False) in page.answering)
        await pilot.press("ctrl+o")
        await until(lambda: "New conversation" in shown(page) and "2 messages" in shown(page))
        await pilot.press("enter")
        await until(lambda: "first" not in shown(page))
        await pilot.press("ctrl+o")
        await until(lambda: "2 messages" in shown(page))
        await pilot.press("down", "enter")
        await until(lambda: "▌ first" in shown(page) and "2 messages" not in shown(page))
        await pilot.press("ctrl+o")
        await until(lambda: "2 messages" in shown(page))
        await pilot.press("down", "d")
        await until(lambda: "d once more deletes “first”" in shown(page))
        await pilot.press("d")
        await until(lambda: "▌ first" not in shown(page) and "Nothing said yet" in shown(page))


async def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with serving(pieces=["yes"]) as fake:
        for again in (False, True):
            page = Page(tmp_path / "history.db")
            async with page.run_test(size=(100, 30)) as pilot:
                page.pane.server = fake.server()
                await until(lambda page=page: page.pane.shown)
                if again:
                    await until(lambda page=page: "▌ well?" in shown(page) and "token · stop" in shown(page))
                    assert page.pane.prompt.text == "next"
                    continue
                page.pane.prompt.focus()
                await pilot.press(*"well?", "enter")
                await until(lambda page=page: "· stop" in shown(page) and page.answering[-1][1] is False)
                await pilot.press(*"next")


async def test_a_history_that_cannot_be_read_is_told_once_and_the_chat_goes_on(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"no database " * 500)
    page = Page(tmp_path / "history.db")
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "· stop" in shown(page))
        assert len(page.failures) == 1 and "The chat goes on without it" in page.failures[0]


async def test_what_is_typed_while_a_conversation_is_fetched_is_kept(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        page.pane.prompt.focus()
        await pilot.press("h")
        await until(lambda: page.pane.shown)
        await pilot.press("i")
        assert page.pane.prompt.text == "hi"


async def test_what_is_typed_before_a_conversation_is_fetched_waits_where_it_was_typed(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        one, other = fake.server("one"), fake.server("other")
        page.pane.server = one
        page.pane.prompt.focus()
        await until(lambda: page.pane.shown)
        page.pane.server = other
        await pilot.press("h", "o")
        page.pane.server = one
        await pilot.press("o", "n")
        await until(lambda: page.pane.shown)
        assert page.pane.prompt.text == "on"
        page.pane.server = other
        await until(lambda: page.pane.shown)
        assert page.pane.prompt.text == "ho"


async def test_an_embedding_server_says_so_and_shows_a_vector(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(task="embed")
        await until(lambda: "does not write" in shown(page))
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "4 numbers" in shown(page) and "0.2500" in shown(page))


HOSTILE = "a\x1b]52;c;aGk=\x07\x9b31m [/x] [@click=app.spoil]press[/] <think>x</think>\n\n| a |\n|---|\n| [/x] |\n"


async def test_a_hostile_answer_is_only_text(page: Page) -> None:
    hostile = serving(pieces=[{"reasoning": HOSTILE}, HOSTILE, "end"])
    async with hostile as fake, page.run_test(size=(100, 30), tooltips=True) as pilot:
        page.pane.server = fake.server("[/x][@click=app.spoil]n[/]")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"[/x]", "enter")
        await until(lambda: "· stop" in shown(page))
        page.pane.conversation.focus()
        await pilot.press("z")
        for y in range(0, 28, 2):
            await pilot.hover(offset=(4, y))
            await pilot.click(offset=(34, y))
        page.pane.conversation.focus()
        await pilot.press("y", "escape", "v", "escape", "ctrl+o")
        await until(lambda: "New conversation" in shown(page))
        await pilot.press("escape", "ctrl+g", "escape")
        assert page.is_running and not page.spoilt
        assert "<think>x</think>" in shown(page)


async def test_a_tab_that_closes_leaves_no_request_behind(page: Page) -> None:
    async with serving(pieces=["word "] * 10_000, pause=0.01) as fake:
        async with page.run_test(size=(100, 30)) as pilot:
            page.pane.server = fake.server()
            await until(lambda: page.pane.shown)
            page.pane.prompt.focus()
            await pilot.press(*"hi", "enter")
            await until(lambda: "word word" in shown(page))
        await until(lambda: fake.left == 1 and not fake.open, 3.0)


async def test_an_earlier_question_is_chosen_edited_and_sent_again(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 40)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        for count, words in enumerate(("one", "two", "three"), 1):
            await pilot.press(*words, "enter")
            await until(lambda count=count: page.answering.count(("fake", False)) == count)
        page.pane.conversation.focus()
        await pilot.press("up", "up", "k", "k", "e")
        await until(lambda: page.pane.prompt.text == "two" and page.pane.prompt.has_focus)
        assert "drops the 3 messages after it" in shown(page)
        await pilot.press("!", "enter")
        await until(lambda: len(fake.asked) == 4 and page.answering.count(("fake", False)) == 4)
        assert [message["content"] for message in fake.asked[3]["messages"]] == ["one", "yes", "two!"]
        assert "three" not in shown(page) and "two!" in shown(page)


async def test_e_on_a_chosen_answer_edits_its_question_and_escape_keeps_everything(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 40)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        for count, words in enumerate(("one", "two"), 1):
            await pilot.press(*words, "enter")
            await until(lambda count=count: page.answering.count(("fake", False)) == count)
        page.pane.conversation.focus()
        await pilot.press("up", "up", "up", "e")
        await until(lambda: page.pane.prompt.text == "one")
        await pilot.press("escape")
        await until(lambda: page.pane.prompt.text == "")
        assert len(page.pane.shown.messages) == 4 if page.pane.shown else False


async def test_a_question_that_waits_long_for_its_first_word_is_told_once(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "LATE_SECONDS", 0.1)
    async with (
        serving(pieces=["yes"], hold=asyncio.Event()) as slow,
        serving(pieces=["yes"]) as quick,
        page.run_test(size=(100, 30)) as pilot,
    ):
        page.pane.server = quick.server("quick")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "stop" in shown(page))
        page.pane.server = replace(slow.server("slow"), state=State.HUNG)
        await until(lambda: page.pane.shown and page.pane.shown.key[1] == "slow")
        await pilot.press(*"hi", "enter")
        await until(lambda: page.unanswered)
        await until(lambda: "slow is hung" in shown(page))
        await pilot.press("escape")
    assert page.unanswered == ["slow"]
