"""The last question as a program that runs."""

from __future__ import annotations

import ast
import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from tui.services.chat_records import ChatMessage, ChatSettings
from tui.services.chat_snippets import snippets
from tui.services.server import Server, State

SERVER = Server("here", "1", "qwen3", "container", State.READY, model="qwen3", url="http://127.0.0.1:8000")
KEYED = Server(
    "here", "1", "qwen3", "container", State.READY, model="qwen3", url="http://127.0.0.1:8000", api_key="sk-secret"
)


@given(st.text())
def test_curl_says_exactly_what_was_asked(text: str) -> None:
    made = snippets(SERVER, [ChatMessage("user", text or "x")], ChatSettings())
    words = shlex.split(made["curl"].replace("\\\n", "")) if "\\\n" not in text else shlex.split(made["curl"])
    assert words[:2] == ["curl", "http://127.0.0.1:8000/v1/chat/completions"]
    assert json.loads(words[words.index("-d") + 1])["messages"] == [{"role": "user", "content": text or "x"}]


@given(st.text(min_size=1))
def test_python_says_exactly_what_was_asked(text: str) -> None:
    tree = ast.parse(snippets(SERVER, [ChatMessage("user", text)], ChatSettings(thinking=False))["Python"])
    call = next(
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("create")
    )
    given_ = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert given_["messages"] == [{"role": "user", "content": text}]
    assert given_["extra_body"] == {"chat_template_kwargs": {"enable_thinking": False}}


def test_powershell_doubles_every_quote_it_knows() -> None:
    made = snippets(SERVER, [ChatMessage("user", "it's ‘so’")], ChatSettings())["PowerShell"]
    assert "it''s ‘‘so’’" in made


def test_no_snippet_holds_the_key() -> None:
    for text in snippets(KEYED, [ChatMessage("user", "hi")], ChatSettings()).values():
        assert "sk-secret" not in text
        assert "VLLM_API_KEY" in text


def test_an_embedding_server_is_asked_for_an_embedding() -> None:
    server = Server(
        "here", "1", "bge", "container", State.READY, model="bge", url="http://127.0.0.1:8001", task="embed"
    )
    made = snippets(server, [ChatMessage("user", "hi")], ChatSettings())
    assert "/v1/embeddings" in made["curl"] and '"input": "hi"' in made["curl"]
