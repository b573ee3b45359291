"""The picture of one host's servers, and that it stays true."""

from __future__ import annotations

import time

from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, Load, only, running, state_is, until
from tui.services.server import State
from tui.services.vllm import Identity

URL = "http://127.0.0.1:8123"
ANSWERS = Identity("smol", "/models/m", 4096, "0.32.0")


async def test_a_server_started_by_hand_is_found_ready_with_model_and_port() -> None:
    engine, client = FakeEngine(), FakeClient()
    client.alive[URL] = ANSWERS
    engine.add("by-hand", port=8123)
    async with running(engine, client) as fleet:
        server = only(await until(fleet, state_is(State.READY)))
    assert server is not None
    assert (server.model, server.port, server.url, server.context_length) == ("smol", 8123, URL, 4096)


async def test_a_container_that_serves_no_model_is_among_the_others() -> None:
    engine = FakeEngine()
    engine.add("vllm-proxy", "nginx:latest", ("nginx", "-g", "daemon off;"))
    async with running(engine, FakeClient()) as fleet:
        view = await until(fleet, lambda view: bool(view.others) and view.loaded)
    assert not view.servers


async def test_a_starting_server_shows_the_phase_its_log_tells() -> None:
    engine = FakeEngine()
    engine.add("slow", port=8123)
    engine.feed("slow", b"INFO Starting to load model /models/m...\n", time.time() + 1)
    engine.feed("slow", b"Loading safetensors checkpoint shards:  41% Completed | 2/5\n", time.time() + 2)
    async with running(engine, FakeClient()) as fleet:
        server = only(await until(fleet, lambda view: bool(view.servers) and view.servers[0].phase == "weights"))
    assert server is not None
    assert (server.state, server.progress) == (State.STARTING, 0.41)


async def test_a_server_becomes_ready_when_its_log_says_so_and_it_answers() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.feed("smol", b"INFO:     Application startup complete.\n", time.time() + 1)
        client.alive[URL] = ANSWERS
        await until(fleet, state_is(State.READY))


async def test_running_requests_make_it_busy() -> None:
    engine, client = FakeEngine(), FakeClient()
    client.alive[URL], client.loads[URL] = ANSWERS, Load(3, 1)
    engine.add("smol", port=8123)
    async with running(engine, client) as fleet:
        fleet.choose(("local", "smol"))
        server = only(await until(fleet, state_is(State.BUSY)))
    assert server is not None and server.running == 3


async def test_a_stop_during_boot_is_stopped_whatever_the_exit_code() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.emit("kill", "smol", signal="15")
        engine.exit("smol", 1)
        await until(fleet, state_is(State.STOPPED))


async def test_an_end_by_itself_is_failed_with_its_exit_code_and_phase() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    engine.feed("smol", b"INFO Starting to load model /models/m...\n", time.time() + 1)
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.exit("smol", 1)
        server = only(await until(fleet, state_is(State.FAILED)))
        view = await until(fleet, lambda view: ("local", "smol") in view.boots)
    assert server is not None and server.exit_code == 1
    assert view.boots["local", "smol"].failed


async def test_a_start_that_is_ready_is_told_with_its_seconds() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        client.alive[URL] = ANSWERS
        engine.feed("smol", b"INFO:     Application startup complete.\n", time.time() + 1)
        await until(fleet, state_is(State.READY))
        view = await until(fleet, lambda view: ("local", "smol") in view.boots)
    boot = view.boots["local", "smol"]
    assert boot.ready and boot.ready_at is not None
    assert {phase.state for phase in boot.phases} == {"done"}


async def test_a_dead_engine_leaves_the_rows_as_last_seen_and_heals_by_itself() -> None:
    engine, client = FakeEngine(), FakeClient()
    client.alive[URL] = ANSWERS
    engine.add("smol", port=8123)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        engine.dead = True
        view = await until(fleet, lambda view: view.trouble is not None)
        assert view.servers[0].seen is not None
        engine.dead = False
        view = await until(fleet, lambda view: view.trouble is None)
    assert view.servers[0].seen is None


async def test_a_removed_container_leaves_the_picture() -> None:
    engine = FakeEngine()
    engine.add("smol", state="exited")
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: len(view.servers) == 1)
        await engine.remove("smol")
        await until(fleet, lambda view: view.loaded and not view.servers)


async def test_many_containers_cost_one_list_a_refresh_and_one_question_an_image() -> None:
    engine = FakeEngine()
    for number in range(50):
        engine.add(f"busy-{number}", "busybox:latest", ("sh", "-c", "sleep 1000"))
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: len(view.others) == 50)
    asked = [call[0] for call in engine.asked]
    assert asked.count("containers") <= 3
    assert asked.count("inspect") == 0
    assert asked.count("image") <= 2


async def test_an_action_is_shown_beside_its_server_while_it_lasts() -> None:
    engine = FakeEngine()
    engine.add("smol", state="exited")
    async with running(engine, FakeClient()) as fleet:
        await until(fleet, lambda view: len(view.servers) == 1)
        fleet.act(("local", "smol"), "starting")
        await until(fleet, lambda view: view.servers[0].action == "starting")
        fleet.act(("local", "smol"), None)
        await until(fleet, lambda view: view.servers[0].action is None)


async def test_what_is_kept_aside_is_no_row_of_its_own_but_known_beside_its_server() -> None:
    engine = FakeEngine()
    engine.add("smol", state="exited")
    engine.add("smol-llmtui-old", state="exited")
    async with running(engine, FakeClient()) as fleet:
        view = await until(fleet, lambda view: len(view.servers) == 1)
    assert (view.servers[0].name, view.servers[0].kept) == ("smol", True)
    assert not view.others
