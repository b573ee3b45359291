"""Waiting for a proof: phases from the log, the way in from the record, and every way the waiting can end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import SERVER, Answers, fleet, impatient
from tui.services.answer import NotYetError
from tui.services.answer_target import target
from tui.services.answer_wait import CalledOffError, Waiting, look_up, wait_for_answer
from tui.services.engine import EngineInfo
from tui.services.errors import ServiceError
from tui.services.host import Host


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    return fleet()


DESKTOP = EngineInfo("27", "1.46", "Docker Desktop", "unix:///var/run/docker.sock", "default")
REMOTE = EngineInfo("27", "1.46", "Docker Engine", "tcp://gpu1:2375", "DOCKER_HOST")


class Wait:
    """One waiting under way."""

    def __init__(self, engine: FakeEngine, ask: Any, seconds: float = 5.0) -> None:
        self.said: list[tuple[str, float | None]] = []
        self.cancelled = asyncio.Event()
        self.ask = ask
        waiting = Waiting(seconds, self.cancelled, lambda text, fraction: self.said.append((text, fraction)))
        id_ = engine.record("qwen3")["Id"]
        self.task = asyncio.ensure_future(wait_for_answer(Host("local", "local", engine), id_, ask, waiting))

    async def until(self, words: str) -> None:
        """Wait until it has said something."""
        async with asyncio.timeout(5):
            while not any(words in text for text, _fraction in self.said):
                await asyncio.sleep(0.01)


async def test_the_phases_of_the_boot_are_told(engine: FakeEngine) -> None:
    wait = Wait(engine, Answers(NotYetError("Nobody answers")))
    await wait.until("starting")
    engine.feed("qwen3", b"INFO 11-24 vLLM API server version 0.32.0\n")
    await wait.until("reading the configuration")
    engine.feed("qwen3", b"Loading safetensors checkpoint shards:  45% Completed | 1/2\n")
    await wait.until("loading the weights 45%")
    assert wait.said[-1][1] == 0.45
    engine.feed("qwen3", b"INFO:     Application startup complete.\n")
    await wait.until("waiting for the first answer")
    wait.ask.answers = ["m"]
    assert await wait.task == "m"
    assert all(source.closed for source in engine.sources)


async def test_an_end_is_told_with_its_code_and_cause(engine: FakeEngine) -> None:
    wait = Wait(engine, Answers(NotYetError("Nobody answers")))
    await wait.until("starting")
    engine.feed(
        "qwen3",
        b"ValueError: No available memory for the cache blocks.\nRuntimeError: Engine core initialization failed.\n",
    )
    engine.exit("qwen3", 1)
    with pytest.raises(ServiceError) as caught:
        await wait.task
    assert caught.value.title == "qwen3 ended with exit code 1 before it answered"
    assert caught.value.detail == "ValueError: No available memory for the cache blocks."


async def test_running_out_of_memory_and_starting_over_and_over_are_ends(engine: FakeEngine) -> None:
    wait = Wait(engine, Answers(NotYetError("Nobody answers")))
    await wait.until("starting")
    engine.exit("qwen3", 137, oom=True)
    with pytest.raises(ServiceError, match="ran out of memory"):
        await wait.task
    await engine.start("qwen3")
    engine.record("qwen3")["RestartCount"] = 1
    with pytest.raises(ServiceError, match="ended with exit code"):
        await Wait(engine, Answers(NotYetError("Nobody answers"))).task


async def test_calling_off_ends_it_at_once_even_in_the_middle_of_a_question(engine: FakeEngine) -> None:
    async def slow(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
        await asyncio.sleep(60)
        return model

    wait = Wait(engine, slow)
    await wait.until("starting")
    wait.cancelled.set()
    with pytest.raises(CalledOffError):
        await asyncio.wait_for(wait.task, 1)


async def test_an_end_is_noticed_while_a_question_is_under_way(engine: FakeEngine) -> None:
    async def slow(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
        await asyncio.sleep(60)
        return model

    wait = Wait(engine, slow)
    await wait.until("starting")
    engine.exit("qwen3", 3)
    with pytest.raises(ServiceError, match="exit code 3"):
        await asyncio.wait_for(wait.task, 2)


async def test_what_is_no_model_server_need_only_keep_running() -> None:
    engine = FakeEngine()
    engine.add("qwen3", "nginx", ("nginx",))
    assert await Wait(engine, Answers(ServiceError("must not be asked"))).task == ""


@pytest.mark.parametrize("elsewhere", [DESKTOP, REMOTE], ids=["Docker Desktop", "a remote engine"])
async def test_where_no_way_leads_to_it_its_log_alone_proves_it(elsewhere: EngineInfo) -> None:
    engine = FakeEngine()
    engine.engine_info = elsewhere
    engine.add("qwen3", command=SERVER)  # no port is published, and its own address leads nowhere from here
    wait = Wait(engine, Answers(ServiceError("must not be asked")))
    await wait.until("starting")
    await asyncio.sleep(0.2)
    assert not wait.task.done()  # having run for a while proves nothing of a server
    engine.feed("qwen3", b"INFO:     Application startup complete.\n")
    assert await wait.task == ""


async def test_the_engine_is_asked_where_it_is_only_once(engine: FakeEngine) -> None:
    wait = Wait(engine, Answers(NotYetError("Nobody answers"), NotYetError("Nobody answers"), "m"))
    assert await wait.task == "m"
    assert [call[0] for call in engine.asked].count("info") == 1


async def test_one_that_is_gone_is_told_from_an_engine_that_is_away(engine: FakeEngine) -> None:
    id_ = engine.record("qwen3")["Id"]
    assert (await look_up(engine, id_) or {})["Id"] == id_
    await engine.remove(id_, force=True)
    assert await look_up(engine, id_) is None
    engine.dead = True
    with pytest.raises(ServiceError, match="does not answer"):
        await look_up(engine, id_)


@pytest.mark.parametrize(
    ("command", "port", "network", "url"),
    [
        (SERVER, 8123, {}, "http://127.0.0.1:8123"),
        ((*SERVER, "--port", "9000"), None, {"NetworkMode": "host"}, "http://127.0.0.1:9000"),
    ],
)
async def test_the_way_in_is_read_from_the_record(
    command: Any, port: int | None, network: dict[str, str], url: str
) -> None:
    engine = FakeEngine()
    engine.add("qwen3", command=command, port=port, body={"Env": ["VLLM_API_KEY=sk-secret"]})
    record = engine.record("qwen3")
    record["HostConfig"].update(network)
    asked = target(Host("local", "local", engine), record, native=True)
    assert asked is not None
    assert (asked.url, asked.model, asked.task, asked.api_key) == (url, "m", "generate", "sk-secret")
    assert "sk-secret" not in repr(asked)


async def test_an_embedding_server_is_asked_for_an_embedding() -> None:
    engine = FakeEngine()
    engine.add("e", command=("vllm", "serve", "/models/mini", "--runner", "pooling"), port=8000)
    asked = target(Host("local", "local", engine), engine.record("e"), native=True)
    assert asked is not None
    assert (asked.model, asked.task) == ("/models/mini", "embed")
