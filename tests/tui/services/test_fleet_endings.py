"""How a server's end is told: at once, with its own word, and never by way of a state that is not true."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, only, running, state_is, until
from tui.services.engine import Container
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State
from tui.services.vllm import Identity

URL = "http://127.0.0.1:8123"
KEY = ("local", "smol")


class BehindEngine(FakeEngine):
    """An engine whose list shows for a while what was true before, as Docker's does while it clears up after a death."""

    def __init__(self) -> None:
        super().__init__()
        self.behind: list[Container] | None = None
        self.stale = 0
        """How often it has told what was no longer true."""

    async def containers(self) -> list[Container]:
        rows = await super().containers()
        self.stale += self.behind is not None
        return rows if self.behind is None else self.behind


def ready(engine: FakeEngine) -> FakeClient:
    """Let one server run and answer."""
    client = FakeClient()
    engine.add("smol", port=8123)
    client.alive[URL] = Identity("smol", "/models/m", 4096, "0.32.0")
    return client


async def test_a_death_is_believed_before_the_list_knows_of_it() -> None:
    engine = BehindEngine()
    client = ready(engine)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        engine.behind = await engine.containers()
        await engine.kill("smol")
        client.alive.clear()
        server = only(await until(fleet, state_is(State.STOPPED), 2.0))
        assert server is not None and (server.exit_code, server.killed) == (137, True)
        await asyncio.sleep(1.2)  # the list is read once more, and is still behind
        assert state_is(State.STOPPED)(fleet.view)
        engine.behind = None
        await engine.start("smol")
        await until(fleet, state_is(State.STARTING), 2.0)


async def test_a_list_that_is_behind_is_read_again_soon() -> None:
    engine = BehindEngine()
    client = ready(engine)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        engine.behind = await engine.containers()
        engine.exit("smol", 1)
        before = engine.stale
        await until(fleet, state_is(State.FAILED), 2.0)
        async with asyncio.timeout(3.0):
            while engine.stale < before + 2:  # once for the event itself, then because the list was behind
                await asyncio.sleep(0.05)


async def test_the_age_of_a_failed_one_counts_from_its_end_while_the_list_is_behind() -> None:
    engine = BehindEngine()
    engine.add("smol")
    engine.record("smol")["State"]["StartedAt"] = "2026-01-01T00:00:00.000000000Z"
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.behind = await engine.containers()
        engine.exit("smol", 1)
        server = only(await until(fleet, state_is(State.FAILED), 2.0))
    assert server is not None and server.since is not None and time.time() - server.since < 5.0


async def test_the_word_of_what_is_done_stands_until_its_result() -> None:
    engine = BehindEngine()
    client = ready(engine)
    seen: list[tuple[str, str | None]] = []

    def note(view: FleetView) -> None:
        server = view.server(KEY)
        assert server is not None
        seen.append((str(server.state), server.action))

    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        await until(fleet, lambda view: view.servers[0].action is None)
        fleet.listen(note)
        fleet.act(KEY, "stopping")
        await until(fleet, lambda view: view.servers[0].action == "stopping")
        await engine.stop("smol")
        fleet.act(KEY, None)
        await until(fleet, lambda view: view.servers[0].action is None)
    words = [action or state for state, action in seen]
    assert list(dict.fromkeys(words)) == ["stopping", "stopped"], seen


@pytest.mark.parametrize(
    ("signals", "killed"),
    [([], True), (["SIGKILL"], True), (["9"], True), (["15"], False), (["15", "9"], False), (["15", "SIGKILL"], False)],
)
async def test_137_is_a_kill_unless_somebody_asked_it_to_stop_before(signals: list[str], killed: bool) -> None:
    engine = FakeEngine()
    engine.add("smol")
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        for signal in signals:
            engine.emit("kill", "smol", signal=signal)
        engine.exit("smol", 137)
        server = only(await until(fleet, state_is(State.STOPPED)))
    assert server is not None and (server.killed, server.exit_code) == (killed, 137)


async def test_one_that_the_kernel_killed_for_memory_has_failed_and_says_so() -> None:
    engine = FakeEngine()
    engine.add("smol")
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.exit("smol", 137, oom=True)
        server = only(await until(fleet, state_is(State.FAILED)))
    assert server is not None and server.killed and server.oom_killed


