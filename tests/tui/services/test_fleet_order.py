"""The order of the servers: what runs stands above what does not, and a row moves no more than it must."""

from __future__ import annotations

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, Load, running, until
from tui.services.fleet_merge import ended
from tui.services.fleet_view import FleetView
from tui.services.server import ALIVE, Server, State
from tui.services.vllm import Identity

ANSWERS = Identity("smol", "/models/m", 4096, "0.32.0")


def names(view: FleetView) -> list[str]:
    return [server.name for server in view.servers]


async def test_at_the_first_look_what_runs_stands_above_what_has_ended_each_by_name() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("a-stopped", state="exited", port=8121)
    engine.add("b-failed", state="exited", exit_code=1, port=8122)
    engine.add("d-starting", port=8123)
    engine.add("e-ready", port=8125)
    engine.add("c-ready", port=8124)
    for port in (8124, 8125):
        client.alive[f"http://127.0.0.1:{port}"] = ANSWERS
    async with running(engine, client) as fleet:
        wanted = [State.READY, State.STARTING, State.READY, State.STOPPED, State.FAILED]
        view = await until(fleet, lambda view: [server.state for server in view.servers] == wanted)
    assert names(view) == ["c-ready", "d-starting", "e-ready", "a-stopped", "b-failed"]


async def test_no_row_moves_when_a_server_ends_fails_and_starts_again_and_a_new_one_stands_among_what_runs() -> None:
    engine, client = FakeEngine(), FakeClient()
    for name in ("alpha", "beta", "delta"):
        engine.add(name)
    engine.add("old", state="exited")
    async with running(engine, client) as fleet:
        seen: list[list[str]] = []
        await until(fleet, lambda view: len(view.servers) == 4)
        fleet.listen(lambda view: seen.append(names(view)))
        engine.exit("alpha", 1)
        await until(fleet, lambda view: view.servers[0].state is State.FAILED)
        await engine.stop("beta")
        await engine.start("old")
        await until(fleet, lambda view: [one.state for one in view.servers[1:]] == ["stopped", "starting", "starting"])
        await engine.start("alpha")
        await until(fleet, lambda view: view.servers[0].state is State.STARTING)
        assert set(map(tuple, seen)) == {("alpha", "beta", "delta", "old")}
        engine.add("gamma")
        view = await until(fleet, lambda view: len(view.servers) == 5)
    assert names(view) == ["alpha", "beta", "delta", "gamma", "old"]


async def test_a_server_that_becomes_busy_keeps_its_place() -> None:
    engine, client = FakeEngine(), FakeClient()
    for name, port in (("alpha", 8123), ("beta", 8124)):
        engine.add(name, port=port)
        client.alive[f"http://127.0.0.1:{port}"] = ANSWERS
    client.loads["http://127.0.0.1:8124"] = Load(2, 0)
    async with running(engine, client) as fleet:
        view = await until(fleet, lambda view: [one.state for one in view.servers] == [State.READY, State.BUSY])
    assert names(view) == ["alpha", "beta"]


async def test_a_server_stays_where_it_is_while_something_is_done_with_it() -> None:
    engine, client = FakeEngine(), FakeClient()
    for name, port in (("alpha", 8123), ("beta", 8124)):
        engine.add(name, port=port)
        client.alive[f"http://127.0.0.1:{port}"] = ANSWERS
    async with running(engine, client) as fleet:
        await until(fleet, lambda view: [one.state for one in view.servers] == [State.READY, State.READY])
        fleet.act(("local", "alpha"), "restarting")
        await until(fleet, lambda view: any(one.action == "restarting" for one in view.servers))
        await engine.stop("alpha")
        view = await until(fleet, lambda view: any(one.state is State.STOPPED for one in view.servers))
        assert names(view) == ["alpha", "beta"]
        fleet.act(("local", "alpha"), None)
        view = await until(fleet, lambda view: all(one.action is None for one in view.servers))
        assert names(view) == ["alpha", "beta"]


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_place(state: State) -> None:
    assert ended(Server("local", "x", "x", "container", state)) == (state not in ALIVE)


def test_what_is_being_made_stands_among_what_runs() -> None:
    assert not ended(Server("local", "x", "x", "container", State.CREATED, action="pulling"))
