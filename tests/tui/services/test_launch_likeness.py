"""Knowing a half-made container again: what somebody started by hand is never taken for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fake_records import time_text
from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import Answers, doubled, failure, fleet, impatient, scene, until_waiting
from tui.services.answer import NotYetError
from tui.services.engine import ImageInfo
from tui.services.journal import Entry, Journal
from tui.services.launch import take_back
from tui.services.launch_likeness import is_likely_ours

BODY: dict[str, Any] = {
    "Image": "vllm/vllm-openai:latest",
    "Cmd": ["--model", "/models/m"],
    "Env": ["A=1"],
    "Labels": {"llmtui.profile": "q"},
    "HostConfig": {
        "Binds": ["/models:/models:ro"],
        "Mounts": [{"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": False}],
        "PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8000"}]},
    },
}
HARMS: dict[str, Callable[[dict[str, Any]], object]] = {
    "older": lambda r: r.update(Created=time_text(time.time() - 60)),
    "runs": lambda r: r["State"].update(Status="running", Running=True),
    "ended": lambda r: r["State"].update(Status="exited"),
    "more env": lambda r: r["Config"]["Env"].append("B=2"),
    "less env": lambda r: r["Config"].update(Env=[]),
    "other label": lambda r: r["Config"].update(Labels={}),
    "other bind": lambda r: r["HostConfig"].update(Binds=["/other:/models"]),
    "other mount": lambda r: r["HostConfig"].update(Mounts=[]),
    "other port": lambda r: r["HostConfig"].update(PortBindings={}),
    "other command": lambda r: r["Config"].update(Cmd=["bash"]),
}


async def made(engine: FakeEngine) -> dict[str, Any]:
    """Create the container; give its living record."""
    await engine.create("q", BODY)
    return engine.record("q")


async def test_what_was_just_made_is_known_again_with_what_its_image_adds() -> None:
    engine = FakeEngine()
    record = await made(engine)
    engine.image_list.append(ImageInfo(record["Image"], (), 1, 0.0, {"Env": ["PATH=/bin"], "Labels": {"by": "vllm"}}))
    record["Config"]["Env"].append("PATH=/bin")
    record["Config"]["Labels"]["by"] = "vllm"
    record["HostConfig"]["Mounts"] = [{"Type": "bind", "Source": "/a", "Target": "/b"}]
    assert await is_likely_ours(engine, record, BODY, time.time())


@pytest.mark.parametrize("harm", HARMS)
async def test_any_difference_makes_it_somebody_elses(harm: str) -> None:
    engine = FakeEngine()
    record = await engine.inspect((await made(engine))["Id"])
    assert await is_likely_ours(engine, record, BODY, time.time())
    HARMS[harm](record)
    assert not await is_likely_ours(engine, record, BODY, time.time())


@pytest.mark.parametrize("since", [None, "soon"])
async def test_without_a_time_nothing_is_known_again(since: Any) -> None:
    engine = FakeEngine()
    assert not await is_likely_ours(engine, await made(engine), BODY, since)


@pytest.mark.parametrize("harm", ["runs", "older"])
async def test_a_launch_that_was_cut_off_leaves_what_was_started_by_hand(harm: str, tmp_path: Path) -> None:
    engine, journal = FakeEngine(), Journal(tmp_path)
    HARMS[harm](await made(engine))
    entry = Entry("launch", "local", "q", "create", {"body": BODY, "since": time.time()}, engine="fake-engine")
    await journal.record(entry)
    assert await take_back(engine, journal, entry) == ""
    assert engine.names == ["q"]


async def test_a_recovery_leaves_a_server_that_runs_by_hand_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    engine = fleet()
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.2)
    plan = await recreator.plan("qwen3", doubled)
    iterator = recreator.recreate(plan)
    await until_waiting(iterator)
    engine.dead = True
    await failure(iterator)
    engine.dead = False
    journal = Journal(tmp_path)
    (entry,) = await journal.entries()
    data = {key: value for key, value in entry.data.items() if key != "new"}
    await journal.record(replace(entry, step="create", data=data))  # killed before the new one's id was known
    await engine.remove("qwen3", force=True)
    await engine.start(await engine.create("qwen3", plan.body))  # the user helps himself, with the very same parameters
    (told,) = await scene(engine, tmp_path).recover()
    assert "taken by a container that llmtui did not make" in told.text
    assert (await engine.inspect("qwen3"))["State"]["Running"]
