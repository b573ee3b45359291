"""What a profile says is wrong with itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.flags import FLAG
from profiles.lint.dead import DEAD
from profiles.profile import Mount, Profile
from tests.profiles.strategies import profiles

SOUND = Profile("qwen3", "Qwen/Qwen3-0.6B")

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("name", {"name": "x"}),
    ("name", {"name": "-x"}),
    ("name", {"name": "a b"}),
    ("name", {"name": "模型"}),
    ("model", {"model": ""}),
    ("model", {"model": "  "}),
    ("model", {"model": "--port"}),
    ("model", {"model": "a/b/c"}),
    ("model", {"model": "模型/x"}),
    ("model", {"model": "/a\nb"}),
    ("image", {"image": ""}),
    ("image", {"image": "Vllm/Image"}),
    ("image", {"image": "a b"}),
    ("bind", {"bind": "localhost"}),
    ("bind", {"bind": "1.2.3"}),
    ("port", {"port": -1}),
    ("port", {"port": 65536}),
    ("gpus", {"gpus": "0,1"}),
    ("gpus", {"gpus": "device="}),
    ("gpus", {"gpus": "some"}),
    ("ipc", {"ipc": "shared"}),
    ("restart", {"restart": "sometimes"}),
    ("restart", {"restart": "always:3"}),
    ("user", {"user": "a b"}),
    ("network", {"network": "a b"}),
    ("ulimits", {"ulimits": ("memlock",)}),
    ("shm_size", {"shm_size": "big"}),
    ("shm_size", {"ipc": "private"}),
    ("shm_size", {"ipc": "", "shm_size": "64m"}),
    ("memory", {"memory": "16x"}),
    ("memory", {"memory": "1m"}),
    ("cpus", {"cpus": "two"}),
    ("cpus", {"cpus": "0"}),
    ("mounts", {"mounts": (Mount("", "/x"),)}),
    ("mounts", {"mounts": (Mount("a b/c", "/x"),)}),
    ("mounts", {"mounts": (Mount("/a", "x"),)}),
    ("mounts", {"mounts": (Mount("/a", "/"),)}),
    ("mounts", {"mounts": (Mount("/a", "/x"), Mount("/b", "/x/"))}),
    ("env", {"env": (("1A", "x"),)}),
    ("env", {"env": (("A B", "x"),)}),
    ("env", {"env_names": ("A=B",)}),
    ("env", {"env": (("HF_TOKEN", "hf_abc"),)}),
    ("env", {"env": (("OPENAI_API_KEY", "sk-abc"),)}),
    ("env", {"env": (("A", "1"),), "env_names": ("A",)}),
    ("env", {"env": (("VLLM_USE_V1", "1"),)}),
    ("--api-key", {"flags": (("api-key", "sk-abc"),)}),
    ("--max_len", {"flags": (("max_len", "1"),)}),
    ("----x", {"flags": (("--x", "1"),)}),
    ("--a b", {"flags": (("a b", "1"),)}),
    ("--port", {"flags": (("port", "x"),)}),
    ("--port", {"flags": (("port", None),)}),
    ("--quantization", {"flags": (("quantization", "int8"),)}),
    ("--dtype", {"flags": (("dtype", "fp16"),)}),
    ("--enforce-eager", {"flags": (("enforce-eager", "4096"),)}),
    ("--lora-modules", {"flags": (("lora-modules", "a='b"),)}),
    ("--seed", {"flags": (("seed", "1"), ("seed", "2"))}),
    ("--model", {"flags": (("model", "a/b"),)}),
    ("served_name", {"served_name": "a", "flags": (("served-model-name", "b"),)}),
]


@pytest.mark.parametrize(("field", "fields"), WRONG)
def test_each_fault_is_told_at_its_field(field: str, fields: dict[str, Any]) -> None:
    found = replace(SOUND, **fields).problems()
    assert [problem.field for problem in found] == [field]


@pytest.mark.parametrize(("field", "fields"), WRONG)
def test_each_fault_is_one_plain_sentence(field: str, fields: dict[str, Any]) -> None:
    found = replace(SOUND, **fields).problems()
    assert found
    for problem in found:
        assert problem.text.endswith(".") and len(problem.text) < 160
        assert "sk-abc" not in problem.text and "hf_abc" not in problem.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"model": r"D:\models\大 模型"},
        {"model": "~/models/x"},
        {"model": "gpt2"},
        {"port": 0},
        {"gpus": "device=0,1"},
        {"gpus": "device=GPU-8f2c-11"},
        {"gpus": "2"},
        {"image": "registry.lan:5000/team/vllm:v0.32.0@sha256:" + "a" * 64},
        {"bind": "::1"},
        {"ipc": "private", "shm_size": "2g"},
        {"memory": "16GB", "cpus": "1.5", "user": "1000:1000"},
        {"env": (("HF_TOKEN", ""),)},
        {"env_names": ("HF_TOKEN", "VLLM_API_KEY")},
        {"flags": (("max-model-len", "auto"), ("no-enable-prefix-caching", None), ("hf-overrides.a.b_c", "1"))},
        {"flags": (("enable-chunked-prefill", "false"), ("seed", "-1"))},
        {"restart": "on-failure:3", "network": "container:db"},
    ],
)
def test_what_docker_and_vllm_take_is_let_through(fields: dict[str, Any]) -> None:
    assert replace(SOUND, **fields).problems() == ()


@settings(max_examples=60, deadline=None)
@given(profiles())
def test_checking_never_fails_whatever_the_profile(profile: Profile) -> None:
    for problem in profile.problems():
        assert problem.field and problem.text


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.text(), st.integers())
def test_checking_never_fails_on_nonsense(one: str, two: str, three: str, number: int) -> None:
    mounts, flags = (Mount(one, two),), ((one, two), (two, None))
    names = {"served_name": one, "memory": two, "shm_size": three, "cpus": one, "ulimits": (three,), "restart": two}
    profile = Profile(one, two, three, bind=one, port=number, gpus=two, mounts=mounts, flags=flags, **names)  # type: ignore[arg-type]
    found = profile.problems()
    assert all(problem.field and problem.text for problem in found)
    if not 0 <= number < 65536:
        assert "port" in {problem.field for problem in found}


@pytest.mark.parametrize("name", DEAD)
def test_every_dead_flag_says_what_to_do_instead(name: str) -> None:
    assert FLAG.fullmatch(name)
    found = SOUND.with_flag(name, "x").problems()
    assert [problem.text for problem in found] == [DEAD[name].text]
    assert DEAD[name].text.endswith(".")
