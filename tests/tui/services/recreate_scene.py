"""What the tests of recreate share: a container to recreate, and questions answered without a model."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tui.services import answer_wait, recreate_recover
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Journal
from tui.services.launch_step import Step
from tui.services.recreate import Recreator

SERVER = ("vllm", "serve", "/models/m", "--served-model-name", "m", "--max-model-len", "1024")
IMAGE = "vllm/vllm-openai:latest"
CHANGING = ("set_restart_policy", "stop", "rename", "create", "connect", "start", "remove")
SERVES = "trap 'exit 0' TERM; sleep 1000 & wait; vllm serve /models/m --served-model-name m --max-model-len {length}"
"""A shell line that runs at once and ends at once when told, and is recognised as a vLLM server."""


def command(length: int = 1024) -> list[str]:
    """A stand-in server's command."""
    return ["sh", "-c", SERVES.format(length=length)]


def longer(body: dict[str, Any], length: int = 2048) -> dict[str, Any]:
    """The edit that the tests make."""
    return {**body, "Cmd": command(length)}


async def yes(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
    """Answer for every server that is asked."""
    return model


class Answers:
    """Answers as it is told: a name, or an error; keeps what was asked."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str, str | None]] = []

    async def __call__(self, url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
        self.asked.append((url, model, task, api_key))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def scene(engine: Any, folder: Path, ask: Any = yes, limit: float = 20.0) -> Recreator:
    """A recreator with a journal of its own."""
    return Recreator(Host("local", "local", engine), Journal(folder), ask, limit)


async def steps(iterator: AsyncIterator[Step]) -> list[Step]:
    """Go through to the end."""
    return [step async for step in iterator]


async def failure(iterator: AsyncIterator[Step]) -> ServiceError:
    """Go through to the failure that must come."""
    try:
        await steps(iterator)
    except ServiceError as error:
        return error
    raise AssertionError("it did not fail")


def essence(record: Mapping[str, Any]) -> dict[str, Any]:
    """What must stay the same in a recreate without a change: all of Config and HostConfig, the networks without ids."""
    record = copy.deepcopy(dict(record))
    short = record["Id"][:12]
    config = record["Config"]
    if config.get("Hostname") == short:
        config["Hostname"] = "(the id)"
    networks = {}
    for name, endpoint in record["NetworkSettings"]["Networks"].items():
        aliases = [alias for alias in endpoint.get("Aliases") or () if alias != short]
        networks[name] = {
            **{key: endpoint.get(key) for key in ("IPAMConfig", "Links", "DriverOpts")},
            "Aliases": aliases,
        }
    return {"Config": config, "HostConfig": record["HostConfig"], "Networks": networks, "Name": record["Name"]}


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten every wait."""
    monkeypatch.setattr(answer_wait, "STEADY_SECONDS", 0.05)
    monkeypatch.setattr(answer_wait, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(answer_wait, "ASK_EVERY", 0.02)
    monkeypatch.setattr(recreate_recover, "SETTLE_SECONDS", 0.05)


def fleet() -> FakeEngine:
    """An engine in memory with one server, qwen3."""
    one = FakeEngine()
    one.add("qwen3", IMAGE, SERVER, port=8000)
    image = one.record("qwen3")["Image"]
    one.image_list.append(ImageInfo(image, (IMAGE,), 10, 0.0))
    return one


def doubled(body: dict[str, Any]) -> dict[str, Any]:
    """Edit qwen3's context length to 2048."""
    return {**body, "Cmd": [*body["Cmd"][:-1], "2048"]}


def changes(engine: FakeEngine) -> list[str]:
    """What was asked of the engine that changes something, in order."""
    return [call[0] for call in engine.asked if call[0] in CHANGING]


async def until_waiting(iterator: AsyncIterator[Step]) -> None:
    """Go on until the new one is being waited for."""
    async for step in iterator:
        if step.name == "wait":
            return
