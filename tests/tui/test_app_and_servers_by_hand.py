"""Containers that somebody starts with plain docker while the app is open: the list has them at once, and says the truth of each."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.by_hand import lay_out, serving
from tests.conftest import remove_quietly
from tests.own_daemon import run_busybox
from tests.world import app_over, shows, text_of, until
from tui.app import LlmTui
from tui.services.docker_engine import DockerEngine
from tui.services.fleet_view import FleetView
from tui.services.server import State

pytestmark = pytest.mark.docker

SOON = 2.0
"""Seconds in which the app has seen what somebody did beside it."""


class ByHand:
    """What one does in another terminal, each time with a new name and a free port."""

    def __init__(self, client: Any, fake: Path) -> None:
        self.client = client
        self._fake = fake
        self.names: list[str] = []

    def start(self, model: str, **environ: str) -> tuple[str, int, float]:
        """Run a server; give its name, its port, and when `docker start` had returned."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.names.append(f"hand-{uuid.uuid4().hex[:4]}")
        parts = serving(self._fake, model, 8000, ("127.0.0.1", port), **environ)
        run_busybox(self.client, self.names[-1], **parts)
        return self.names[-1], port, time.monotonic()


@pytest.fixture
def by_hand(docker_client: Any, busybox: str, tmp_path: Path) -> Iterator[ByHand]:
    if sys.platform != "linux" or not str(docker_client.base_url).startswith("http+docker://"):
        pytest.skip("the engine does not see this machine's folders")
    hand = ByHand(docker_client, lay_out(tmp_path))
    yield hand
    for name in hand.names:
        remove_quietly(docker_client, name)


@pytest.fixture
def app(by_hand: ByHand, tmp_path: Path) -> Iterator[LlmTui]:
    engine = DockerEngine()
    yield app_over(engine, tmp_path)
    engine.close()


@pytest.fixture
def states(app: LlmTui) -> dict[str, list[State]]:
    """Every state that the app ever drew of each server, in their order."""
    seen: dict[str, list[State]] = {}
    drawn = app._fleet_changed

    def noting(view: FleetView) -> None:
        for server in view.servers:
            if (life := seen.setdefault(server.name, []))[-1:] != [server.state]:
                life.append(server.state)
        drawn(view)

    app._fleet_changed = noting  # type: ignore[method-assign]
    return seen


async def test_a_server_started_by_hand_is_listed_at_once_and_talked_to(
    app: LlmTui, by_hand: ByHand, states: dict[str, list[State]]
) -> None:
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "Servers", "docker ")
        name, port, began = await asyncio.to_thread(by_hand.start, "smol-by-hand", FAKE_BOOT="1.5")
        await soon(pilot, lambda text: row(text, name) == ("config", str(port)), began, "the row with state and port")
        (server,) = (one for one in app.fleet.servers if one.name == name)
        assert (server.model, server.url) == ("smol-by-hand", f"http://127.0.0.1:{port}")
        answered = await asyncio.to_thread(answers, port)
        await soon(pilot, lambda text: row(text, name) == ("ready", str(port)), answered, "ready, once it answers")
        await pilot.press("colon", *name, "enter")
        await shows(pilot, "model  smol-by-hand", f"url    http://127.0.0.1:{port}/v1", "from   started by hand")
        await pilot.press("c", *"hello", "enter")
        await shows(pilot, "word0 word1 word2", "word19", "tok/s", "· stop")
        ended = await done(lambda: by_hand.client.stop(name, timeout=0))
        await soon(pilot, lambda text: row(text, name) == ("stopped", str(port)), ended, "the row says that it ended")
        gone = await done(lambda: by_hand.client.remove_container(name))
        await soon(
            pilot,
            lambda text: row(text, name) == ("gone", str(port)),
            gone,
            "the row of the chosen one says that it is gone",
        )
    turns = [state for state in states[name] if state not in {State.CREATED, State.BUSY}]
    assert [state for state, _again in groupby(turns)] == [State.STARTING, State.READY, State.STOPPED, State.GONE]


async def test_what_never_answers_is_never_ready(app: LlmTui, by_hand: ByHand, states: dict[str, list[State]]) -> None:
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "Servers", "docker ")
        sound, _port, _began = await asyncio.to_thread(by_hand.start, "sound")
        # The engine's own proxy takes connections for it: only an answer proves a server.
        deaf, port, began = await asyncio.to_thread(by_hand.start, "deaf", FAKE_DEAF="1")
        await soon(pilot, lambda text: row(text, deaf) is not None, began, "the row of the deaf one")
        dead, _port, began = await asyncio.to_thread(by_hand.start, "dead", FAKE_EXIT="1")
        await soon(pilot, lambda text: (row(text, dead) or ("",))[0] == "failed", began, "the row of the dead one")
        await until(pilot, lambda text: (row(text, sound) or ("",))[0] == "ready", "the sound one is ready", 5)
        await until(pilot, lambda text: row(text, deaf) == ("no way in", str(port)), "the deaf one has no way in", 15)
        assert row(text_of(app), dead) is not None
    assert State.READY in states[sound]
    for name in (deaf, dead):
        assert not {State.READY, State.BUSY, State.SILENT} & set(states[name]), (name, states[name])


async def soon(pilot: Pilot[None], seen: Callable[[str], bool], since: float, what: str) -> None:
    """Wait for something; it must have come within two seconds of a moment."""
    await until(pilot, seen, what)
    took = time.monotonic() - since
    assert took <= SOON, f"{what}: {took:.2f} s"


async def done(work: Callable[[], object]) -> float:
    """Do something that blocks; say when it was done."""
    await asyncio.to_thread(work)
    return time.monotonic()


def answers(port: int) -> float:
    """Wait until its own /health answers 200; say when."""
    end = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                assert answer.status == 200
                return time.monotonic()
        except OSError:
            assert time.monotonic() < end, "it never answered"
            time.sleep(0.02)


def row(text: str, name: str) -> tuple[str, str] | None:
    """State and port in a server's row; None while there is no such row."""
    found = re.search(rf"│[▌ ]\S+ {name}\s+(\S.*?)\s+(\d{{4,5}})\s", text)
    return (found[1], found[2]) if found else None
