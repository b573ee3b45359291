"""The fake engine keeps the promises of the real one."""

from __future__ import annotations

import pytest

from tests.fakes import FakeEngine
from tui.services.engine import Engine
from tui.services.errors import ServiceError


def as_engine(engine: Engine) -> Engine:
    """Make the type checker agree that the fake is an engine."""
    return engine


async def test_a_container_lives_and_everybody_hears_of_it() -> None:
    engine = FakeEngine()
    asked = as_engine(engine)
    events = engine.events()
    await asked.create("one", {"Image": "i", "Cmd": ["run"]})
    await asked.start("one")
    await asked.stop("one")
    await asked.remove("one")
    events.end()
    assert [event.action for event in events] == ["create", "start", "kill", "die", "stop", "destroy"]
    assert await asked.containers() == []


async def test_a_log_is_fed_in_lines_with_a_timestamp_and_ends_with_the_container() -> None:
    engine = FakeEngine()
    engine.add("one", port=8000)
    engine.feed("one", b"first\nsec")
    source = engine.logs("one", tty=False)
    engine.feed("one", b"ond\n")
    engine.exit("one", 3)
    batches = list(source)
    assert [line[31:] for batch in batches for line in batch.lines] == [b"first", b"second"]
    assert batches[0].partial.endswith(b"Z sec")
    assert (await engine.containers())[0].state == "exited"


async def test_a_dead_engine_fails_calls_and_breaks_events_and_comes_back() -> None:
    engine = FakeEngine()
    engine.add("one")
    events, log = engine.events(), engine.logs("one", tty=False)
    engine.dead = True
    with pytest.raises(ServiceError):
        list(events)
    assert list(log) == []
    with pytest.raises(ServiceError):
        await engine.containers()
    engine.dead = False
    assert len(await engine.containers()) == 1


async def test_a_hanging_engine_gives_up_after_its_patience() -> None:
    engine = FakeEngine(patience=0.01)
    engine.hanging = True
    with pytest.raises(ServiceError, match="does not answer"):
        await engine.info()
