"""Finding out that a server which answers questions about itself does not work."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from socket import socket

import pytest

from tests import fake_vllm
from tests.fakes import FakeEngine
from tests.tui.services.fleet_fakes import FakeClient, only, running, state_is, until
from tui.insight.stall import Outcome, Verdict
from tui.insight.vitals import Vitals
from tui.services import fleet_watch
from tui.services.fleet import Fleet
from tui.services.host import Host
from tui.services.probe import Asked, Probing, Prover
from tui.services.server import ALIVE, State
from tui.services.vllm import Identity, VllmClient

URL = "http://127.0.0.1:8123"
KEY = ("local", "smol")
ASKED = Asked(URL, None, "smol", "generate")
AT_REST = (
    'vllm:num_requests_running{engine="0"} 0.0\n'
    'vllm:prompt_tokens_total{engine="0"} 9.0\n'
    'vllm:generation_tokens_total{engine="0"} 7.0\n'
    'vllm:request_success_total{engine="0",finished_reason="length"} 7.0\n'
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def world(*outcomes: Outcome, reading: str = AT_REST) -> tuple[FakeEngine, FakeClient]:
    """One server that is ready, and what its answers of one token are."""
    engine, client = FakeEngine(), FakeClient()
    engine.add("smol", port=8123)
    client.alive[URL] = Identity("/models/m", models=("/models/m",))
    client.readings[URL] = reading
    client.outcomes[URL] = list(outcomes)
    return engine, client


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_watch, "CHOSEN_SECONDS", 0.02)
    monkeypatch.setattr(fleet_watch, "OTHERS_SECONDS", 0.02)


async def test_a_minute_of_counters_that_stand_still_brings_one_question_and_its_answer_another_minute() -> None:
    _engine, client = world(Outcome.ANSWERED)
    clock = Clock()
    prover = Prover(client, 60, clock)
    asked = []
    for _second in range(200):
        await prover.read(URL, None)
        await prover.prove(ASKED)
        asked.append(len(client.questions))
        clock.now += 1
    assert [asked.count(number) for number in range(3)] == [60, 60, 60]
    assert client.questions[0] == (URL, "smol", "generate")


async def test_a_server_at_rest_goes_on_showing_the_same() -> None:
    _engine, client = world()
    clock = Clock()
    prover = Prover(client, 0, clock)
    seen: list[Vitals] = []
    for _second in range(30):
        await prover.read(URL, None)
        assert prover.vitals is not None
        seen.append(prover.vitals)
        clock.now += 1
    assert len({id(one) for one in seen}) == 2, "the first reading has no rates yet"
    client.readings[URL] = AT_REST.replace("7.0", "90.0")
    await prover.read(URL, None)
    assert prover.vitals is not seen[-1] and prover.vitals.rates_out[-1] == 83


async def test_a_data_parallel_server_is_asked_once_for_each_engine_and_some_answers_make_it_half() -> None:
    lines = AT_REST + AT_REST.replace('engine="0"', 'engine="1"')
    _engine, client = world(Outcome.ANSWERED, Outcome.LATE, reading=lines)
    prover = Prover(client, 60, Clock())
    await prover.read(URL, None)
    prover.want()
    await prover.prove(ASKED)
    assert client.ranks == [0, 1]
    assert prover.verdict is Verdict.HALF


async def test_a_server_with_one_engine_is_asked_for_none_in_particular() -> None:
    _engine, client = world(Outcome.ANSWERED)
    prover = Prover(client, 60, Clock())
    await prover.read(URL, None)
    prover.want()
    await prover.prove(ASKED)
    assert client.ranks == [None]


async def test_whoever_waits_for_an_answer_learns_that_the_server_hangs_and_that_it_works_again() -> None:
    engine, client = world(Outcome.LATE)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        fleet.unanswered(KEY)
        server = only(await until(fleet, state_is(State.HUNG)))
        assert server is not None and server.since is not None
        client.readings[URL] = AT_REST.replace("7.0", "8.0")
        await until(fleet, state_is(State.READY))


@pytest.mark.parametrize(("outcome", "state"), [(Outcome.LATE, State.HUNG), (Outcome.FAULTY, State.BROKEN)])
async def test_a_server_that_does_not_work_can_be_stopped_and_a_paused_one_stays_paused(
    outcome: Outcome, state: State
) -> None:
    engine, client = world(outcome)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        fleet.unanswered(KEY)
        await until(fleet, state_is(state))
        engine.record("smol")["State"].update(Status="paused", Paused=True)
        engine.emit("pause", "smol")
        await until(fleet, state_is(State.PAUSED))
    assert state in ALIVE


async def test_a_server_that_keeps_its_readings_back_is_asked_at_once() -> None:
    engine, client = world(Outcome.LATE)
    async with running(engine, client) as fleet:
        await until(fleet, state_is(State.READY))
        await until(fleet, lambda view: KEY in view.vitals)
        del client.alive[URL]
        view = await until(fleet, state_is(State.HUNG))
        assert KEY not in view.vitals


async def test_without_questions_a_server_that_says_nothing_is_only_silent() -> None:
    engine, client = world(Outcome.LATE)
    fleet = Fleet(Host("local", "local", engine), client, probing=Probing(60, {"smol": 0}))
    async with at_work(fleet):
        await until(fleet, lambda view: KEY in view.vitals)
        fleet.unanswered(KEY)
        del client.alive[URL]
        await until(fleet, state_is(State.SILENT))
    assert not client.questions


async def test_an_idle_server_causes_no_new_picture() -> None:
    engine, client = world()
    async with running(engine, client) as fleet:
        await until(fleet, lambda view: KEY in view.vitals and bool(view.vitals[KEY].rates_out))
        pictures = []
        fleet.listen(pictures.append)
        readings = asyncio.Event()
        scrape, count = client.scrape, 0

        async def counted(*given: object) -> object:
            nonlocal count
            count += 1
            if count == 20:
                readings.set()
            return await scrape(*given)  # type: ignore[arg-type]

        client.scrape = counted  # type: ignore[method-assign,assignment]
        async with asyncio.timeout(10):
            await readings.wait()
        assert not pictures


@contextlib.asynccontextmanager
async def at_work(fleet: Fleet) -> AsyncIterator[None]:
    """The fleet at work; it is ended with the test."""
    task = asyncio.ensure_future(fleet.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")
async def test_a_process_that_is_frozen_is_hung_and_ready_when_it_goes_on() -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = (str(Path(fake_vllm.__file__)), "--model", "/models/m", "--port", str(port))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.DEVNULL)
    engine, every = FakeEngine(), 2
    engine.add("smol", port=port)
    client = VllmClient()
    fleet = Fleet(Host("local", "local", engine), client, probing=Probing(every))
    try:
        async with at_work(fleet):
            await until(fleet, state_is(State.READY), 20)
            process.send_signal(SIGSTOP)
            await until(fleet, state_is(State.HUNG), every + 15)
            process.send_signal(SIGCONT)
            await until(fleet, state_is(State.READY), 20)
    finally:
        process.kill()
        await process.wait()
        await client.close()
