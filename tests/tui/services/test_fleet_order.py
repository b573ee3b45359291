"""The order of the servers: what runs stands above what does not, and a row moves no more than it must."""

from __future__ import annotations

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, Load, running, until
from tui.services.fleet_rows import RANKS, rank
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State
from tui.services.vllm import Identity

ANSWERS = Identity("smol", "/models/m", 4096, "0.32.0")


def names(view: FleetView) -> list[str]:
    return [server.name for server in view.servers]


async def test_ready_ones_come_first_then_starting_then_failed_then_stopped_ones_each_by_name() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("a-stopped", state="exited", port=8121)
    engine.add("b-failed", state="exited", exit_code=1, port=8122)
    engine.add("c-starting", port=8123)
    engine.add("e-ready", port=8125)
    engine.add("d-ready", port=8124)
    for port in (8124, 8125):
        client.alive[f"http://127.0.0.1:{port}"] = ANSWERS
    async with running(engine, client) as fleet:
        wanted = ["d-ready", "e-ready", "c-starting", "b-failed", "a-stopped"]
        view = await until(fleet, lambda view: names(view) == wanted)
    states = [State.READY, State.READY, State.STARTING, State.FAILED, State.STOPPED]
    assert [server.state for server in view.servers] == states


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
        await until(fleet, lambda view: names(view) == ["beta", "alpha"])


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_place(state: State) -> None:
    assert rank(Server("local", "x", "x", "container", state), None) == RANKS[state]


def test_what_is_being_made_stands_among_what_starts() -> None:
    making = Server("local", "x", "x", "container", State.CREATED, action="pulling")
    assert rank(making, None) == RANKS[State.STARTING]
