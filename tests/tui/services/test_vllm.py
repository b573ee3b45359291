"""Questions to a server over HTTP, whatever it answers."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from tui.services import vllm
from tui.services.vllm import VllmClient

MODELS = b'{"data": [{"id": "a", "max_model_len": 64}, {"id": "b"}]}'


@contextlib.asynccontextmanager
async def answering(body: bytes, status: str = "200 OK", drip: bool = False) -> AsyncIterator[tuple[VllmClient, str]]:
    """A client, and a server that answers everything alike."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n".encode() + body)
            await writer.drain()
            while drip and not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    client = VllmClient()
    try:
        yield client, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        await client.close()
        server.close()


async def test_all_the_names_it_answers_to_are_known() -> None:
    async with answering(MODELS) as (client, url):
        identity = await client.identity(url)
    assert identity is not None
    assert (identity.model, identity.context_length, identity.models) == ("a", 64, ("a", "b"))


async def test_a_server_whose_key_we_lack_shows_no_names() -> None:
    async with answering(b"{}", "401 Unauthorized") as (client, url):
        identity = await client.identity(url)
    assert identity is not None and identity.models is None


@pytest.mark.parametrize("body", [b"[" * 200_000, b"\xff{", b'{"data": [1, null]}'])
async def test_no_body_makes_a_question_fail(body: bytes) -> None:
    async with answering(body) as (client, url):
        identity = await client.identity(url)
    assert identity is None or identity.models == ()


async def test_an_answer_without_measure_is_none() -> None:
    async with answering(b"x" * (vllm.MOST_BYTES + 1)) as (client, url):
        assert await client.scrape(url, None, time.monotonic) is None


async def test_an_answer_that_drips_for_ever_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vllm, "WHOLE_SECONDS", 0.5)
    async with answering(b"", drip=True) as (client, url):
        async with asyncio.timeout(3):
            assert not await client.healthy(url)


async def test_what_is_far_is_asked_through_the_environment_s_proxy_and_what_is_near_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with answering(MODELS) as (client, proxy):
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        far = await client.identity("http://far.example.com")
        near = await client.identity("http://127.0.0.1:9")
    assert far is not None and far.model == "a"
    assert near is None
