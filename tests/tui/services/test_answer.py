"""One token as the proof: what counts as an answer, and what does not."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tui.insight.stall import Outcome
from tui.services.answer import NotYetError, is_near, one_token
from tui.services.errors import ServiceError
from tui.services.vllm import VllmClient

CHAT, COMPLETE, EMBED = "/v1/chat/completions", "/v1/completions", "/v1/embeddings"
NO_MODEL = {
    "error": {"message": "The model `m` does not exist. Valid aliases: n.", "type": "NotFoundError", "code": 404}
}
NO_TEMPLATE = {
    "error": {"message": "As of transformers v4.44, default chat template is no longer allowed", "code": 400}
}


class Quiet(ThreadingHTTPServer):
    """Says nothing of clients that have gone away."""

    def handle_error(self, *arguments: object) -> None:
        """Say nothing."""


class Server:
    """An HTTP server that answers from a table: path -> (status, body)."""

    def __init__(self) -> None:
        self.table: dict[str, tuple[int, Any]] = {"/v1/models": (200, {"data": [{"id": "m"}]})}
        self.asked: list[tuple[str, Any]] = []
        self.keys: list[str | None] = []
        self.ranks: list[str | None] = []
        self.delay = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                outer.asked.append((self.path, json.loads(self.rfile.read(length)) if length else None))
                outer.keys.append(self.headers.get("authorization"))
                outer.ranks.append(self.headers.get("x-data-parallel-rank"))
                time.sleep(outer.delay)
                status, body = outer.table.get(self.path.partition("?")[0], (404, {"detail": "Not Found"}))
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for path, _ in self.asked]

    def close(self) -> None:
        """Listen no more."""
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that knows nothing yet."""
    one = Server()
    yield one
    one.close()


def chat(model: str = "m", content: str | None = "H") -> tuple[int, Any]:
    """A chat answer."""
    return 200, {"model": model, "choices": [{"message": {"role": "assistant", "content": content}}]}


@pytest.mark.parametrize("content", ["Hello", "", None])
async def test_a_token_from_the_expected_model_is_the_proof_even_when_it_is_a_thought(
    server: Server, content: Any
) -> None:
    server.table[CHAT] = chat(content=content)
    assert await one_token(server.url, "m") == "m"
    assert server.asked[0][1]["max_tokens"] == 1
    assert server.paths == [CHAT]


async def test_a_base_model_without_a_chat_template_is_asked_to_complete(server: Server) -> None:
    server.table[CHAT] = (400, NO_TEMPLATE)
    server.table[COMPLETE] = (200, {"model": "m", "choices": [{"text": "x"}]})
    assert await one_token(server.url, "m") == "m"
    assert server.paths == [CHAT, COMPLETE]


async def test_an_embedding_is_the_proof_of_an_embedding_model(server: Server) -> None:
    server.table[EMBED] = (200, {"model": "m", "data": [{"embedding": [0.1]}]})
    assert await one_token(server.url, "m", "embed") == "m"
    assert server.paths == [EMBED]


async def test_an_embedding_model_nobody_told_us_of_is_found_out(server: Server) -> None:
    server.table[EMBED] = (200, {"model": "m", "data": [{"embedding": [0.1]}]})
    assert await one_token(server.url, "m") == "m"
    assert server.paths == [CHAT, COMPLETE, EMBED]


async def test_without_a_name_the_first_model_is_asked(server: Server) -> None:
    server.table[CHAT] = chat()
    assert await one_token(server.url, "") == "m"


async def test_one_of_several_served_names_is_fine(server: Server) -> None:
    server.table["/v1/models"] = (200, {"data": [{"id": "first"}, {"id": "m"}]})
    server.table[CHAT] = chat("first")
    assert await one_token(server.url, "m") == "m"


