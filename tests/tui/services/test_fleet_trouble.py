"""The picture while the world does not answer, or answers only in part."""

from __future__ import annotations

import asyncio
import time

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, StalledLogs, only, running, state_is, until
from tui.services.errors import ServiceError
from tui.services.server import ALIVE, State
from tui.services.vllm import Identity

URL = "http://127.0.0.1:8123"
NO_ANSWER = ServiceError("Docker does not answer", "timed out")


async def test_while_the_engine_is_away_nothing_redraws_the_last_picture() -> None:
    engine, client = FakeEngine(), FakeClient()
    client.alive[URL] = Identity("smol")
    engine.add("smol", port=8123)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        engine.dead = True
        view = await until(fleet, lambda view: view.trouble is not None)
        client.alive.clear()
        fleet.act(("local", "smol"), "stopping")
        await asyncio.sleep(0.3)
        assert fleet.view.trouble is not None
        assert fleet.view.servers == view.servers
        assert fleet.view.servers[0].seen == fleet.view.seen is not None


async def test_seen_is_when_the_engine_last_answered() -> None:
    engine = FakeEngine()
    engine.dead = True
    async with running(engine, FakeClient()) as fleet:
        view = await until(fleet, lambda view: view.trouble is not None)
    assert view.seen is None


async def test_a_log_that_stalls_keeps_no_row_back() -> None:
    engine = StalledLogs()
    engine.add("ended", state="exited", exit_code=1)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.FAILED), 2.0)


async def test_one_failed_inspect_throws_no_server_out() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.fail_next("inspect", NO_ANSWER)
        gone = []
        fleet.listen(lambda view: gone.append(view) if not view.servers else None)
        engine.exit("smol", 3)
        server = only(await until(fleet, state_is(State.FAILED)))
        await until(fleet, lambda view: view.servers[0].exit_code == 3)
    assert not gone and server is not None


async def test_an_image_that_could_not_be_looked_at_is_asked_again() -> None:
    engine = FakeEngine()
    engine.add("smol", "own/image:1", ("python3", "start.py"), labels={"llmtui.profile": "smol"})
    engine.fail_next("image", NO_ANSWER)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: view.loaded)
        asked = lambda: sum(call[0] == "image" for call in engine.asked)  # noqa: E731
        await until(fleet, lambda view: asked() >= 2, 4.0)


async def test_a_kill_that_is_heard_late_still_makes_it_stopped() -> None:
    engine = FakeEngine()
    engine.add("smol", state="exited", exit_code=1)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.FAILED))
        engine.emit("kill", "smol", signal="15")
        await until(fleet, state_is(State.STOPPED), 3.0)


async def test_a_kill_before_the_last_start_says_nothing_about_this_run() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        await engine.restart("smol")
        engine.exit("smol", 1)
        await until(fleet, state_is(State.FAILED), 3.0)
        await asyncio.sleep(0.2)
        assert state_is(State.FAILED)(fleet.view)


async def test_a_crash_loop_is_restarting_with_its_exit_code_and_can_be_stopped() -> None:
    engine = FakeEngine()
    engine.add("smol", state="restarting")
    engine.record("smol")["State"]["ExitCode"] = 7
    async with running(engine, FakeClient()) as fleet:
        server = only(await until(fleet, state_is(State.RESTARTING)))
    assert server is not None and server.exit_code == 7
    assert State.RESTARTING in ALIVE


async def test_what_is_being_made_has_a_row_before_it_has_a_container() -> None:
    engine = FakeEngine()
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: view.loaded)
        fleet.act(("local", "new"), "pulling 40%")
        server = only(await until(fleet, state_is(State.CREATED)))
        assert server is not None and (server.name, server.action) == ("new", "pulling 40%")
        engine.add("new", state="created")
        fleet.nudge()
        view = await until(fleet, lambda view: bool(view.servers) and view.servers[0].id != "new")
        assert len(view.servers) == 1
        await engine.remove("new")
        fleet.act(("local", "new"), None)
        await until(fleet, lambda view: not view.servers)


async def test_the_kills_of_a_container_that_is_gone_are_forgotten() -> None:
    engine = FakeEngine()
    engine.add("smol")
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.emit("kill", "smol", signal="9")
        await engine.remove("smol", force=True)
        await until(fleet, lambda view: not view.servers)
        deadline = time.monotonic() + 3
        while fleet._listening._wishes and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        assert not fleet._listening._wishes
