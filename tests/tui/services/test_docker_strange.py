"""What is no engine but speaks JSON all the same is told as that, whatever it says and whatever it is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.tui.services.small_engine import VERSION, small_engine
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError

QUESTIONS: dict[str, Callable[[DockerEngine], Awaitable[Any]]] = {
    "info": lambda engine: engine.info(),
    "containers": lambda engine: engine.containers(),
    "inspect": lambda engine: engine.inspect("smol"),
    "top": lambda engine: engine.top("smol"),
    "images": lambda engine: engine.images(),
    "image": lambda engine: engine.image("vllm"),
    "stats": lambda engine: engine.stats("smol"),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("answer", [None, ["x"], "hello", 7])
async def test_json_of_another_kind_is_no_engine_s(question: str, answer: Any) -> None:
    with small_engine(usual=answer) as server:
        engine = DockerEngine(server.address)
        with pytest.raises(ServiceError, match="no Docker engine"):
            await QUESTIONS[question](engine)
        engine.close()


@pytest.mark.parametrize("question", ["info", "containers", "inspect", "images"])
async def test_an_empty_object_is_no_engine_s(question: str) -> None:
    with small_engine(usual={}) as server:
        engine = DockerEngine(server.address)
        with pytest.raises(ServiceError, match="no Docker engine"):
            await QUESTIONS[question](engine)
        engine.close()


async def test_a_version_without_an_api_is_no_engine_s() -> None:
    with small_engine({"/version": {"Version": "3.1", "ApiVersion": ""}}, {}) as server:
        engine = DockerEngine(server.address)
        with pytest.raises(ServiceError, match="no Docker engine") as caught:
            await engine.info()
        assert "3.1" in caught.value.detail
        engine.close()


async def test_an_engine_of_few_words_is_one() -> None:
    with small_engine({"/version": VERSION, "/info": {}}, []) as server:
        engine = DockerEngine(server.address)
        assert (await engine.info()).api == "1.46"
        assert await engine.containers() == []
        engine.close()
