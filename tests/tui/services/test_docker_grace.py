"""How long a container is given to end is its own affair, unless a stop says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tui.services.small_engine import VERSION, small_engine
from tui.services.docker_calls import Calls
from tui.services.docker_engine import ENDLESS, SLOW, DockerEngine
from tui.services.docker_records import stop_seconds


@pytest.mark.parametrize("how", ["stop", "restart"])
@pytest.mark.parametrize(("own", "waits"), [(30, 30.0), (None, 10.0), (0, 0.0), (-1, ENDLESS)])
async def test_without_a_wish_of_ours_the_engine_is_given_no_time(
    how: str, own: int | None, waits: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []
    run = Calls.run

    async def noted(calls: Calls, work: Callable[[Any], Any], title: str, at_most: float = 0.0) -> Any:
        limits.append(at_most)
        return await run(calls, work, title, at_most)

    monkeypatch.setattr(Calls, "run", noted)
    record = {"Id": "smol", "Config": {"StopTimeout": own}}
    with small_engine({"/version": VERSION, "/json": record}) as server:
        engine = DockerEngine(server.address)
        await getattr(engine, how)("smol")
        assert server.asked[-1] == f"POST /v1.46/containers/smol/{how}"
        assert limits == [waits + SLOW]
        engine.close()


@pytest.mark.parametrize("how", ["stop", "restart"])
async def test_a_wish_is_handed_on(how: str) -> None:
    with small_engine({"/version": VERSION}) as server:
        engine = DockerEngine(server.address)
        await getattr(engine, how)("smol", 3)
        assert server.asked[-1] == f"POST /v1.46/containers/smol/{how}?t=3"
        engine.close()


def test_none_at_all_is_a_time_too() -> None:
    assert stop_seconds({"Config": {"StopTimeout": 0}}) == 0
    assert stop_seconds({"Config": None}) == 10
