"""Asking a model server: pieces, figures, failures, stopping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx2
import openai
import pytest

from tests.chat_server import ChatServer, serving
from tests.tui.waiting import until
from tui.services.chat import Chat
from tui.services.chat_errors import told
from tui.services.chat_records import ChatMessage, ChatSettings, Piece
from tui.services.errors import ServiceError
from tui.services.server import Server

HI = [ChatMessage("user", "hi")]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    """A chat that closes its connections."""
    chat = Chat()
    yield chat
    await chat.close()


async def pieces(chat: Chat, server: Server, settings: ChatSettings | None = None) -> list[Piece]:
    """Everything that comes of one question."""
    async with aclosing(chat.answer(server, HI, settings or ChatSettings())) as answer:
        return [piece async for piece in answer]


async def test_an_answer_comes_in_few_pieces_however_fast_its_tokens_are(chat: Chat) -> None:
    async with serving(pieces=["word "] * 400, pause=0.001) as fake:
        began = time.monotonic()
        got = await pieces(chat, fake.server())
        seconds = time.monotonic() - began
    assert "".join(piece.text for piece in got) == "word " * 400
    assert len(got) <= seconds * 9 + 3


async def test_the_first_token_is_handed_on_at_once_and_a_pause_holds_nothing_back(chat: Chat) -> None:
    hold = asyncio.Event()
    async with (
        serving(pieces=["a"], finish="stop", hold=hold) as fake,
        aclosing(chat.answer(fake.server(), HI, ChatSettings())) as answer,
    ):
        waiting = asyncio.ensure_future(anext(answer))
        await until(lambda: fake.open)
        hold.set()
        assert (await asyncio.wait_for(waiting, 1.0)).text == "a"


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
async def test_reasoning_is_read_under_both_of_its_names(chat: Chat, name: str) -> None:
    async with serving(pieces=[{name: "let me "}, {name: "see"}, "done"]) as fake:
        got = await pieces(chat, fake.server())
    assert "".join(piece.reasoning for piece in got) == "let me see"
    assert got[-1].figures.thought is not None
    assert got[-1].figures.thought_tokens == 2


async def test_the_figures_are_the_servers_own_where_it_gives_them(chat: Chat) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 50, "completion_tokens_details": {"reasoning_tokens": 30}}
    async with serving(pieces=[{"reasoning": "x"}, *["a"] * 9], usage=usage, pause=0.04, finish="length") as fake:
        figures = (await pieces(chat, fake.server()))[-1].figures
    assert (figures.prompt_tokens, figures.tokens, figures.thought_tokens, figures.finish) == (7, 50, 30, "length")
    assert figures.ttft is not None and figures.ttft < 2
    assert figures.rate is not None and figures.rate > 50


@pytest.mark.parametrize("word", ["continuous_usage_stats", "stream_options"])
async def test_a_server_that_refuses_usage_is_asked_without_and_not_asked_again(chat: Chat, word: str) -> None:
    async with serving(pieces=["ok"], refuses=(word,)) as fake:
        await pieces(chat, fake.server())
        refused = len(fake.asked) - 1
        assert (await pieces(chat, fake.server()))[-1].figures.tokens == 1
        assert refused >= 1 and len(fake.asked) == refused + 2


async def test_what_is_asked_holds_the_settings_and_only_them(chat: Chat) -> None:
    settings = ChatSettings("be brief", 0.2, 0.9, 64, False)
    async with serving(pieces=["ok"]) as fake:
        await pieces(chat, fake.server(api_key=None), settings)
        asked = fake.asked[0]
    assert asked["messages"] == [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}]
    assert (asked["temperature"], asked["top_p"], asked["max_tokens"]) == (0.2, 0.9, 64)
    assert asked["chat_template_kwargs"] == {"enable_thinking": False}
    assert "Bearer EMPTY" in fake.headers[0]


async def test_a_question_that_got_no_answer_is_not_sent_again(chat: Chat) -> None:
    asked = [ChatMessage("user", "lost"), ChatMessage("assistant", ""), ChatMessage("user", "hi")]
    async with serving(pieces=["ok"]) as fake:
        async with aclosing(chat.answer(fake.server(), asked, ChatSettings())) as answer:
            [_ async for _ in answer]
        assert fake.asked[0]["messages"] == [{"role": "user", "content": "hi"}]


async def test_more_tokens_than_the_context_holds_are_not_asked_for(chat: Chat) -> None:
    async with serving(pieces=["ok"]) as fake:
        await pieces(chat, fake.server(context_length=512))
        assert fake.asked[0]["max_tokens"] == 256


async def test_a_proxy_has_no_business_on_this_machine(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(pieces=["ok"]) as fake:
        assert (await pieces(chat, fake.server()))[0].text == "ok"


async def test_control_characters_end_at_the_gate(chat: Chat) -> None:
    hostile = "a\x1b]52;c;aGk=\x07b\x1b]0;x\x9b31mc\ud800\u202ed\n\te"
    async with serving(pieces=[hostile, {"reasoning": hostile}]) as fake:
        got = await pieces(chat, fake.server())
    text = "".join(piece.text for piece in got)
    assert text == "a]52;c;aGk=b]0;x31mcd\n\te"
    assert "".join(piece.reasoning for piece in got) == text


async def test_leaving_an_answer_closes_the_connection(chat: Chat) -> None:
    async with serving(pieces=["word "] * 10_000, pause=0.01) as fake:
        reading = asyncio.ensure_future(pieces(chat, fake.server()))
        await until(lambda: fake.open)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await until(lambda: fake.left == 1 and fake.open == 0, 2.0)


async def test_stopping_before_the_first_token_closes_the_connection_too(chat: Chat) -> None:
    async with serving(pieces=["never"], hold=asyncio.Event()) as fake:
        reading = asyncio.ensure_future(pieces(chat, fake.server()))
        await until(lambda: fake.open)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await until(lambda: fake.left == 1 and fake.open == 0, 2.0)


async def refusal(chat: Chat, **behaviour: Any) -> tuple[str, ServiceError, ChatServer]:
    """What came before the failure, and how it is told."""
    text = ""
    async with serving(**behaviour) as fake:
        with pytest.raises(ServiceError) as caught:
            async with aclosing(chat.answer(fake.server(), HI, ChatSettings())) as answer:
                async for piece in answer:
                    text += piece.text
    return text, caught.value, fake


@pytest.mark.parametrize(
    ("behaviour", "title", "mend"),
    [
        (
            {"status": 404, "refusal": "The model `x` does not exist. Valid aliases: qwen3, tiny."},
            "model called fake-model",
            "qwen3, tiny",
        ),
        ({"status": 404}, "has no chat", "embedding"),
        ({"status": 401, "refusal": "Unauthorized"}, "API key", "key"),
        ({"status": 400, "refusal": "This model's maximum context length is 4096 tokens."}, "too long", "ctrl+o"),
        (
            {"status": 400, "refusal": "max_tokens=9 cannot be greater than max_model_len=4"},
            "answer that long",
            "ctrl+g",
        ),
        ({"status": 400, "refusal": "temperature must be non-negative"}, "refuses the request (400)", "ctrl+g"),
        ({"status": 500, "refusal": "EngineCore died"}, "failed inside (500)", "log"),
    ],
)
async def test_a_refusal_says_what_to_do(chat: Chat, behaviour: dict[str, Any], title: str, mend: str) -> None:
    _text, error, _fake = await refusal(chat, **behaviour)
    assert title in error.title
    assert mend in error.mend
    assert behaviour.get("refusal", "") in error.detail


async def test_nobody_listening_is_told(chat: Chat) -> None:
    with pytest.raises(ServiceError, match="fake does not answer"):
        await pieces(chat, ChatServer(url="http://127.0.0.1:9").server())


async def test_no_way_in_is_told(chat: Chat) -> None:
    with pytest.raises(ServiceError, match="no way to fake"):
        await pieces(chat, ChatServer().server(url=None))


@pytest.mark.parametrize("how", [{"cut_after": 5}, {"finish": None}])
async def test_an_answer_that_breaks_off_keeps_what_came(chat: Chat, how: dict[str, Any]) -> None:
    text, error, _fake = await refusal(chat, pieces=["word "] * 9, pause=0.05, **how)
    assert text.startswith("word word ")
    assert "broke off" in error.title
    assert "R asks again" in error.mend


async def test_an_error_inside_the_stream_is_told(chat: Chat) -> None:
    text, error, _fake = await refusal(chat, pieces=["a"] * 4, error_after=2)
    assert text == "aa"
    assert "ended the answer" in error.title and "the engine died" in error.detail


async def test_an_embedding_has_its_dimensions_and_first_numbers(chat: Chat) -> None:
    async with serving() as fake:
        made = await chat.embed(fake.server(task="embed"), "hi")
    assert (made.dimensions, made.first[:2], made.tokens) == (4, (0.25, -0.5), 3)


@pytest.mark.parametrize("key", ["sk-SECRET\r", "sk-SECRET\n", "sk-SECRET-é", "sk SECRET"])
async def test_a_key_that_no_header_carries_is_told_without_being_shown(chat: Chat, key: str) -> None:
    async with serving(pieces=["ok"]) as fake:
        for task in ("generate", "embed"):
            server = fake.server(api_key=key, task=task)
            with pytest.raises(ServiceError) as caught:
                await (chat.embed(server, "hi") if task == "embed" else pieces(chat, server))
            assert "API key" in caught.value.title and "SECRET" not in str(caught.value)
        assert not fake.asked


def test_what_nobody_thought_of_tells_only_its_kind() -> None:
    header = "Illegal header value b'Bearer sk-SECRET'"
    connection = openai.APIConnectionError(request=httpx2.Request("POST", "http://127.0.0.1"))
    connection.__cause__ = httpx2.LocalProtocolError(header)
    for error in (ValueError(header), httpx2.LocalProtocolError(header), connection):
        for began in (False, True):
            words = str(told(error, ChatServer(url="http://127.0.0.1").server(), began))
            assert "SECRET" not in words and ("ValueError" in words or "LocalProtocolError" in words)


def test_a_refusal_that_repeats_the_key_does_not_show_it() -> None:
    request = httpx2.Request("POST", "http://127.0.0.1")
    words = "Invalid key sk-SECRET"
    error = openai.APIStatusError(words, response=httpx2.Response(401, request=request), body={"message": words})
    assert "SECRET" not in str(told(error, ChatServer(url="http://127.0.0.1").server(api_key="sk-SECRET"), False))


@pytest.mark.parametrize("vector", [["x"], [None], "abc", None])
async def test_an_embedding_that_is_no_vector_is_told(chat: Chat, vector: Any) -> None:
    async with serving(vector=vector) as fake:
        with pytest.raises(ServiceError, match="could not be read"):
            await chat.embed(fake.server(task="embed"), "hi")