async def test_a_head_whose_engine_died_has_failed_although_it_exits_0_and_the_line_that_says_why_is_known() -> None:
    engine = FakeEngine()
    engine.add("smol")
    engine.feed(
        "smol", b"(APIServer pid=1) vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue\n"
    )
    engine.feed("smol", b"RuntimeError: Connection closed by peer [172.18.0.3]\n")
    engine.feed("smol", b"INFO: Shutting down\n" * 60)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: bool(view.servers))
        engine.exit("smol", 0)
        server = only(await until(fleet, lambda view: bool(view.servers) and view.servers[0].cause != "", 4.0))
    assert server is not None and server.state is State.FAILED
    assert server.cause == "RuntimeError: Connection closed by peer [172.18.0.3]"


async def test_the_age_of_a_server_is_the_same_for_a_console_that_was_there_and_for_one_that_comes_later() -> None:
    engine = FakeEngine()
    client = FakeClient()
    engine.add("smol", port=8123)
    ages = []
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        client.alive[URL] = Identity("smol", "/models/m", 4096, "0.32.0")
        engine.feed("smol", b"INFO:     Application startup complete.\n", time.time() + 60)
        ages.append((await until(fleet, state_is(State.READY))).servers[0].since)
    async with running(engine, client) as fleet:
        ages.append((await until(fleet, state_is(State.READY))).servers[0].since)
    assert ages[0] is not None and ages[0] == ages[1]


async def chosen_and_removed(engine: FakeEngine) -> tuple[Server | None, Server | None]:
    """Look at one server while somebody removes it: its row then, and after another one was chosen."""
    engine.add("other")
    async with running(engine, ready(engine)) as fleet:
        await until(fleet, lambda view: len(view.servers) == 2)
        fleet.choose(KEY)
        await engine.kill("smol")  # as `docker rm -f` does it
        await until(fleet, lambda view: any(one.killed for one in view.servers))
        await engine.remove("smol", force=True)
        await until(fleet, lambda view: (view.server(KEY) or view.servers[0]).state in {State.GONE, State.STARTING})
        await until(fleet, lambda view: view.server(KEY) is None or view.server(KEY).state is State.GONE)  # type: ignore[union-attr]
        row = fleet.view.server(KEY)
        fleet.choose(("local", "other"))
        view = await until(fleet, lambda view: len(view.servers) == 1)
        return row, view.server(KEY)


async def test_a_server_removed_by_hand_keeps_its_row_while_it_is_looked_at() -> None:
    row, later = await chosen_and_removed(FakeEngine())
    assert row is not None and (row.state, row.url, row.since is not None) == (State.GONE, None, True)
    assert not row.killed and row.exit_code is None
    assert later is None


async def test_one_that_llmtui_removes_leaves_no_row_and_what_is_kept_aside_shows_none_meanwhile() -> None:
    engine = FakeEngine()
    client = ready(engine)
    engine.add("smol-llmtui-old", state="exited")
    seen: set[tuple[str, ...]] = set()
    async with running(engine, client) as fleet:
        await until(fleet, lambda view: bool(view.servers))
        fleet.choose(KEY)
        fleet.listen(lambda view: seen.add(tuple(f"{one.name} {one.state}" for one in view.servers)))
        fleet.act(KEY, "removing")
        await engine.remove("smol", force=True)
        await asyncio.sleep(0.3)
        await engine.remove("smol-llmtui-old")
        fleet.act(KEY, None)
        await until(fleet, lambda view: not view.servers)
    assert not any("old" in name or "gone" in name for names in seen for name in names), seen


async def test_a_server_removed_and_made_anew_by_somebody_else_is_the_same_row() -> None:
    engine = FakeEngine()
    async with running(engine, ready(engine)) as fleet:
        await until(fleet, state_is(State.READY))
        fleet.choose(KEY)
        await engine.remove("smol", force=True)
        await until(fleet, state_is(State.GONE))
        engine.add("smol", port=8123)
        await until(fleet, state_is(State.READY))
