"""Recreate against an engine in memory: the order of things, the plan, cancelling, and whatever stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import (
    IMAGE,
    SERVER,
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
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    return fleet()


async def test_the_old_one_steps_aside_before_the_new_one_takes_its_name(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    said = await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert changes(engine) == ["stop", "rename", "create", "start"]
    assert [step.name for step in said if step.name != "wait"] == ["plan", "stop", "aside", "create", "start", "done"]
    assert sorted(engine.names) == ["qwen3", "qwen3-llmtui-old"]
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_the_question_goes_to_the_expected_model_at_the_published_port(
    engine: FakeEngine, tmp_path: Path
) -> None:
    ask = Answers(NotYetError("nobody listens"), "m")
    recreator = scene(engine, tmp_path, ask)
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert ask.asked == [("http://127.0.0.1:8000", "m", "generate", None)] * 2


async def test_the_plan_says_the_difference_and_masks_secrets(engine: FakeEngine, tmp_path: Path) -> None:
    def edit(body: dict[str, Any]) -> dict[str, Any]:
        return {**doubled(body), "Env": [*(body.get("Env") or []), "HF_TOKEN=hf_secret", "A=1"]}

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
    assert "It answers nobody until the new one is ready" in plan.warnings[-1]


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


async def test_cancelling_the_pull_leaves_the_old_one_untouched(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    plan = await recreator.plan("qwen3", lambda body: {**body, "Image": "vllm/vllm-openai:v9"})
    iterator = recreator.recreate(plan)
    assert (await anext(iterator)).name == "pull"
    recreator.cancel("qwen3")
    error = await failure(iterator)
    assert error.title == "The recreate of qwen3 was cancelled"
    assert changes(engine) == []


async def test_what_is_kept_can_be_named_and_let_go(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    assert await recreator.kept() == frozenset()
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert await recreator.kept() == {"qwen3"}
    await recreator.let_go("qwen3")
    assert engine.names == ["qwen3"]
    assert await recreator.kept() == frozenset()
    assert list(tmp_path.iterdir()) == []


async def test_a_kept_one_that_somebody_renamed_is_not_removed_for_its_age(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    await engine.rename("qwen3-llmtui-old", "precious")
    await steps(recreator.recreate(await recreator.plan("qwen3")))
    assert sorted(engine.names) == ["precious", "qwen3", "qwen3-llmtui-old"]


@pytest.mark.parametrize("known_by", ["Id", "Name"])
async def test_who_uses_the_network_of_the_old_one_is_named(known_by: str, engine: FakeEngine, tmp_path: Path) -> None:
    mode = f"container:{engine.record('qwen3')[known_by].lstrip('/')}"
    engine.add("proxy", command=["sh"], body={"HostConfig": {"NetworkMode": mode}})
    engine.add("other", command=["sh"], body={"HostConfig": {"NetworkMode": "container:0123456789ab"}})
    plan = await scene(engine, tmp_path).plan("qwen3", doubled)
    assert plan.warnings[0].startswith("proxy uses its network and is cut off for good")
    assert not any("proxy" in text for text in (await scene(engine, tmp_path).plan("other")).warnings)


@pytest.mark.parametrize("method", ["stop", "rename", "create", "start", "set_restart_policy"])
async def test_whatever_step_fails_the_old_one_is_back_as_it_was(
    method: str, engine: FakeEngine, tmp_path: Path
) -> None:
    record = engine.record("qwen3")
    record["HostConfig"]["RestartPolicy"] = {"Name": "on-failure", "MaximumRetryCount": 3}
    before = record["Id"]
    engine.fail_next(method, ServiceError("The engine refuses", "why"))
    recreator = scene(engine, tmp_path)
    error = await failure(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert "The engine refuses" in str(error)
    untouched = method == "set_restart_policy"
    assert error.mend == ("Nothing was changed." if untouched else "The old qwen3 runs again.")
    after = await engine.inspect("qwen3")
    assert (after["Id"], after["State"]["Running"]) == (before, True)
    assert after["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
    assert engine.names == ["qwen3"]
    assert list(tmp_path.iterdir()) == []


async def test_no_answer_within_the_limit_is_a_failure(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers", "connection refused")), limit=0.3)
    error = await failure(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert (error.title, error.detail) == ("qwen3 gave no answer within 0 s", "connection refused")
    assert engine.names == ["qwen3"]


async def test_cancelling_brings_the_old_one_back(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path, Answers(NotYetError("Nobody answers")))
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
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
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await anext(iterator)
    await iterator.aclose()
    await asyncio.gather(*recreator._tasks)
    assert "qwen3" in await recreator.kept()
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_an_engine_that_goes_away_while_we_wait_may_come_back(engine: FakeEngine, tmp_path: Path) -> None:
    ask = Answers(NotYetError("Nobody answers"))
    recreator = scene(engine, tmp_path, ask)
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await until_waiting(iterator)
    engine.dead = True
    await asyncio.sleep(0.1)
    engine.dead = False
    ask.answers = ["m"]
    await steps(iterator)
    assert (await engine.inspect("qwen3"))["Config"]["Cmd"][-1] == "2048"


async def test_a_container_that_was_renamed_since_the_plan_is_left_alone(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    plan = await recreator.plan("qwen3", doubled)
    await engine.rename("qwen3", "other")
    error = await failure(recreator.recreate(plan))
    assert error.title == "qwen3 has been renamed meanwhile"
    assert engine.names == ["other"]


async def test_undo_refuses_to_throw_away_what_somebody_else_made(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    with pytest.raises(ServiceError, match="no earlier qwen3"):
        await recreator.undo("qwen3")
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    await engine.remove("qwen3", force=True)
    engine.add("qwen3", IMAGE, SERVER)
    with pytest.raises(ServiceError, match="replaced by another container"):
        await recreator.undo("qwen3")
    assert sorted(engine.names) == ["qwen3", "qwen3-llmtui-old"]
