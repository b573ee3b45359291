"""The next start after a recreate that was cut off, against an engine in memory; and a second llmtui beside the first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import (
    Answers,
    changes,
    doubled,
    failure,
    fleet,
    impatient,
    scene,
    steps,
    until_waiting,
)
from tui.services.answer import NotYetError
from tui.services.journal import Entry, Journal


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    return fleet()


async def test_an_engine_that_stays_away_leaves_word_for_the_next_start(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.3)
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await until_waiting(iterator)
    engine.dead = True
    error = await failure(iterator)
    assert "Going back failed too" in error.detail
    engine.dead = False
    told = await scene(engine, tmp_path).recover()
    assert [one.text for one in told] == ["The recreate of qwen3 was cut off. The old qwen3 runs again."]
    assert engine.names == ["qwen3"]


async def test_a_second_llmtui_keeps_its_hands_off(engine: FakeEngine, tmp_path: Path) -> None:
    one, two = scene(engine, tmp_path, Answers(NotYetError("Nobody answers"))), scene(engine, tmp_path)
    iterator = one.recreate(await one.plan("qwen3", doubled))
    await until_waiting(iterator)
    assert await two.recover() == []
    error = await failure(two.recreate(await two.plan("qwen3", doubled)))
    assert error.title == "Another llmtui is at work on qwen3"
    one.cancel("qwen3")
    await failure(iterator)
    assert engine.names == ["qwen3"]


async def test_a_foreign_container_under_the_name_is_never_removed_by_a_recovery(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.2)
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await until_waiting(iterator)
    engine.dead = True
    await failure(iterator)
    engine.dead = False
    await engine.remove("qwen3", force=True)
    engine.add("qwen3", "nginx", ("nginx",))
    (told,) = await scene(engine, tmp_path).recover()
    assert "taken by a container that llmtui did not make" in told.text
    assert (await engine.inspect("qwen3"))["Config"]["Image"] == "nginx"
    await engine.remove("qwen3", force=True)
    (told,) = await scene(engine, tmp_path).recover()
    assert told.text.endswith("The old qwen3 runs again.")
    assert engine.names == ["qwen3"]


async def test_a_new_one_that_was_still_starting_is_finished(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.2)
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await until_waiting(iterator)
    engine.dead = True
    await failure(iterator)
    engine.dead = False
    journal = Journal(tmp_path)
    (entry,) = await journal.entries()
    await journal.record(replace(entry, step="wait"))  # as a kill would have left it
    (told,) = await scene(engine, tmp_path).recover()
    assert told.text == "The recreate of qwen3 was cut off while it started; it is finished now."
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"
    assert "qwen3" in await recreator.kept()


@pytest.mark.parametrize("data", [{}, {"old": 5}, {"old": "x", "body": [], "running": "?"}])
async def test_a_damaged_entry_is_told_and_nothing_is_touched(
    data: dict[str, Any], engine: FakeEngine, tmp_path: Path
) -> None:
    await Journal(tmp_path).record(Entry("recreate", "local", "qwen3", "wait", data, engine="fake-engine"))
    (tmp_path / "action-junk.json").write_text("{")
    told = await scene(engine, tmp_path).recover()
    assert len(told) == 2
    assert engine.names == ["qwen3"]
    assert "remove" not in changes(engine)


async def test_entries_of_another_host_are_left_alone(engine: FakeEngine, tmp_path: Path) -> None:
    await Journal(tmp_path).record(Entry("recreate", "gpu1", "qwen3", "wait", {}))
    assert await scene(engine, tmp_path).recover() == []
    assert len(list(tmp_path.glob("*.json"))) == 1


@pytest.mark.parametrize("step", ["plan", "quiet"])
async def test_what_the_user_stopped_before_anything_was_changed_stays_stopped(
    step: str, engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = {"Name": "always", "MaximumRetryCount": 0}
    engine.record("qwen3")["HostConfig"]["RestartPolicy"] = dict(always)
    await cut_off_at(step, engine, tmp_path, monkeypatch)
    await engine.set_restart_policy("qwen3", "no")  # as it stands once "quiet" is done
    await engine.stop("qwen3")
    told = await scene(engine, tmp_path).recover()
    assert [one.text for one in told] == ["The recreate of qwen3 was cut off. Nothing was changed."]
    record = engine.record("qwen3")
    assert not record["State"]["Running"] and record["HostConfig"]["RestartPolicy"]["Name"] == "always"
    assert await Journal(tmp_path).entries() == []


async def test_what_the_user_removed_before_anything_was_changed_is_forgotten(
    engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_off_at("plan", engine, tmp_path, monkeypatch)
    await engine.remove("qwen3", force=True)
    await scene(engine, tmp_path).recover()
    assert engine.names == [] and await Journal(tmp_path).entries() == []


async def cut_off_at(step: str, engine: FakeEngine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a recreate and die as soon as this step is written down."""
    record, written = Journal.record, asyncio.Event()

    async def noted(journal: Journal, entry: Entry) -> None:
        await record(journal, entry)
        if entry.step == step:
            written.set()
            await asyncio.Event().wait()

    recreator = scene(engine, folder)
    plan = await recreator.plan("qwen3", doubled)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "record", noted)
        iterator = recreator.recreate(plan)
        going = asyncio.ensure_future(steps(iterator))
        await written.wait()
    for task in [*recreator._tasks, going]:
        task.cancel()
    await asyncio.gather(*recreator._tasks, going, return_exceptions=True)
