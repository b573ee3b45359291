"""A failure is said of the container that it left there, and of no later one."""

from __future__ import annotations

import asyncio

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, only, running, until
from tui.services.errors import ServiceError
from tui.services.fleet import Fleet
from tui.services.fleet_mishaps import Mishaps
from tui.services.fleet_view import FleetView

SMOL = ("local", "smol")


def mishap(view: FleetView) -> str | None:
    server = only(view)
    return server.mishap if server is not None else None


async def looks(fleet: Fleet, engine: FakeEngine, count: int = 2) -> None:
    """Have the fleet look so many times more, and draw."""
    for _number in range(count):
        before = sum(call[0] == "containers" for call in engine.asked)
        fleet.nudge()
        await until(fleet, lambda view, before=before: sum(call[0] == "containers" for call in engine.asked) > before)
        await asyncio.sleep(0)


async def test_who_replaces_the_container_is_not_told_what_failed_before_it() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: only(view) is not None)
        fleet.mishap(SMOL, "no answer")
        await looks(fleet, engine)
        assert mishap(await until(fleet, lambda view: mishap(view) is not None)) == "no answer"
        await engine.remove("smol", force=True)
        new = engine.add("smol", image="vllm/vllm-openai:v9", port=8123)
        view = await until(fleet, lambda view: any(server.id == new.id for server in view.servers))
        assert mishap(view) is None


async def test_what_failed_stays_beside_the_container_that_going_back_made_again() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: only(view) is not None)
        await engine.remove("smol", force=True)
        again = engine.add("smol", port=8123)
        fleet.mishap(SMOL, "no answer")
        await until(fleet, lambda view: any(server.id == again.id for server in view.servers))
        await looks(fleet, engine, 3)
        assert mishap(fleet.view) == "no answer"


def test_a_look_that_began_before_a_failure_was_told_decides_nothing_about_it() -> None:
    mishaps = Mishaps()
    mishaps.tell(SMOL, "no answer")
    before = mishaps.told()
    mishaps.tell(SMOL, "no room")
    mishaps.settle(before, {})  # it found the name free: one was being taken away, the other not made again yet
    assert mishaps.of(SMOL) == "no room"
    mishaps.settle(mishaps.told(), {SMOL: "made again"})
    mishaps.settle(mishaps.told(), {SMOL: "made again"})
    assert mishaps.of(SMOL) == "no room"
    mishaps.settle(mishaps.told(), {SMOL: "another"})
    assert mishaps.of(SMOL) is None


async def test_an_engine_that_does_not_answer_makes_nobody_forget() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: only(view) is not None)
        fleet.mishap(SMOL, "no answer")
        engine.fail_next("containers", ServiceError("Docker does not answer"))
        fleet.nudge()
        await until(fleet, lambda view: view.trouble is not None)
        await until(fleet, lambda view: view.trouble is None and mishap(view) == "no answer")
