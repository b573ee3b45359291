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
from tui.services.chat_dialogue import ASKABLE, Dialogue, why_not
from tui.services.chat_records import ChatMessage, ChatSettings
from tui.services.errors import ServiceError
from tui.services.history import Desk, History
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


@pytest.mark.parametrize("state", [state for state in State if state not in ASKABLE])
def test_a_server_that_cannot_answer_is_not_asked_and_the_text_stays(state: State) -> None:
    server = Server("here", "1", "qwen3", "container", state, url="http://127.0.0.1:8000", phase="weights")
    assert "qwen3" in why_not(server) and "stays here" in why_not(server)


@pytest.mark.parametrize("state", [State.READY, State.BUSY, State.HUNG, State.HALF, State.BROKEN])
def test_a_server_that_is_up_is_asked_even_where_it_is_doubtful(state: State) -> None:
    assert why_not(Server("here", "1", "qwen3", "container", state, url="http://127.0.0.1:8000")) == ""


class Slow(History):
    """A history that reads only when it is let, and fails as often as it is told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.let = asyncio.Event()
        self.failures = 0

    async def messages(self, conversation: int) -> list[ChatMessage]:
        await self.let.wait()
        if self.failures:
            self.failures -= 1
            raise ServiceError("locked")
        return await super().messages(conversation)


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Slow]:
    """A slow history in which a conversation and a draft lie."""
    slow = Slow(tmp_path / "slow.db")
    kept = await slow.keep(KEY, None, [ChatMessage("user", "well?"), ChatMessage("assistant", "yes")])
    await slow.keep_desk(KEY, Desk(kept, "half a sent", ChatSettings("be brief")))
    yield slow
    slow.close()


async def untouched(slow: Slow, dialogue: Dialogue) -> None:
    """What lies there is still there after the dialogue kept itself, and a later load brings it."""
    dialogue.ask("meanwhile")
    before = await slow.desk(KEY)
    await dialogue.keep()
    await dialogue.keep_desk()
    assert await slow.desk(KEY) == before and before.draft == "half a sent"
    slow.let.set()
    await dialogue.load()
    assert [message.text for message in dialogue.messages] == ["well?", "yes", "meanwhile"]
    assert (dialogue.draft, dialogue.settings.system) == ("half a sent", "be brief")
    await dialogue.keep()
    assert len(await slow.conversations(KEY)) == 1


async def test_a_load_that_is_cancelled_overwrites_nothing(slow: Slow) -> None:
    dialogue = Dialogue(KEY, Chat(), slow)
    loading = asyncio.ensure_future(dialogue.load())
    await asyncio.sleep(0.05)
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    await untouched(slow, dialogue)


async def test_a_load_that_fails_overwrites_nothing(slow: Slow) -> None:
    dialogue = Dialogue(KEY, Chat(), slow)
    slow.failures = 1
    slow.let.set()
    with pytest.raises(ServiceError):
        await dialogue.load()
    await untouched(slow, dialogue)


async def test_a_conversation_that_cannot_be_opened_leaves_the_old_one(slow: Slow) -> None:
    dialogue = Dialogue(KEY, Chat(), slow)
    slow.let.set()
    await dialogue.load()
    other = await slow.keep(KEY, None, [ChatMessage("user", "other")])
    slow.failures, before = 1, dialogue.conversation
    with pytest.raises(ServiceError):
        await dialogue.open(other)
    assert dialogue.conversation == before and len(dialogue.messages) == 2
    await dialogue.keep()
    assert [message.text for message in await slow.messages(other)] == ["other"]


async def test_whatever_goes_wrong_stands_in_the_answer(dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_given: object) -> None:
        raise ZeroDivisionError("Bearer sk-SECRET")

    monkeypatch.setattr(dialogue._chat, "answer", wrong)
    dialogue.ask("well?\ud800")
    await answered(dialogue, Server("here", "1", "qwen3", "container", State.READY))
    note = dialogue.messages[-1].note
    assert "ZeroDivisionError" in note and "SECRET" not in note
    assert dialogue.messages[0].text == "well??"


def test_why_not_says_the_phase_in_the_words_it_is_given() -> None:
    server = Server("here", "1", "qwen3", "container", State.STARTING, url="http://127.0.0.1:8000", phase="weights")
    assert "(权重)" in why_not(server, "权重")
    assert "weights" not in why_not(server)


async def good(dialogue: Dialogue, history: History) -> None:
    """A conversation with a good answer, kept."""
    await dialogue.load()
    async with serving(pieces=["yes"]) as fake:
        dialogue.ask("well?")
        await answered(dialogue, fake.server())
    await dialogue.keep()
    assert await kept(dialogue, history) == ["well?", "yes"]


async def kept(dialogue: Dialogue, history: History) -> list[str]:
    """What the history holds of it."""
    assert dialogue.conversation is not None
    return [message.text for message in await history.messages(dialogue.conversation)]


async def test_a_good_answer_is_not_given_for_none(dialogue: Dialogue, history: History) -> None:
    await good(dialogue, history)
    assert dialogue.forget_answer()
    async with aclosing(dialogue.answer(Server("here", "1", "qwen3", "container", State.READY))) as states:
        async for _ in states:
            await dialogue.keep()
            assert await kept(dialogue, history) == ["well?", "yes"]
    await dialogue.keep()
    assert [message.text for message in dialogue.messages] == await kept(dialogue, history) == ["well?", "yes"]
    assert dialogue.restored is not None and dialogue.restored.error is not None and not dialogue.restored.question


async def test_what_an_edited_question_was_to_replace_comes_back_with_its_words(
    dialogue: Dialogue, history: History
) -> None:
    await good(dialogue, history)
    dialogue.editing = 0
    dialogue.ask("other?")
    await answered(dialogue, Server("here", "1", "qwen3", "container", State.READY))
    await dialogue.keep()
    assert [message.text for message in dialogue.messages] == await kept(dialogue, history) == ["well?", "yes"]
    assert dialogue.restored is not None and dialogue.restored.question == "other?" and dialogue.restored.place == 0


async def test_the_first_words_replace_the_answer_before(dialogue: Dialogue, history: History) -> None:
    await good(dialogue, history)
    dialogue.forget_answer()
    async with serving(pieces=["no "] * 9, cut_after=3, pause=0.05) as fake:
        await answered(dialogue, fake.server())
    await dialogue.keep()
    assert (await kept(dialogue, history))[1].startswith("no ") and dialogue.restored is None


async def test_an_answer_that_came_to_nothing_is_replaced_by_the_next_failure(dialogue: Dialogue) -> None:
    dialogue.ask("well?")
    await answered(dialogue, Server("here", "1", "qwen3", "container", State.READY))
    dialogue.forget_answer()
    await answered(dialogue, Server("here", "1", "other", "container", State.READY))
    assert len(dialogue.messages) == 2 and "other" in dialogue.messages[-1].note
