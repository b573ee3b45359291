"""When a running server counts as ready, and what it is when it does not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui import waiting
from tests.tui.services.fleet_fakes import FakeClient, Load, only, running, state_is, until
from tui.insight.vitals_scrape import Scrape
from tui.services import fleet_watch
from tui.services.fleet_view import FleetView
from tui.services.server import ALIVE, State
from tui.services.vllm import Identity

URL = "http://127.0.0.1:8123"
OURS = Identity("/models/m", models=("/models/m",))
OTHER = Identity("else", models=("else",))
READY_LINE = b"INFO:     Application startup complete.\n"


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_watch, "CHOSEN_SECONDS", 0.05)
    monkeypatch.setattr(fleet_watch, "OTHERS_SECONDS", 0.1)
    monkeypatch.setattr(fleet_watch, "BLIND_SECONDS", 0.1)


class Counting(FakeClient):
    """Counts what it is asked."""

    count = 0

    async def healthy(self, url: str, key: str | None = None) -> bool:
        self.count += 1
        return await super().healthy(url, key)

    async def identity(self, url: str, key: str | None = None) -> Identity | None:
        self.count += 1
        return await super().identity(url, key)

    async def asked_again(self, times: int = 6) -> None:
        """Wait until it has been asked so many times more."""
        enough = self.count + times
        await waiting.until(lambda: self.count >= enough)


def first_asked(view: FleetView) -> bool:
    return bool(view.servers) and view.servers[0].action is None


def on_host_network(engine: FakeEngine, *words: str) -> None:
    command = ("vllm", "serve", "/models/m", "--port", "8123", *words)
    engine.add("smol", command=command, body={"HostConfig": {"NetworkMode": "host"}})


async def test_somebody_else_on_its_port_does_not_make_it_ready() -> None:
    engine, client = FakeEngine(), Counting()
    on_host_network(engine)
    client.alive[URL] = OTHER
    async with running(engine, client) as fleet:
        await until(fleet, first_asked)
        await client.asked_again()
        assert state_is(State.STARTING)(fleet.view)
        client.alive[URL] = OURS
        await until(fleet, state_is(State.READY))


async def test_under_host_network_an_answer_without_a_name_counts_only_after_the_logs_ready_mark() -> None:
    engine, client = FakeEngine(), Counting()
    on_host_network(engine)
    client.alive[URL] = Identity(models=None)
    async with running(engine, client) as fleet:
        await until(fleet, first_asked)
        await client.asked_again()
        assert state_is(State.STARTING)(fleet.view)
        engine.feed("smol", READY_LINE, time.time() + 1)
        await until(fleet, state_is(State.READY))


async def test_a_server_whose_log_never_says_ready_is_found_by_asking() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    engine.feed("smol", b"INFO Starting to load model /models/m...\n", time.time() + 1)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        client.alive[URL] = OURS
        await until(fleet, state_is(State.READY))


async def test_a_ready_server_that_falls_silent_is_not_called_starting_and_can_be_stopped() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    client.alive[URL] = OURS
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        del client.alive[URL]
        await until(fleet, state_is(State.SILENT))
        client.alive[URL] = OURS
        await until(fleet, state_is(State.READY))
    assert State.SILENT in ALIVE


async def test_a_silent_server_that_boots_again_in_its_container_is_starting() -> None:
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    client.alive[URL] = OURS
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        del client.alive[URL]
        await until(fleet, state_is(State.SILENT))
        engine.feed("smol", b"INFO Starting to load model /models/m...\n", time.time() + 1)
        await until(fleet, state_is(State.STARTING))


async def test_ready_by_its_log_but_out_of_reach_is_no_way_in() -> None:
    engine = FakeEngine()
    engine.add("smol", port=8123)
    engine.feed("smol", READY_LINE, time.time() + 1)
    async with running(engine, FakeClient()) as fleet:
        server = only(await until(fleet, state_is(State.UNKNOWN)))
    assert server is not None and server.url == URL


class Broken(FakeClient):
    """Fails as no client should."""

    broken = True
    failures = 0

    async def scrape(self, url: str, key: str | None, clock: Callable[[], float]) -> Scrape | None:
        if self.broken:
            self.failures += 1
            raise RecursionError
        return await super().scrape(url, key, clock)


async def test_whatever_breaks_in_a_question_the_watch_goes_on() -> None:
    engine, client = FakeEngine(), Broken()
    engine.add("smol", port=8123)
    client.alive[URL], client.loads[URL] = OURS, Load(2, 0)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        await waiting.until(lambda: client.failures > 1)
        client.broken = False
        await until(fleet, state_is(State.BUSY))


async def test_a_watch_that_died_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, client = FakeEngine(), FakeClient()
    real, failures = fleet_watch.Watch.run, [ZeroDivisionError()]

    async def run(self: Any, clock: Any) -> None:
        if failures:
            raise failures.pop()
        await real(self, clock)

    monkeypatch.setattr(fleet_watch.Watch, "run", run)
    engine.add("smol", port=8123)
    client.alive[URL] = OURS
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY), 3.0)


async def test_what_is_written_after_the_ready_mark_is_not_read_again_and_again() -> None:
    engine, client = FakeEngine(), Counting()
    engine.add("smol", port=8123)
    engine.feed("smol", READY_LINE, time.time() + 1)
    engine.feed("smol", b"INFO Starting to load model /models/m...\n" * 1000, time.time() + 2)
    async with running(engine, client) as fleet:
        view = await until(fleet, lambda view: ("local", "smol") in view.boots and view.boots["local", "smol"].ready)
        assert view.boots["local", "smol"].phases[2].seconds is None
        read = [call[0] for call in engine.asked].count("logs")
        await client.asked_again()  # none of the questions goes to the log
        assert [call[0] for call in engine.asked].count("logs") == read


async def test_a_boot_that_answers_before_its_log_was_read_to_the_end_is_measured_all_the_same() -> None:
    engine = FakeEngine()

    class QuickClient(FakeClient):
        async def identity(self, url: str, key: str | None = None) -> Identity | None:
            if url in self.alive:
                engine.feed("smol", READY_LINE, time.time() + 1)  # written while it was asked
            return await super().identity(url, key)

    client = QuickClient()
    engine.add("smol", port=8123)
    engine.feed("smol", b"INFO Starting to load model /models/m...\n", time.time() + 1)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        client.alive[URL] = OURS
        view = await until(fleet, lambda view: bool(view.servers) and view.servers[0].boot_seconds is not None)
        assert view.boots["local", "smol"].ready


async def test_a_headless_part_of_a_server_is_asked_nothing_and_is_neither_booting_for_ever_nor_out_of_reach() -> None:
    engine, client = FakeEngine(), FakeClient()
    command = ("vllm", "serve", "/models/m", "--headless", "-dp", "2", "-dpr", "1")
    engine.add("rank", command=command, body={"HostConfig": {"NetworkMode": "host"}})
    client.alive["http://127.0.0.1:8000"] = OURS
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.STARTING))
        engine.feed("rank", b"INFO Starting to load model /models/m...\n", time.time() + 1)
        await until(fleet, lambda view: view.servers[0].phase == "weights")
        engine.feed("rank", b"INFO Available KV cache memory: 3.2 GiB\n", time.time() + 1)
        (server,) = (await until(fleet, state_is(State.HEADLESS))).servers
        assert (server.url, server.port) == (None, None)
        assert State.HEADLESS in ALIVE and not client.questions
        engine.exit("rank", 137)
        await until(fleet, state_is(State.STOPPED))


async def test_a_server_in_the_background_is_asked_when_it_is_due_and_not_at_its_next_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fleet_watch, "OTHERS_SECONDS", 60.0)
    client = FakeClient()
    client.alive[URL] = OURS

    async def no_log(after: float | None) -> list[tuple[float, str]]:
        return []

    way = fleet_watch.Way(URL, None, ("/models/m",))
    watch = fleet_watch.Watch(way, client, no_log, time.time(), lambda: None, probe_seconds=0.3)
    task = asyncio.ensure_future(watch.run(time.time))
    try:
        async with asyncio.timeout(5):
            while len(client.questions) < 2:
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
