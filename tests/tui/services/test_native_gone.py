"""Processes that have ended: each name is told of once, for a while, and no longer than one looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from profiles.serve_command import parse
from tests.tui.services.fleet_fakes import FakeClient
from tests.tui.waiting import until
from tui.services.beside import Beside
from tui.services.fleet_natives import GONE_SECONDS, FleetNatives
from tui.services.native_scan import Native
from tui.services.natives import Natives


class Played(Natives):
    """Finds what the test says: (name, process id)."""

    def __init__(self) -> None:
        super().__init__(every=0.01)
        self.there: list[tuple[str, int]] = []
        self.time = 1000.0

    def once(self) -> list[Native]:
        return [self.made(name, pid) for name, pid in list(self.there)]

    def made(self, name: str, pid: int) -> Native:
        """A process that serves a model under this name."""
        command = parse(["vllm", "serve", "m", "--served-model-name", name, "--port", str(8300 + pid)])
        assert command is not None
        return Native(pid, 1, 0.0, command, None)


@pytest.fixture
async def scene() -> AsyncIterator[tuple[Played, FleetNatives]]:
    """What is played, and the rows over it."""
    played = Played()
    natives = FleetNatives("local", FakeClient(), Beside(played), lambda: played.time, lambda: None)
    natives.start()
    yield played, natives
    natives.close()


def rows(natives: FleetNatives) -> list[str]:
    return sorted(f"{row.name} {row.state}" for row in natives.rows((), {}))


async def test_a_name_that_comes_and_goes_leaves_one_row(scene: tuple[Played, FleetNatives]) -> None:
    played, natives = scene
    for pids in ((1, 2), (3, 4)):
        played.there = [("m", pid) for pid in pids]
        await until(lambda: len([row for row in rows(natives) if "starting" in row]) == 2)
        played.there = []
        await until(lambda: not any("starting" in row for row in rows(natives)))
    assert len(rows(natives)) == 1


async def test_it_goes_after_a_while_unless_it_is_looked_at_and_then_with_the_next_choice(
    scene: tuple[Played, FleetNatives],
) -> None:
    played, natives = scene
    played.there = [("a", 1), ("b", 2)]
    await until(lambda: len(rows(natives)) == 2)
    natives.choose(("local", "a"))
    played.there = []
    await until(lambda: rows(natives) == ["a gone", "b gone"])
    played.time += GONE_SECONDS + 1
    assert rows(natives) == ["a gone"]
    natives.choose(("local", "c"))
    assert rows(natives) == []
