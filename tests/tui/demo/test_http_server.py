"""The loopback server of a simulated model."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tui.waiting import until
from tui.demo.http_server import Model, ModelServer
from tui.demo.traffic import Traffic
from tui.insight.vitals_scrape import Scrape
from tui.services.answer import one_token
from tui.services.errors import ServiceError
from tui.services.vllm import VllmClient


@pytest.fixture
def server() -> Iterator[ModelServer]:
    made = ModelServer(lambda text: None)
    yield made
    made.close()


def model(task: str = "generate", pace: float = 1000.0, key: str | None = None, busy: bool = False) -> Model:
    return Model("m", "/models/m", 4096, task, True, Traffic("m", time.time() - 60, busy, 50_000), key, pace)


def url(server: ModelServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def post(server: ModelServer, path: str, **body: Any) -> str:
    request = urllib.request.Request(url(server) + path, json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def chat(server: ModelServer, question: str = "Hi", **body: Any) -> str:
    return post(server, "/v1/chat/completions", messages=[{"role": "user", "content": question}], **body)


async def test_it_is_there_only_once_it_has_a_model(server: ModelServer) -> None:
    client = VllmClient()
    assert not await client.healthy(url(server))
    server.model = model()
    assert await client.healthy(url(server))
    identity = await client.identity(url(server))
    assert identity is not None and (identity.model, identity.context_length) == ("m", 4096)
    await client.close()


async def test_it_answers_the_one_token_that_proves_a_recreate(server: ModelServer) -> None:
    server.model = model()
    assert await one_token(url(server), "m") == "m"
    with pytest.raises(ServiceError):
        await one_token(url(server), "another")
    server.model = model("embed")
    assert await one_token(url(server), "m", "embed") == "m"
    server.model = model(key="secret")
    with pytest.raises(ServiceError):
        await one_token(url(server), "m")
    assert await one_token(url(server), "m", api_key="secret") == "m"


def test_max_tokens_cuts_an_answer_off(server: ModelServer) -> None:
    server.model = model()
    answer = json.loads(chat(server, max_tokens=7))
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 7
    whole = json.loads(chat(server))
    assert whole["choices"][0]["finish_reason"] == "stop"
    assert whole["choices"][0]["message"]["reasoning"]


def test_a_stream_thinks_answers_counts_and_ends(server: ModelServer) -> None:
    server.model = model()
    text = chat(server, "你好", stream=True, stream_options={"include_usage": True})
    events = [line.removeprefix("data: ") for line in text.splitlines() if line]
    assert events[-1] == "[DONE]"
    assert json.loads(events[-2])["usage"]["completion_tokens"] == len(events) - 4
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events[:-2]]
    assert next(index for index, delta in enumerate(deltas) if "reasoning" in delta) == 1
    assert "人工智能" in "".join(delta.get("content") or "" for delta in deltas)


def test_without_thinking_it_only_answers(server: ModelServer) -> None:
    server.model = model()
    answer = json.loads(chat(server, chat_template_kwargs={"enable_thinking": False}))
    assert answer["choices"][0]["message"]["reasoning"] is None


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1/nothing"])
def test_a_road_that_it_does_not_have_is_not_found(server: ModelServer, path: str) -> None:
    server.model = model()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        post(server, path, input="x")


def test_more_than_the_context_is_refused(server: ModelServer) -> None:
    server.model = model()
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        chat(server, max_tokens=5000)
    refused.value.close()


async def test_who_hangs_up_frees_the_server_and_is_counted_as_cut_off(server: ModelServer) -> None:
    server.model = served = model(pace=1.0)
    body = json.dumps({"stream": True, "messages": [{"role": "user", "content": "Hi"}]}).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        line.recv(100)
        assert served.traffic.running == 1
    await until(lambda: served.traffic.running == 0)
    assert 'finished_reason="abort",engine="0",model_name="m"} 1.0' in served.traffic.metrics()


async def test_a_server_that_ends_cuts_its_answers_off(server: ModelServer) -> None:
    server.model = model(pace=1.0)
    asked = asyncio.ensure_future(asyncio.to_thread(chat, server, stream=True))
    await until(lambda: server.model is not None and server.model.traffic.running == 1)
    server.close()
    with pytest.raises(Exception, match="IncompleteRead"):
        await asked


def test_its_metrics_are_read_as_a_vllms_and_move() -> None:
    traffic = Traffic("m", time.time() - 600, True, 50_000)
    earlier = Scrape.read(traffic.metrics(), 0.0)
    time.sleep(0.3)
    later = Scrape.read(traffic.metrics(), 0.3)
    assert earlier.whole and later.whole
    name = "vllm:generation_tokens_total"
    assert later.engines["0"][name][""] > earlier.engines["0"][name][""]
