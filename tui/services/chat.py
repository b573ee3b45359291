"""Talking to a model server: answers that stream, embeddings, and failures in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, suppress
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from tui.services.chat_client import Clients
from tui.services.chat_errors import broke_off, told
from tui.services.chat_records import ChatMessage, ChatSettings, Embedding, Piece
from tui.services.chat_stream import ChatStream
from tui.services.errors import ServiceError
from tui.services.server import Server

if TYPE_CHECKING:
    from openai import AsyncAPIResponse, AsyncOpenAI

PACE = 0.12
"""Seconds between two pieces: an answer is handed on eight times a second, however fast its tokens come."""

REST = 0.05
"""Seconds in which nothing is read once everything that had come was: tokens gather in the meantime."""

BUFFERED = 0.001
"""What took less than these seconds to read had been there already."""

_USAGE: tuple[dict[str, Any], ...] = (
    {"stream_options": {"include_usage": True, "continuous_usage_stats": True}},
    {"stream_options": {"include_usage": True}},
    {},
)
"""What is asked about token counts, best first: older servers refuse the first or the first two."""


class Chat:
    """Asks model servers and streams what they answer.

    Closing the stream, or cancelling the task that reads it, closes the connection, and so the server frees the request.
    """

    def __init__(self) -> None:
        self._clients = Clients()
        self._usage: dict[str, int] = {}

    def warm(self) -> None:
        """Begin to load the client, so that the first question need not wait for it."""
        self._clients.warm()

    async def answer(
        self, server: Server, messages: Sequence[ChatMessage], settings: ChatSettings
    ) -> AsyncGenerator[Piece, None]:
        """Stream the answer to a conversation in pieces, at most eight a second; the last one holds the final figures.

        Raises:
            ServiceError: If the server cannot be reached, refuses, or breaks off; what came before stays valid.
        """
        began = False
        stack = AsyncExitStack()
        try:
            async with stack:
                client = await self._clients.client(_url(server), server.api_key)
                stream = ChatStream(time.monotonic)
                response = await self._open(stack, client, server, _body(server, messages, settings))
                async for piece in _pieces(response, stream):
                    began = began or bool(piece.text or piece.reasoning)
                    yield piece
        except (ServiceError, GeneratorExit):
            raise
        except Exception as error:
            raise told(error, server, began) from error
        if not stream.done and stream.finish is None:
            raise broke_off(server)

    async def embed(self, server: Server, text: str) -> Embedding:
        """Ask an embedding server for the vector of a text.

        Raises:
            ServiceError: If it cannot be reached or refuses.
        """
        try:
            client = await self._clients.client(_url(server), server.api_key)
            began = time.monotonic()
            made = await client.embeddings.create(model=server.model or "", input=text, encoding_format="float")
            vector = made.data[0].embedding
            first = tuple(float(number) for number in vector[:6])  # the client checks no types
            tokens = made.usage.prompt_tokens if made.usage else None
            return Embedding(len(vector), first, tokens, time.monotonic() - began)
        except ServiceError:
            raise
        except Exception as error:
            raise told(error, server, False) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._clients.close()

    async def _open(
        self, stack: AsyncExitStack, client: AsyncOpenAI, server: Server, body: dict[str, Any]
    ) -> AsyncAPIResponse[Any]:
        from openai import APIStatusError

        for level in range(self._usage.get(_url(server), 0), len(_USAGE)):
            asked = client.chat.completions.with_streaming_response.create(**body, **_USAGE[level])
            try:
                response: AsyncAPIResponse[Any] = await stack.enter_async_context(asked)
            except APIStatusError as error:
                if error.status_code not in {400, 422} or not _about_usage(error) or level + 1 == len(_USAGE):
                    raise
            else:
                self._usage[_url(server)] = level
                return response
        raise AssertionError("the last level asks for nothing that could be refused")


async def _pieces(response: AsyncAPIResponse[Any], stream: ChatStream) -> AsyncGenerator[Piece, None]:
    """Read in a task, hand on at the pace: so that the last token before a pause is not held back by the pause."""
    arrived = asyncio.Event()
    reading = asyncio.create_task(_read(response, stream, arrived))
    try:
        while not reading.done():
            waiting = asyncio.ensure_future(arrived.wait())
            await asyncio.wait({reading, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            arrived.clear()
            if stream.pending:
                yield stream.take()
                await asyncio.wait({reading}, timeout=PACE)
        with suppress(asyncio.CancelledError):
            if error := reading.exception():
                if stream.pending:
                    yield stream.take()
                raise error
        yield stream.take()
    finally:
        reading.cancel()
        with suppress(BaseException):
            await reading


async def _read(response: AsyncAPIResponse[Any], stream: ChatStream, arrived: asyncio.Event) -> None:
    """Read what is there, then rest a little: waking up for every token costs three times the reading itself."""
    before = time.monotonic()
    async for data in response.iter_bytes():
        waited = time.monotonic() - before
        stream.feed(data)
        if stream.done:
            return
        if stream.pending:
            arrived.set()
            if waited > BUFFERED:
                await asyncio.sleep(REST)
        before = time.monotonic()


def _url(server: Server) -> str:
    if server.url is None:
        raise ServiceError(
            _("There is no way to {name}").format(name=server.name),
            _("it publishes no port"),
            _("Recreate it with a published port"),
        )
    return server.url


def _body(server: Server, messages: Sequence[ChatMessage], settings: ChatSettings) -> dict[str, Any]:
    return {**request(server, messages, settings), "stream": True, **_extra(settings)}


def request(server: Server, messages: Sequence[ChatMessage], settings: ChatSettings) -> dict[str, Any]:
    """The fields of the request that every OpenAI-compatible server knows."""
    turns = [{"role": "system", "content": settings.system}] if settings.system.strip() else []
    turns += [{"role": message.role, "content": message.text} for message in _answered(messages)]
    body: dict[str, Any] = {"model": server.model or "", "messages": turns}
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if settings.top_p is not None:
        body["top_p"] = settings.top_p
    if settings.max_tokens is not None:
        body["max_tokens"] = _most(settings.max_tokens, server.context_length)
    return body


def _answered(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The messages worth sending: many chat templates refuse two questions in a row, so one that got no answer goes with it."""
    kept: list[ChatMessage] = []
    for message in messages:
        if message.role == "assistant" and not message.text:
            kept.pop() if kept and kept[-1].role == "user" else None
        else:
            kept.append(message)
    return kept


def _most(wanted: int, context: int | None) -> int:
    """Half the context when more than the whole is wanted: vLLM refuses such a request outright."""
    return wanted if context is None or wanted < context else max(1, context // 2)


def _extra(settings: ChatSettings) -> dict[str, Any]:
    return {} if settings.thinking else {"extra_body": {"chat_template_kwargs": {"enable_thinking": False}}}


def _about_usage(error: Exception) -> bool:
    return any(word in str(error) for word in ("stream_options", "include_usage", "continuous_usage_stats"))
