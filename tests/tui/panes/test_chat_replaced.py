"""Asking again costs no good answer: what was to be replaced stands there again when nothing came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.chat_server import ChatServer, serving
from tests.tui.panes.chat_page import Page
from tests.tui.panes.test_chat import shown
from tests.tui.waiting import until


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """The chat tab over a history of the test's own."""
    yield Page(tmp_path / "history.db")


async def answered_once(page: Page, fake: ChatServer, pilot: Pilot[None]) -> None:
    """Let one question be answered well; from then on the server refuses."""
    page.pane.server = fake.server()
    await until(lambda: page.pane.shown)
    page.pane.prompt.focus()
    await pilot.press(*"hi", "enter")
    await until(lambda: "token · stop" in shown(page) and not page.pane.shown.running)  # type: ignore[union-attr]
    fake.status = 400
    page.pane.conversation.focus()


async def test_a_retry_that_is_refused_leaves_the_answer(page: Page) -> None:
    async with serving(pieces=["yes"], refusal="out of order") as fake, page.run_test(size=(100, 30)) as pilot:
        await answered_once(page, fake, pilot)
        await pilot.press("R")
        await until(lambda: page.failures and "token · stop" in shown(page))
        assert "out of order" in page.failures[0]
        assert "the answer before stays" in shown(page) and shown(page).count("▌ fake") == 1


async def test_an_edited_question_that_is_refused_stands_in_the_prompt_again(page: Page) -> None:
    async with serving(pieces=["yes"], refusal="out of order") as fake, page.run_test(size=(100, 30)) as pilot:
        await answered_once(page, fake, pilot)
        await pilot.press("e", "!", "enter")
        await until(lambda: page.failures and page.pane.prompt.text == "hi!")
        assert page.pane.shown is not None and page.pane.shown.editing == 0
        assert "token · stop" in shown(page) and shown(page).count("▌ you") == 1
