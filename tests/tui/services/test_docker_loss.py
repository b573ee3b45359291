"""A daemon that dies, hangs and comes back, in the middle of everything."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.own_daemon import OwnDaemon, until
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError
from tui.services.source import Source

pytestmark = pytest.mark.docker

COUNT = ["sh", "-c", "i=0; while :; do i=$((i+1)); echo line $i; usleep 20000; done"]


class Reader:
    """A thread that reads a source and remembers how it ended."""

    def __init__(self, source: Source[Any]) -> None:
        self.source = source
        self.items: list[Any] = []
        self.failure: ServiceError | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for item in self.source:
                self.items.append(item)
        except ServiceError as error:
            self.failure = error

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return not self._thread.is_alive()


@pytest.fixture
def engine(own_daemon: OwnDaemon) -> Iterator[DockerEngine]:
    """Our class on a daemon that may be hurt."""
    engine = DockerEngine(own_daemon.address)
    yield engine
    engine.close()


async def test_a_daemon_that_is_killed_ends_the_streams_and_comes_back(
    own_daemon: OwnDaemon, engine: DockerEngine
) -> None:
    own_daemon.run("one", COUNT)
    await engine.info()
    log, events = Reader(engine.logs("one", tty=False)), Reader(engine.events(time.time() - 60))
    until(lambda: log.items and events.items, 10, "the first line and the first event")
    own_daemon.kill()
    until(lambda: log.ended and events.ended, 5, "the end of both streams")
    assert log.failure is None
    assert events.failure is not None
    assert events.failure.title == "Docker broke off"
    with pytest.raises(ServiceError, match="Docker is not running"):
        await engine.containers()
    with pytest.raises(ServiceError, match="Docker is not running"):
        list(engine.logs("one", tty=False))
    own_daemon.start()
    (row,) = await engine.containers()
    assert (row.name, row.state) == ("one", "exited")
    again = Reader(engine.events())
    await engine.start("one")
    log = Reader(engine.logs("one", tty=False, tail=1))
    until(lambda: log.items, 5, "the log after the restart")
    until(lambda: any(event.action == "start" for event in again.items), 5, "the event of the start")


async def test_a_daemon_that_hangs_fails_calls_with_a_sentence_and_lets_streams_go(
    own_daemon: OwnDaemon, engine: DockerEngine
) -> None:
    own_daemon.run("one", COUNT)
    await engine.info()
    log, events = Reader(engine.logs("one", tty=False)), Reader(engine.events())
    until(lambda: log.items, 5, "the first line")
    own_daemon.freeze()
    try:
        start = time.monotonic()
        beats, failed = await asyncio.gather(heartbeat(5.0), failures(engine))
        assert time.monotonic() - start < 6
        assert set(failed) == {"Docker does not answer in time"}
        assert beats < 0.3
        start = time.monotonic()
        log.source.close()
        events.source.close()
        until(lambda: log.ended and events.ended, 1, "the end of both streams")
        assert time.monotonic() - start < 0.1
        start = time.monotonic()
        fresh = Reader(engine.logs("one", tty=False))
        fresh.source.close()
        engine.close()
        assert time.monotonic() - start < 0.1
        until(lambda: fresh.ended, 1, "the end of a stream that never began")
    finally:
        own_daemon.thaw()


async def test_after_a_hang_the_engine_answers_again(own_daemon: OwnDaemon, engine: DockerEngine) -> None:
    own_daemon.freeze()
    try:
        for _ in range(2):
            assert set(await failures(engine)) == {"Docker does not answer in time"}
    finally:
        own_daemon.thaw()
    assert (await engine.info()).version


async def test_work_that_is_only_slow_is_not_given_up(own_daemon: OwnDaemon, engine: DockerEngine) -> None:
    own_daemon.run("one", ["sh", "-c", "trap '' TERM; while :; do usleep 100000; done"], StopSignal="SIGTERM")
    start = time.monotonic()
    await engine.stop("one", grace=6)
    assert time.monotonic() - start > 5
    assert (await engine.inspect("one"))["State"]["ExitCode"] == 137


async def failures(engine: DockerEngine) -> list[str]:
    """Ask more questions at once than the pool has threads; give the titles of the failures."""
    asked = [engine.containers() for _ in range(12)] + [engine.start("one"), engine.inspect("one")]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return [answer.title if isinstance(answer, ServiceError) else repr(answer) for answer in answers]


async def heartbeat(seconds: float) -> float:
    """Give the longest time for which the event loop did not come by."""
    worst, end = 0.0, time.monotonic() + seconds
    while (before := time.monotonic()) < end:
        await asyncio.sleep(0.01)
        worst = max(worst, time.monotonic() - before)
    return worst
