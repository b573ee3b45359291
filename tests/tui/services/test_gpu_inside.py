"""The GPUs of another machine are read inside one of its running containers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.world import World, shows
from tui.services.docker_engine import DockerEngine
from tui.services.engine import EngineInfo
from tui.services.errors import ServiceError
from tui.services.fleet_view import FleetView
from tui.services.gpu import GpuAbsent, GpuReading
from tui.services.gpu_inside import Inside, has_gpus
from tui.services.gpus import Gpus
from tui.services.server import Server, State

TWO = (Path(__file__).parents[2] / "data" / "nvidia-smi-two.csv").read_text("utf-8")
SMI = "nvidia-smi"
FAKE_SMI = """#!/bin/sh
case "$1" in
--query-gpu*) echo "0, GPU-1, 570.124.06, 37, 1024, 81559, 41, 120.5, 700, 1980, 2619, [N/A], 0, 0x0, NVIDIA H100 80GB HBM3" ;;
*) echo "| NVIDIA-SMI 570.124.06   Driver Version: 570.124.06   CUDA Version: 12.8 |" ;;
esac
"""
Container = Callable[..., str]
GPU = {"HostConfig": {"DeviceRequests": [{"Count": -1, "Capabilities": [["gpu"]]}]}}
NEAR = EngineInfo("27", "1.46", "Docker Engine", "unix:///var/run/docker.sock", "default")
FAR = EngineInfo("27", "1.46", "Docker Engine", "tcp://10.0.0.5:2375", "far")
DESKTOP = EngineInfo("27", "1.46", "Docker Desktop", "unix:///run/desktop.sock", "desktop-linux")


def inside(engine: FakeEngine, info: EngineInfo = FAR, **states: State) -> Inside:
    """Its containers, each in its state."""
    rows = {one.name: one for one in asyncio.run(engine.containers())}
    servers = tuple(Server("h", rows[name].id, name, "container", state) for name, state in states.items())
    view = FleetView("h", servers, engine=info, loaded=True)
    return Inside(engine, lambda: view, far=info is FAR)


def why(source: Inside) -> GpuAbsent:
    with pytest.raises(GpuAbsent) as found:
        source.read()
    return found.value


def executed(engine: FakeEngine) -> list[str]:
    return [str(call[1]) for call in engine.asked if call[0] == "exec"]


@pytest.mark.parametrize("info", [FAR, DESKTOP])
def test_they_are_read_where_a_container_has_them_and_it_is_named(info: EngineInfo) -> None:
    engine = FakeEngine()
    engine.add("cpu")
    engine.add("big", body=GPU)
    engine.programs["big", SMI] = (0, TWO)
    source = inside(engine, info, cpu=State.READY, big=State.READY)
    assert [gpu.index for gpu in source.read().gpus] == [0, 1]
    assert source.name == "read in big"
    assert len(set(executed(engine))) == 1, "the container without GPUs was asked too"


def test_an_engine_of_this_machine_is_not_asked() -> None:
    engine = FakeEngine()
    engine.add("big", body=GPU)
    absent = why(inside(engine, NEAR, big=State.READY))
    assert absent.bare and executed(engine) == []


@pytest.mark.parametrize("state", [State.PAUSED, State.STOPPED, State.RESTARTING])
def test_in_a_container_that_does_not_run_nothing_is_run(state: State) -> None:
    engine = FakeEngine()
    engine.add("big", body=GPU)
    assert "No running container" in str(why(inside(engine, big=state)))
    assert executed(engine) == []


def test_without_nvidia_smi_one_line_says_so() -> None:
    engine = FakeEngine()
    engine.add("big", body=GPU)
    view = Gpus((inside(engine, big=State.READY),)).once()
    assert (view.gpus, view.trouble, view.bare) == ((), "There is no nvidia-smi in big", False)


def test_the_next_container_is_asked_where_the_first_cannot_tell() -> None:
    engine = FakeEngine()
    engine.add("bare", body=GPU)
    engine.add("big", body=GPU)
    engine.programs["big", SMI] = (0, TWO)
    source = inside(engine, bare=State.READY, big=State.READY)
    assert len(source.read().gpus) == 2 and source.name == "read in big"


def test_a_tool_that_hangs_in_there_is_not_started_a_second_time() -> None:
    engine = FakeEngine()
    engine.add("big", body=GPU)
    engine.programs["big", SMI] = TimeoutError()
    source = inside(engine, big=State.READY)
    assert "hangs in big" in str(why(source))
    count = executed(engine).count(executed(engine)[0])
    why(source)
    assert len(executed(engine)) == count


def test_docker_desktop_without_a_container_that_has_gpus_is_no_trouble() -> None:
    engine = FakeEngine()
    engine.add("cpu")
    assert why(inside(engine, DESKTOP, cpu=State.READY)).bare


@pytest.mark.parametrize(
    ("record", "has"),
    [
        ({}, False),
        ({"HostConfig": None, "Config": None}, False),
        ({"HostConfig": {"DeviceRequests": None, "Runtime": "runc"}}, False),
        (GPU, True),
        ({"HostConfig": {"Runtime": "nvidia"}}, True),
        ({"HostConfig": {"Devices": [{"PathOnHost": "/dev/kfd"}]}}, True),
        ({"Config": {"Env": ["PATH=/bin", "NVIDIA_VISIBLE_DEVICES=all"]}}, True),
        ({"Config": {"Env": ["VLLM_USAGE_SOURCE=x"]}}, False),
    ],
)
def test_what_has_gpus_is_told_by_its_record(record: dict[str, object], has: bool) -> None:
    assert has_gpus(record) is has


@pytest.mark.docker
async def test_a_real_engine_runs_a_tool_in_a_real_container(docker_engine: DockerEngine, container: Container) -> None:
    script = f"printf '%s' '{FAKE_SMI}' > /bin/nvidia-smi; busybox chmod +x /bin/nvidia-smi; exec sleep 600"
    name = container(["sh", "-c", script], Env=["PATH=/bin", "NVIDIA_VISIBLE_DEVICES=all"])
    while (await docker_engine.exec(name, ["busybox", "test", "-x", "/bin/nvidia-smi"]))[0]:
        await asyncio.sleep(0.05)
    record = await docker_engine.inspect(name)
    view = FleetView("h", (Server("h", record["Id"], name, "container", State.READY),), engine=FAR, loaded=True)
    source = Inside(docker_engine, lambda: view, far=True)
    reading = await asyncio.to_thread(source.read)
    assert [(gpu.name, gpu.utilization) for gpu in reading.gpus] == [("NVIDIA H100 80GB HBM3", 0.37)]
    assert (source.name, reading.cuda) == (f"read in {name}", "12.8")


@pytest.mark.docker
async def test_a_real_engine_says_that_there_is_no_such_program_and_refuses_where_nothing_can_run(
    docker_engine: DockerEngine, container: Container
) -> None:
    name = container(["sleep", "600"])
    assert (await docker_engine.exec(name, ["nvidia-smi"]))[0] == 127
    assert await docker_engine.exec(name, ["sh", "-c", "echo out; echo complaint >&2; exit 3"]) in [
        (3, "out\ncomplaint\n"),
        (3, "complaint\nout\n"),
    ]
    with pytest.raises(TimeoutError):
        await docker_engine.exec(name, ["sleep", "30"], patience=0.6)
    assert (await docker_engine.exec(name, ["echo", "still here"])) == (0, "still here\n")
    await docker_engine.kill(name, "SIGKILL")
    with pytest.raises(ServiceError, match="not running"):
        await docker_engine.exec(name, ["nvidia-smi"])


@pytest.mark.docker
async def test_a_real_engine_runs_nothing_in_a_paused_container(
    docker_engine: DockerEngine, container: Container, docker_client: Any
) -> None:
    name = container(["sleep", "600"])
    docker_client.pause(name)
    try:
        with pytest.raises(ServiceError):
            await docker_engine.exec(name, ["echo", "x"])
    finally:
        docker_client.unpause(name)


class NeverAsked:
    """This machine's own GPUs: none of the other machine's business."""

    name = "NVML"

    def read(self) -> GpuReading:
        raise AssertionError("this machine's GPUs were read for another one")


async def test_the_panel_says_in_which_container_the_other_machines_gpus_were_read(tmp_path: Path) -> None:
    world = World(tmp_path, gpus=NeverAsked(), address="10.0.0.5")
    world.engine.engine_info = FAR
    world.engine.add("big", port=8000, body=GPU)
    world.engine.programs["big", SMI] = (0, TWO)
    async with world.app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, "read in big", "RTX 4090")
