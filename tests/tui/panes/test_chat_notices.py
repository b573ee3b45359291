"""The chat tab's one line over the prompt, and what must not end the program."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.chat_server import serving
from tests.tui.panes.chat_page import Page
from tests.tui.waiting import shown, until
from tui.panes import chat_words
from tui.services.chat_dialogue import Dialogue
from tui.services.chat_records import ChatMessage
from tui.services.history import Desk, History
from tui.services.server import State
from tui.services.state_words import phase_words

BUSY = "still coming: esc stops it"


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A page with a history of its own."""
    return Page(tmp_path / "history.db")


def is_shown(page: Page, name: str) -> bool:
    """Whether a server's conversation stands on the screen."""
    return page.pane.shown is not None and page.pane.shown.key[1] == name


async def test_why_enter_did_nothing_stands_there_until_the_answer_ends(page: Page) -> None:
    hold = asyncio.Event()
    async with serving(pieces=["x"], hold=hold) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: fake.open)
        await pilot.press(*"again", "enter")
        await until(lambda: BUSY in shown(page))
        for running in (1, 2, 3):
            page.pane.server = replace(fake.server(), state=State.BUSY, running=running)
            await pilot.pause()
            assert BUSY in shown(page)
        hold.set()
        await until(lambda: "· stop" in shown(page) and BUSY not in shown(page))
        assert page.pane.prompt.text == "again"


async def test_the_phase_is_told_in_words(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(state=State.STARTING, phase="weights")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: f"is starting ({phase_words('weights')})" in shown(page))


async def test_that_a_server_is_starting_stands_there_until_it_can_be_asked(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(state=State.STARTING, phase="config")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "is starting (config). Your text stays here" in shown(page))
        page.pane.server = fake.server(state=State.STARTING, phase="graphs")
        await until(lambda: "is starting (graphs). Your text stays here" in shown(page))
        page.pane.server = fake.server()
        await until(lambda: "Your text stays here" not in shown(page))
        assert page.pane.prompt.text == "hi" and page.pane.prompt.has_focus


async def test_what_was_sent_before_the_conversation_came_is_told_why_it_waits(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = asyncio.Event()
    fetch = page.pane.fetch

    async def late(dialogue: Dialogue) -> None:
        await brought.wait()
        await fetch(dialogue)

    monkeypatch.setattr(page.pane, "fetch", late)
    async with serving() as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(state=State.STARTING, phase="weights")
        await pilot.pause()
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "being fetched" in shown(page))
        brought.set()
        await until(lambda: "is starting (weights)" in shown(page) and "being fetched" not in shown(page))
        assert page.pane.prompt.text == "hi"


async def test_without_a_server_there_is_no_prompt_and_the_keys_lose_no_place(page: Page) -> None:
    async with serving() as fake, page.run_test(size=(100, 30)):
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown and page.pane.prompt.display)
        page.pane.prompt.focus()
        await until(lambda: page.pane.prompt.has_focus)
        page.pane.server = None
        await until(lambda: "No server is chosen." in shown(page) and "Write a message" not in shown(page))
        assert page.pane.conversation.has_focus


async def test_whoever_leaves_while_editing_replaces_nothing_when_he_returns(page: Page) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "· stop" in shown(page) and ("fake", False) in page.answering)
        page.pane.conversation.focus()
        await pilot.press("e")
        await until(lambda: page.pane.prompt.text == "hi" and page.pane.prompt.has_focus)
        for name in ("other", "fake"):
            page.pane.server = fake.server(name)
            await until(partial(is_shown, page, name))
        page.pane.prompt.focus()
        await pilot.press(*"more", "enter")
        await until(lambda: len(fake.asked) == 2)
        assert [message["content"] for message in fake.asked[1]["messages"]] == ["hi", "yes", "more"]


async def test_an_answer_that_cannot_be_shown_does_not_end_the_program(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()

        def broken(*_given: object) -> str:
            raise ZeroDivisionError("sk-SECRET")

        await pilot.press(*"hi")
        monkeypatch.setattr(chat_words, "figures_line", broken)
        await pilot.press("enter")
        await until(lambda: page.failures)
        assert page.is_running and "ZeroDivisionError" in page.failures[0] and "SECRET" not in page.failures[0]


async def test_an_embedding_of_words_stands_as_a_failure(page: Page) -> None:
    async with serving(vector=["x"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server(task="embed")
        await until(lambda: page.pane.shown)
        page.pane.prompt.focus()
        await pilot.press(*"hi", "enter")
        await until(lambda: "could not be read" in shown(page))
        assert page.is_running


async def test_a_history_that_was_locked_comes_back_with_the_next_question(tmp_path: Path) -> None:
    history = History(tmp_path / "history.db")
    kept = await history.keep(("here", "fake"), None, [ChatMessage("user", "before"), ChatMessage("assistant", "old")])
    await history.keep_desk(("here", "fake"), Desk(kept))
    history.close(2.0)
    page = Page(tmp_path / "history.db")
    lock = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
    lock.execute("PRAGMA journal_mode = DELETE")
    lock.execute("BEGIN EXCLUSIVE")
    async with serving(pieces=["yes"]) as fake, page.run_test(size=(100, 30)) as pilot:
        page.pane.server = fake.server()
        await until(lambda: page.failures and page.pane.shown)
        lock.execute("ROLLBACK")
        lock.close()
        page.pane.prompt.focus()
        await pilot.press(*"after", "enter")
        await until(lambda: ("fake", False) in page.answering and "· stop" in shown(page))
        assert "▌ you" in shown(page) and "before" in shown(page) and "after" in shown(page)
        await until(lambda: page.pane.shown and page.pane.shown.messages[-1].id)
        assert len(await page.history.messages(kept)) == 4
