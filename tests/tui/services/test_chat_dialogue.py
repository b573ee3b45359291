"""One server's conversation: asking, editing, stopping, keeping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.chat_server import serving
from tests.tui.waiting import until
from tui.services.chat import Chat
from tui.services.chat_dialogue import Dialogue, why_not
from tui.services.history import History
from tui.services.server import Server, State

KEY = ("here", "fake")


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    """A history in a folder of its own."""
    history = History(tmp_path / "history.db")
    yield history
    history.close()


@pytest.fixture
async def dialogue(history: History) -> AsyncIterator[Dialogue]:
    """A dialogue with nobody yet."""
    chat = Chat()
    yield Dialogue(KEY, chat, history)
    await chat.close()


async def answered(dialogue: Dialogue, server: Server) -> None:
    """Let it be answered to the end."""
    async with aclosing(dialogue.answer(server)) as states:
        async for _ in states:
            assert dialogue.running
    assert not dialogue.running


async def test_a_question_and_its_answer_stand_one_after_the_other(dialogue: Dialogue) -> None:
    async with serving(pieces=["yes"]) as fake:
        dialogue.ask("well?")
        await answered(dialogue, fake.server())
    assert [(message.role, message.text) for message in dialogue.messages] == [("user", "well?"), ("assistant", "yes")]


async def test_an_edited_question_replaces_what_followed(dialogue: Dialogue) -> None:
    async with serving(pieces=["yes"]) as fake:
        for text in ("one", "two"):
            dialogue.ask(text)
            await answered(dialogue, fake.server())
        dialogue.editing = 0
        dialogue.ask("other")
    assert [message.text for message in dialogue.messages] == ["other"]


async def test_a_failure_stands_in_the_answer(dialogue: Dialogue) -> None:
    async with serving(pieces=["part "] * 9, cut_after=3, pause=0.05) as fake:
        dialogue.ask("well?")
        await answered(dialogue, fake.server())
    answer = dialogue.messages[-1]
    assert answer.text.startswith("part part")
    assert "broke off" in answer.note and answer.figures.finish == "broken"


async def test_stopping_keeps_what_came(dialogue: Dialogue) -> None:
    async with serving(pieces=["word "] * 10_000, pause=0.01) as fake:
        dialogue.ask("well?")
        reading = asyncio.ensure_future(answered(dialogue, fake.server()))
        await until(lambda: len(dialogue.messages) == 2 and dialogue.messages[-1].text)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await until(lambda: not fake.open)
    assert dialogue.messages[-1].figures.finish == "stopped"
    assert not dialogue.running


async def test_it_comes_back_with_draft_and_settings(dialogue: Dialogue, history: History) -> None:
    await dialogue.load()
    async with serving(pieces=["yes"]) as fake:
        dialogue.ask("well?")
        await answered(dialogue, fake.server())
    dialogue.draft = "and"
    await asyncio.gather(dialogue.keep(), dialogue.keep())
    assert len(await history.conversations(KEY)) == 1
    again = Dialogue(KEY, Chat(), history)
    await again.load()
    assert [message.text for message in again.messages] == ["well?", "yes"]
    assert again.draft == "and"


async def test_an_embedding_server_shows_a_vector(dialogue: Dialogue) -> None:
    async with serving() as fake:
        dialogue.ask("hi")
        await answered(dialogue, fake.server(task="embed"))
    assert "**4** numbers" in dialogue.messages[-1].text
    assert "0.2500, -0.5000" in dialogue.messages[-1].text


@pytest.mark.parametrize("state", [state for state in State if state not in {State.READY, State.BUSY}])
def test_a_server_that_cannot_answer_is_not_asked_and_the_text_stays(state: State) -> None:
    server = Server("here", "1", "qwen3", "container", state, url="http://127.0.0.1:8000", phase="weights")
    assert "qwen3" in why_not(server) and "stays here" in why_not(server)


def test_a_ready_server_is_asked() -> None:
    assert why_not(Server("here", "1", "qwen3", "container", State.READY, url="http://127.0.0.1:8000")) == ""
