"""Whose the processes on a GPU are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tui.services.docker_engine import DockerEngine
from tui.services.engine import Container, EngineInfo
from tui.services.errors import ServiceError
from tui.services.fleet_view import FleetView
from tui.services.gpu import Gpu, GpuProcess, GpuView
from tui.services.gpu_owners import EVERY, GpuOwners, may_hold_gpus
from tui.services.server import Server, State

REFUSED = ServiceError("No such container", "gone", "")


def holding(*pids: int) -> GpuView:
    return GpuView((Gpu(0), Gpu(1, processes=tuple(GpuProcess(pid) for pid in pids))))


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine()
    for name, pid in (("qwen3", 41), ("smol", 51)):
        engine.add(name)
        engine.processes[name] = [(pid, "vllm serve"), (pid + 1, "VLLM::EngineCore")]
    return engine


def tops(engine: FakeEngine) -> int:
    return len([call for call in engine.asked if call[0] == "top"])


def known(engine: FakeEngine, clock: Clock, names: tuple[str, ...] = ("qwen3", "smol"), **how: Any) -> GpuOwners:
    return GpuOwners(engine, lambda: names, clock=clock, **how)


async def test_a_process_belongs_to_the_container_that_lists_it(engine: FakeEngine) -> None:
    owners = known(engine, Clock())
    assert owners.owned() == {}
    await owners.look(holding(42, 52, 900))
    assert owners.owned() == {42: "qwen3", 52: "smol"}


async def test_the_engine_is_asked_only_when_the_processes_change_and_not_too_often(engine: FakeEngine) -> None:
    clock = Clock()
    owners = known(engine, clock)
    await owners.look(holding(42))
    clock.now += EVERY
    await owners.look(holding(42))
    assert tops(engine) == 2
    await owners.look(holding(42, 52))
    clock.now += EVERY - 0.1
    await owners.look(holding(42, 52, 51))
    assert tops(engine) == 4
    clock.now += 0.2
    await owners.look(holding(42, 52, 51))
    assert tops(engine) == 6
    assert owners.owned() == {42: "qwen3", 51: "smol", 52: "smol"}
    clock.now += EVERY
    await owners.look(holding(51))
    assert owners.owned() == {51: "smol"}


async def test_a_server_that_comes_later_is_found_under_the_same_processes(engine: FakeEngine) -> None:
    clock, names = Clock(), ["qwen3"]
    owners = GpuOwners(engine, lambda: names, clock=clock)
    await owners.look(holding(52))
    assert owners.owned() == {}
    names.append("smol")
    clock.now += EVERY
    await owners.look(holding(52))
    assert owners.owned() == {52: "smol"}


async def test_a_container_that_does_not_answer_hides_no_other_and_is_asked_again(engine: FakeEngine) -> None:
    clock = Clock()
    owners = known(engine, clock)
    engine.fail_next("top", REFUSED)
    await owners.look(holding(42, 52))
    assert owners.owned() == {52: "smol"}
    clock.now += EVERY
    await owners.look(holding(42, 52))
    assert owners.owned() == {42: "qwen3", 52: "smol"}


async def test_nothing_is_asked_while_no_process_holds_a_gpu(engine: FakeEngine) -> None:
    await known(engine, Clock()).look(GpuView((Gpu(0), Gpu(1, processes=()))))
    assert tops(engine) == 0


async def test_a_server_without_a_container_owns_its_descendants(engine: FakeEngine, tmp_path: Path) -> None:
    for pid, parent in ((300, 200), (200, 100), (100, 1), (7, 7)):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (VLLM ) S) S {parent} 1 1 0")
    owners = known(engine, Clock(), (), natives=lambda: {100: "by hand"}, proc=tmp_path)
    await owners.look(holding(300, 100, 7, 999))
    assert owners.owned() == {300: "by hand", 100: "by hand"}
    assert tops(engine) == 0


def server(name: str, **fields: Any) -> Server:
    return replace(Server("local", "id", name, "container", State.READY), **fields)


def box(name: str, state: str) -> Container:
    return Container("id", name, "image", "sha", "sh", state, "", 0.0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere containers live in a machine of their own")
def test_running_and_paused_containers_may_hold_gpus() -> None:
    servers = [server(state.value, state=state) for state in State] + [server("native", kind="process")]
    others = (box("jupyter", "running"), box("asleep", "paused"), box("old", "exited"))
    view = FleetView("local", tuple(servers), others, EngineInfo("27", "1.46", "Docker Engine", "unix:///s", "default"))
    found = set(may_hold_gpus(view))
    assert {"ready", "busy", "starting", "paused", "silent", "jupyter", "asleep"} <= found
    assert not found & {"stopped", "failed", "created", "restarting", "gone", "native", "old"}


@pytest.mark.parametrize(
    "engine_info",
    [
        None,
        EngineInfo("27", "1.46", "Docker Engine", "tcp://gpu1:2375", "DOCKER_HOST"),
        EngineInfo("27", "1.46", "Docker Desktop", "unix:///s", "desktop-linux"),
    ],
)
def test_process_ids_of_another_machine_say_nothing_here(engine_info: EngineInfo | None) -> None:
    assert may_hold_gpus(FleetView("local", (server("qwen3"),), (), engine_info)) == []


@pytest.mark.docker
async def test_a_real_engine_lists_the_processes_of_the_machine(
    docker_engine: DockerEngine, container: Callable[..., str]
) -> None:
    name = container(["sleep", "60"])
    pid = (await docker_engine.inspect(name))["State"]["Pid"]
    owners = GpuOwners(docker_engine, lambda: [name])
    await owners.look(holding(pid, 1))
    assert owners.owned() == {pid: name}
