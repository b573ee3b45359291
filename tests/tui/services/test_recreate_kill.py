"""`kill -9` at any moment of a recreate, of an undo, of a launch: the next start mends it."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.tui.services.recreate_scene import command, scene
from tests.tui.services.test_recreate_docker import KINDS, family, run
from tui.services import answer_wait, recreate_recover
from tui.services.docker_engine import DockerEngine
from tui.services.journal import Journal
from tui.services.timeline import timeline_of

pytestmark = pytest.mark.docker
ROOT = Path(__file__).parents[3]
RECREATES = {
    "always": [
        *(f"after:{number}" for number in range(1, 11)),
        *(f"call:{number}" for number in range(1, 6)),
        *(f"during:{number}" for number in range(1, 6)),
    ],
    "rm": [
        *(f"after:{number}" for number in (2, 3, 4, 5)),
        *(f"call:{number}" for number in (1, 2, 3)),
        *(f"during:{number}" for number in (1, 2, 3)),
    ],
    "compose": ["before:5"],
    "by-hand": ["before:8"],
}
"""Kind of container -> the moments at which its recreate is killed."""
UNDOS = ["after:1", "call:1", "after:2", "call:2", "call:3", "after:3", "after:4"]
LAUNCHES = {"after:1": 0, "after:2": 0, "call:1": 0, "after:3": 0, "call:2": 1}
"""Moment -> how many containers are left after the next start."""


@pytest.fixture
def name(docker_client: Any) -> Iterator[str]:
    """A name that is free, and cleared with all that was kept aside under it."""
    name = f"g-{uuid.uuid4().hex[:8]}"
    yield name
    for row in docker_client.containers(all=True):
        if any(one.lstrip("/").startswith(name) for one in row["Names"]):
            remove_quietly(docker_client, row["Id"])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_wait, "STEADY_SECONDS", 0.2)
    monkeypatch.setattr(answer_wait, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(recreate_recover, "SETTLE_SECONDS", 0.5)


async def kill(folder: Path, name: str, verb: str, moment: str, *more: str) -> None:
    """Run the victim until its moment."""
    arguments = ["-m", "tests.tui.services.recreate_victim", str(folder), name, verb, moment, *more]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == -9, (said, complaint)


async def check_whole(engine: DockerEngine, name: str, kind: str, kept: bool) -> str:
    """Exactly one container has the name, it runs as it should, and nothing is left but what is kept on purpose."""
    rows = {one.name: one for one in await engine.containers() if one.name.startswith(name)}
    record = await engine.inspect(name)
    asked = KINDS[kind].get("HostConfig", {})
    assert record["State"]["Running"]
    assert record["HostConfig"]["RestartPolicy"]["Name"] == asked.get("RestartPolicy", {"Name": ""})["Name"]
    assert record["HostConfig"]["AutoRemove"] is asked.get("AutoRemove", False)
    aside = set(rows) - {name}
    assert aside == ({f"{name}-llmtui-old"} if kept and kind != "rm" else set())
    for other in aside:
        assert rows[other].state == "exited"
        assert (await engine.inspect(other))["HostConfig"]["RestartPolicy"]["Name"] in ("", "no")
    lengths = [length for length in (1024, 2048) if record["Config"]["Cmd"] == command(length)]
    assert lengths
    return "old" if lengths == [1024] else "new"


@dataclass(frozen=True)
class Case:
    """One container that is recreated by one victim."""

    engine: DockerEngine
    folder: Path
    name: str
    kind: str
    moment: str

    async def recreate(self, image: str) -> None:
        """Kill a recreate, start again, look."""
        await run(self.engine, image, self.name, **KINDS[self.kind])
        await kill(self.folder, self.name, "recreate", self.moment)
        recreator = scene(self.engine, self.folder)
        told = await recreator.recover()
        assert all(one.name == self.name and one.text for one in told)
        assert len(told) <= 1
        kept = self.name in await recreator.kept()
        which = await check_whole(self.engine, self.name, self.kind, kept)
        assert kept is (which == "new")
        assert not list(self.folder.glob("action-*.json"))
        assert await recreator.recover() == []
        if kept:
            await recreator.undo(self.name)
            assert await check_whole(self.engine, self.name, self.kind, False) == "old"

    async def undo(self, image: str) -> None:
        """Kill an undo, start again, look."""
        await run(self.engine, image, self.name, **KINDS[self.kind])
        await kill(self.folder, self.name, "undo", self.moment)
        recreator = scene(self.engine, self.folder)
        await recreator.recover()
        assert await check_whole(self.engine, self.name, self.kind, False) == "old"
        assert self.name not in await recreator.kept()
        assert not list(self.folder.glob("action-*.json")) and not list(self.folder.glob("kept-*.json"))
        line = await timeline_of(recreator.host, Journal(self.folder), self.name)
        assert line.past == () and [one.body["Cmd"] for one in line.future] == [command(2048)]  # redo can bring it back


async def each(moments: Sequence[str], case: Callable[[str, int], Awaitable[None]]) -> None:
    """Go through the moments, some at a time (they mostly wait); say of every failure which moment it was."""
    turns = asyncio.Semaphore(4)

    async def one(number: int, moment: str) -> str:
        async with turns:
            try:
                await case(moment, number)
            except Exception as error:
                return f"{moment}: {error!r}"
        return ""

    assert [text for text in await asyncio.gather(*map(one, range(len(moments)), moments)) if text] == []


@pytest.mark.parametrize("kind", RECREATES)
async def test_a_recreate_killed_at_any_moment_is_finished_or_undone(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    async def case(moment: str, number: int) -> None:
        await Case(docker_engine, tmp_path / str(number), f"{name}-{number:02}", kind, moment).recreate(busybox)

    await each(RECREATES[kind], case)


@pytest.mark.parametrize("kind", ["always", "rm"])
async def test_an_undo_killed_at_any_moment_is_finished(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    async def case(moment: str, number: int) -> None:
        await Case(docker_engine, tmp_path / str(number), f"{name}-{number:02}", kind, moment).undo(busybox)

    await each(UNDOS, case)


async def test_a_launch_killed_at_any_moment_leaves_nothing_half_made(
    docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    async def case(moment: str, number: int) -> None:
        own, folder = f"{name}-{number:02}", tmp_path / str(number)
        await kill(folder, own, "launch", moment, busybox)
        told = await scene(docker_engine, folder).recover()
        assert [one.name for one in told] == [own]
        assert len(await family(docker_engine, own)) == LAUNCHES[moment]
        assert list(folder.glob("*.json")) == []

    await each(list(LAUNCHES), case)
