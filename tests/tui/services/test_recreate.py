"""Recreate against an engine in memory: the order of things, cancelling, a second llmtui, and whatever stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import Answers, failure, scene, steps
from tui.services import answer_wait, recreate_recover
from tui.services.answer import NotYetError
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError
from tui.services.journal import Entry, Journal

COMMAND = ("vllm", "serve", "/models/m", "--served-model-name", "m", "--max-model-len", "1024")
IMAGE = "vllm/vllm-openai:latest"
CHANGING = ("set_restart_policy", "stop", "rename", "create", "connect", "start", "remove")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_wait, "STEADY_SECONDS", 0.05)
    monkeypatch.setattr(answer_wait, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(answer_wait, "ASK_EVERY", 0.02)
    monkeypatch.setattr(recreate_recover, "SETTLE_SECONDS", 0.05)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    one = FakeEngine()
    one.add("qwen3", IMAGE, COMMAND, port=8000)
    image = one.record("qwen3")["Image"]
    one.image_list.append(ImageInfo(image, (IMAGE,), 10, 0.0))
    return one


def longer(body: dict[str, Any]) -> dict[str, Any]:
    """The edit of these tests."""
    return {**body, "Cmd": [*body["Cmd"][:-1], "2048"]}


def changes(engine: FakeEngine) -> list[str]:
    """What was asked of the engine that changes something, in order."""
    return [call[0] for call in engine.asked if call[0] in CHANGING]


async def test_the_old_one_steps_aside_before_the_new_one_takes_its_name(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    said = await steps(recreator.recreate(await recreator.plan("qwen3", longer)))
    assert changes(engine) == ["stop", "rename", "create", "start"]
    assert [step.name for step in said if step.name != "wait"] == ["plan", "stop", "aside", "create", "start", "done"]
    assert sorted(engine.names) == ["qwen3", "qwen3-llmtui-old"]
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_the_question_goes_to_the_expected_model_at_the_published_port(
    engine: FakeEngine, tmp_path: Path
) -> None:
    ask = Answers(NotYetError("nobody listens"), "m")
    recreator = scene(engine, tmp_path, ask)
    await steps(recreator.recreate(await recreator.plan("qwen3", longer)))
    assert ask.asked == [("http://127.0.0.1:8000", "m", "generate", None)] * 2


async def test_the_plan_says_the_difference_and_masks_secrets(engine: FakeEngine, tmp_path: Path) -> None:
    def edit(body: dict[str, Any]) -> dict[str, Any]:
        return {**longer(body), "Env": [*(body.get("Env") or []), "HF_TOKEN=hf_secret", "A=1"]}

    plan = await scene(engine, tmp_path).plan("qwen3", edit)
    assert [(one.field, one.old, one.new) for one in plan.changes] == [
        ("--max-model-len", "1024", "2048"),
        ("HF_TOKEN", "", "•••"),
        ("A", "", "1"),
    ]
    assert "hf_secret" not in repr(plan)
    assert changes(engine) == []


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda r: r["HostConfig"].update(AutoRemove=True), "--rm"),
        (lambda r: r["Config"].update(Labels={"com.docker.compose.project": "shop"}), "Compose project shop"),
        (lambda r: r["HostConfig"].update(RestartPolicy={"Name": "always"}), "restarts by itself (always)"),
        (lambda r: r.update(Mounts=[{"Type": "volume", "Name": "a" * 64}]), "anonymous volumes (1)"),
    ],
)
async def test_the_plan_warns(
    harm: Callable[[dict[str, Any]], None], words: str, engine: FakeEngine, tmp_path: Path
) -> None:
    harm(engine.record("qwen3"))
    plan = await scene(engine, tmp_path).plan("qwen3")
    assert any(words in text for text in plan.warnings)
    assert "Requests that run now are cut off" in plan.warnings[-1]


async def test_a_tag_that_moved_is_told_and_the_way_back_keeps_the_old_image(
    engine: FakeEngine, tmp_path: Path
) -> None:
    old = engine.record("qwen3")["Image"]
    engine.image_list[:] = [ImageInfo("sha256:new", (IMAGE,), 10, 0.0), ImageInfo(old, (), 10, 0.0)]
    plan = await scene(engine, tmp_path).plan("qwen3")
    assert any("pulled anew since" in text for text in plan.warnings)
    assert plan.old.body["Image"] == old
    assert plan.body["Image"] == IMAGE


async def test_a_tag_that_is_gone_is_recreated_from_the_image_itself(engine: FakeEngine, tmp_path: Path) -> None:
    old = engine.record("qwen3")["Image"]
    engine.image_list[:] = [ImageInfo(old, (), 10, 0.0)]
    plan = await scene(engine, tmp_path).plan("qwen3")
    assert not plan.needs_pull
    assert plan.body["Image"] == plan.old.body["Image"] == old


async def test_a_new_image_is_pulled_while_the_old_one_still_runs(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    plan = await recreator.plan("qwen3", lambda body: {**body, "Image": "vllm/vllm-openai:v9"})
    assert plan.needs_pull
    await steps(recreator.recreate(plan))
    asked = [call[0] for call in engine.asked]
    assert asked.index("pull") < asked.index("stop")


@pytest.mark.parametrize("method", ["stop", "rename", "create", "start", "set_restart_policy"])
async def test_whatever_step_fails_the_old_one_is_back_as_it_was(
    method: str, engine: FakeEngine, tmp_path: Path
) -> None:
    record = engine.record("qwen3")
    record["HostConfig"]["RestartPolicy"] = {"Name": "on-failure", "MaximumRetryCount": 3}
    before = record["Id"]
    engine.fail_next(method, ServiceError("The engine refuses", "why"))
    recreator = scene(engine, tmp_path)
    error = await failure(recreator.recreate(await recreator.plan("qwen3", longer)))
    assert "The engine refuses" in str(error)
    assert error.mend == "The old qwen3 runs again."
    after = await engine.inspect("qwen3")
    assert (after["Id"], after["State"]["Running"]) == (before, True)
    assert after["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
    assert engine.names == ["qwen3"]
    assert list(tmp_path.iterdir()) == []


async def test_no_answer_within_the_limit_is_a_failure(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers", "connection refused")), limit=0.3)
    error = await failure(recreator.recreate(await recreator.plan("qwen3", longer)))
    assert (error.title, error.detail) == ("qwen3 gave no answer within 0 s", "connection refused")
    assert engine.names == ["qwen3"]


async def test_cancelling_brings_the_old_one_back(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")))
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    assert not recreator.cancel("qwen3")
    async for step in iterator:
        if step.name == "wait":
            assert recreator.cancel("qwen3")
            break
    error = await failure(iterator)
    assert error.title == "The recreate of qwen3 was cancelled"
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "1024"
    assert engine.names == ["qwen3"]


async def test_who_looks_away_does_not_stop_it(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    await anext(iterator)
    await iterator.aclose()  # type: ignore[attr-defined]
    for _turn in range(200):
        if await recreator.can_undo("qwen3"):
            break
        await asyncio.sleep(0.02)
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_an_engine_that_goes_away_while_we_wait_may_come_back(engine: FakeEngine, tmp_path: Path) -> None:
    ask = Answers(NotYetError("Nobody answers"))
    recreator = scene(engine, tmp_path, ask)
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    async for step in iterator:
        if step.name == "wait":
            break
    engine.dead = True
    await asyncio.sleep(0.1)
    engine.dead = False
    ask.answers = ["m"]
    await steps(iterator)
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_an_engine_that_stays_away_leaves_word_for_the_next_start(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.3)
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    async for step in iterator:
        if step.name == "wait":
            break
    engine.dead = True
    error = await failure(iterator)
    assert "Going back failed too" in error.detail
    engine.dead = False
    told = await scene(engine, tmp_path).recover()
    assert [one.text for one in told] == ["The recreate of qwen3 was cut off. The old qwen3 runs again."]
    assert engine.names == ["qwen3"]


async def test_a_second_llmtui_keeps_its_hands_off(engine: FakeEngine, tmp_path: Path) -> None:
    one, two = scene(engine, tmp_path, Answers(NotYetError("Nobody answers"))), scene(engine, tmp_path)
    iterator = one.recreate(await one.plan("qwen3", longer))
    async for step in iterator:
        if step.name == "wait":
            break
    assert await two.recover() == []
    error = await failure(two.recreate(await two.plan("qwen3", longer)))
    assert error.title == "Another llmtui is at work on qwen3"
    one.cancel("qwen3")
    await failure(iterator)
    assert engine.names == ["qwen3"]


async def test_a_container_that_was_renamed_since_the_plan_is_left_alone(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    plan = await recreator.plan("qwen3", longer)
    await engine.rename("qwen3", "other")
    error = await failure(recreator.recreate(plan))
    assert error.title == "qwen3 has been renamed meanwhile"
    assert engine.names == ["other"]


async def test_undo_refuses_to_throw_away_what_somebody_else_made(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    with pytest.raises(ServiceError, match="no earlier qwen3"):
        await recreator.undo("qwen3")
    await steps(recreator.recreate(await recreator.plan("qwen3", longer)))
    await engine.remove("qwen3", force=True)
    engine.add("qwen3", IMAGE, COMMAND)
    with pytest.raises(ServiceError, match="replaced by another container"):
        await recreator.undo("qwen3")
    assert sorted(engine.names) == ["qwen3", "qwen3-llmtui-old"]


async def test_a_foreign_container_under_the_name_is_never_removed_by_a_recovery(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")), limit=0.2)
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    async for step in iterator:
        if step.name == "wait":
            break
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
    iterator = recreator.recreate(await recreator.plan("qwen3", longer))
    async for step in iterator:
        if step.name == "wait":
            break
    engine.dead = True
    await failure(iterator)
    engine.dead = False
    journal = Journal(tmp_path)
    (entry,) = await journal.entries()
    await journal.record(replace(entry, step="wait"))  # as a kill would have left it
    (told,) = await scene(engine, tmp_path).recover()
    assert told.text == "The recreate of qwen3 was cut off while it started; it is finished now."
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"
    assert await recreator.can_undo("qwen3")


@pytest.mark.parametrize("data", [{}, {"old": 5}, {"old": "x", "body": [], "running": "?"}])
async def test_a_damaged_entry_is_told_and_nothing_is_touched(
    data: dict[str, Any], engine: FakeEngine, tmp_path: Path
) -> None:
    await Journal(tmp_path).record(Entry("recreate", "local", "qwen3", "wait", data))
    (tmp_path / "action-junk.json").write_text("{")
    told = await scene(engine, tmp_path).recover()
    assert len(told) == 2
    assert engine.names == ["qwen3"]
    assert "remove" not in changes(engine)


async def test_entries_of_another_host_are_left_alone(engine: FakeEngine, tmp_path: Path) -> None:
    await Journal(tmp_path).record(Entry("recreate", "gpu1", "qwen3", "wait", {}))
    assert await scene(engine, tmp_path).recover() == []
    assert len(list(tmp_path.glob("*.json"))) == 1
