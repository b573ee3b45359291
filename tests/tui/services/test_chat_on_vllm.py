"""Chat with a real vLLM server: its address comes in LLMTUI_TEST_VLLM_URL."""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.tui.waiting import until
from tui.services.chat import Chat
from tui.services.chat_records import ChatMessage, ChatSettings, Piece
from tui.services.errors import ServiceError
from tui.services.server import Server, State

URL = os.environ.get("LLMTUI_TEST_VLLM_URL", "")

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.skipif(not URL, reason="LLMTUI_TEST_VLLM_URL names no vLLM server"),
]


def fetched(path: str) -> str:
    """What the server says under a path."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(URL + path, timeout=10) as answer:  # type: ignore[arg-type]
        return str(answer.read().decode())


def running() -> float:
    """How many requests the engine works on, by its own count."""
    lines = [line for line in fetched("/metrics").splitlines() if line.startswith("vllm:num_requests_running")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def server(**changes: str) -> Server:
    """The server's record."""
    model = json.loads(fetched("/v1/models"))["data"][0]["id"]
    return Server("here", "1", "real", "container", State.READY, **{"model": model, "url": URL, **changes})


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    """A chat that closes its connections."""
    chat = Chat()
    yield chat
    await chat.close()


async def asked(chat: Chat, text: str, settings: ChatSettings, **changes: str) -> list[Piece]:
    """Everything that comes of one question."""
    async with aclosing(chat.answer(server(**changes), [ChatMessage("user", text)], settings)) as answer:
        return [piece async for piece in answer]


@pytest.mark.parametrize("question", ["Say one word about the sea.", "用一句话介绍人工智能。"])
async def test_it_answers_with_its_own_figures(chat: Chat, question: str) -> None:
    got = await asked(chat, question, ChatSettings(max_tokens=40))
    figures = got[-1].figures
    assert "".join(piece.text + piece.reasoning for piece in got).strip()
    assert figures.finish in {"stop", "length"}
    assert figures.prompt_tokens and figures.tokens and figures.tokens <= 40
    assert figures.ttft is not None


async def test_a_stopped_answer_frees_the_engine(chat: Chat) -> None:
    await until(lambda: running() == 0, 60)
    settings = ChatSettings(max_tokens=3000, temperature=1.5)
    reading = asyncio.ensure_future(asked(chat, "Count from one to a thousand, in words.", settings))
    began = time.monotonic()
    while running() < 1 and not reading.done():
        assert time.monotonic() - began < 30
        await asyncio.sleep(0.01)
    assert not reading.done(), "it ended before it could be stopped"
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await until(lambda: running() == 0, 5)


async def test_a_wrong_name_is_told_with_the_right_ones(chat: Chat) -> None:
    with pytest.raises(ServiceError) as caught:
        await asked(chat, "hi", ChatSettings(), model="nobody")
    assert str(server().model) in caught.value.mend


async def test_a_question_longer_than_the_context_is_told(chat: Chat) -> None:
    with pytest.raises(ServiceError, match="too long for real"):
        await asked(chat, "hello " * 60_000, ChatSettings())


async def test_text_on_a_chat_model_cannot_be_embedded(chat: Chat) -> None:
    with pytest.raises(ServiceError):
        await chat.embed(server(), "hi")