async def test_the_key_is_sent_and_never_said(server: Server) -> None:
    server.table[CHAT] = (401, {"error": "Unauthorized"})
    with pytest.raises(ServiceError, match="wants an API key") as caught:
        await one_token(server.url, "m", api_key="sk-secret")
    assert server.keys == ["Bearer sk-secret"]
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ((404, NO_MODEL), "Another model answers than m"),
        (chat("n"), "Another model answers than m"),
        ((200, {"model": "m", "choices": []}), "m answers with nothing"),
        ((200, ["what"]), "m answers with nothing"),
        ((200, b"<html>nginx</html>"), "m answers with nothing"),
        ((500, {"error": {"message": "CUDA error"}}), r"m answers with an error \(500\)"),
        ((422, {"detail": [{"loc": ["body"]}]}), r"m answers with an error \(422\)"),
    ],
)
async def test_what_is_no_proof_is_refused_for_good(server: Server, answer: tuple[int, Any], title: str) -> None:
    server.table |= {CHAT: answer, "/v1/models": (200, {"data": [{"id": "n"}]})}
    with pytest.raises(ServiceError, match=title) as caught:
        await one_token(server.url, "m")
    assert not isinstance(caught.value, NotYetError)


async def test_a_server_that_is_no_model_server_has_no_road(server: Server) -> None:
    with pytest.raises(ServiceError, match="no road"):
        await one_token(server.url, "m")


@pytest.mark.parametrize("status", [429, 502, 503])
async def test_a_busy_server_may_answer_later(server: Server, status: int) -> None:
    server.table[CHAT] = (status, {"error": "busy"})
    with pytest.raises(NotYetError):
        await one_token(server.url, "m")


async def test_nobody_listening_may_answer_later() -> None:
    with pytest.raises(NotYetError, match="Nobody answers"):
        await one_token("http://127.0.0.1:1", "m", timeout=5)


async def test_a_server_that_says_nothing_is_given_up_in_time(server: Server) -> None:
    server.delay = 5.0
    server.table[CHAT] = chat()
    began = asyncio.get_running_loop().time()
    with pytest.raises(NotYetError, match="gives no answer"):
        await one_token(server.url, "m", timeout=0.3)
    assert asyncio.get_running_loop().time() - began < 2.0


async def test_an_endless_answer_is_cut_off(server: Server) -> None:
    server.table[CHAT] = (200, b"[" + b"1," * 5_000_000)
    with pytest.raises(ServiceError, match="answers with nothing"):
        await one_token(server.url, "m", timeout=20)


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert os.environ["HTTP_PROXY"]
    server.table[CHAT] = chat()
    assert await one_token(server.url, "m") == "m"


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://127.0.0.1/x"])
async def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(ServiceError):
        await one_token(url, "m", timeout=3)


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://192.168.1.7:8000", True),
        ("http://172.17.0.3:8000", True),
        ("http://[::1]:8000", True),
        ("http://gpu1:8000", True),
        ("http://8.8.8.8:8000", False),
        ("https://api.example.com", False),
    ],
)
def test_near_addresses_are_told_from_far_ones(url: str, near: bool) -> None:
    assert is_near(url) is near


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (chat(), Outcome.ANSWERED),
        ((500, {"error": {"message": "EngineCore encountered an issue"}}), Outcome.FAULTY),
        ((503, {}), Outcome.UNSURE),
        ((401, {"error": "Unauthorized"}), Outcome.UNSURE),
    ],
)
async def test_what_becomes_of_a_question_that_only_tests_and_that_it_says_whose_it_is(
    server: Server, reply: tuple[int, Any], outcome: Outcome
) -> None:
    server.table[CHAT] = reply
    client = VllmClient()
    assert await client.works(server.url, None, "m", "generate", 5) is outcome
    assert server.paths == [f"{CHAT}?by=llmtui"]
    await client.close()


async def test_one_engine_of_several_is_asked_by_its_rank(server: Server) -> None:
    server.table[CHAT] = chat()
    client = VllmClient()
    for rank in (1, None):
        assert await client.works(server.url, None, "m", "generate", 5, rank=rank) is Outcome.ANSWERED
    assert server.ranks == ["1", None]
    await client.close()


async def test_a_question_that_is_taken_and_not_answered_is_late_and_where_nobody_listens_it_is_not(
    server: Server,
) -> None:
    server.table[CHAT], server.delay = chat(), 1.0
    client = VllmClient()
    assert await client.works(server.url, None, "m", "generate", 0.2) is Outcome.LATE
    server.close()
    assert await client.works(server.url, None, "m", "generate", 0.2) is Outcome.UNSURE
    await client.close()
