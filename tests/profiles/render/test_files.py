"""Compose files and vLLM's own, as their readers take them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from profiles import container
from profiles.paste import read
from profiles.profile import Mount, Profile
from profiles.render import Form, render
from tests.profiles.render.carried import carried

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHOLE = Profile(
    "q8", "Qwen/Qwen3-8B", gpus="device=0,1", env=(("A", "$x"),), env_names=("HF_TOKEN",), restart="on-failure:3",
    ulimits=("memlock=-1", "nofile=1024:2048"), shm_size="16g", ipc="", network="llm", memory="32g",
    mounts=(Mount("/srv/a:b", "/x"), Mount("cache", "/c", read_only=False)),
    options=("--init", "--rm", "--stop-timeout=90", "--log-opt=max-size=10m"),
)  # fmt: skip


def service(profile: Profile) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(render(profile, Form.COMPOSE).text)["services"][profile.name]
    return found


def test_compose_reserves_the_cards_in_its_long_form() -> None:
    device = {"driver": "nvidia", "capabilities": ["gpu"]}
    for gpus, wanted in (("all", {"count": "all"}), ("2", {"count": 2}), ("device=0,1", {"device_ids": ["0", "1"]})):
        devices = service(Profile("q8", "a/b", gpus=gpus))["deploy"]["resources"]["reservations"]["devices"]
        assert devices == [device | wanted]
    assert "deploy" not in service(Profile("q8", "a/b", gpus="none"))


def test_compose_carries_what_surrounds_the_server() -> None:
    found = service(WHOLE)
    assert (found["shm_size"], found["mem_limit"], found["restart"]) == ("16g", "32g", "on-failure:3")
    assert found["ulimits"] == {"memlock": -1, "nofile": {"soft": 1024, "hard": 2048}}
    assert found["environment"] == {"A": "$$x", "HF_TOKEN": None}
    assert found["volumes"][1] == {
        "type": "bind", "source": "/srv/a:b", "target": "/x", "read_only": True, "bind": {"create_host_path": False}
    }  # fmt: skip
    assert (found["init"], found["stop_grace_period"], found["logging"]) == (
        True, "90s", {"options": {"max-size": "10m"}}
    )  # fmt: skip
    file = yaml.safe_load(render(WHOLE, Form.COMPOSE).text)
    assert set(file["volumes"]) == {"llmtui-hf", "cache"}
    assert file["networks"] == {"llm": {"name": "llm", "external": True}}


def test_compose_says_what_it_has_no_key_for() -> None:
    assert render(WHOLE, Form.COMPOSE).notes == ["Compose has no key for --rm: it is left out."]


@FEW
@given(carried())
def test_any_yaml_reader_takes_the_words_as_they_are(profile: Profile) -> None:
    found = service(profile)
    assert [word.replace("$$", "$") for word in found["command"]] == list(container.arguments(profile))
    env = {name: value.replace("$$", "$") for name, value in found.get("environment", {}).items() if value is not None}
    assert env == dict(container.all_env(profile))


def test_compose_itself_takes_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("there is no docker compose here: PyYAML alone has read the file")
    (tmp_path / "compose.yaml").write_text(render(WHOLE, Form.COMPOSE).text)
    asked = [docker, "compose", "-f", str(tmp_path / "compose.yaml"), "config", "-q"]
    assert subprocess.run(asked, capture_output=True, check=False).stderr == b""


def test_vllms_file_is_flat_and_holds_values_as_they_are() -> None:
    flags = (
        ("hf-overrides", '{"rope": {"factor": 2.5}}'),
        ("max-model-len", "4096"),
        ("chat-template", "8k"),
        ("lora-modules", "a=/x b=/y"),
        ("enforce-eager", None),
        ("no-enable-prefix-caching", None),
    )
    done = render(Profile("q8", "/srv/m", served_name="q", flags=flags, env=(("A", "1"),)), Form.YAML)
    assert yaml.safe_load(done.text) == {
        "model": "/srv/m",
        "served-model-name": "q",
        "host": "127.0.0.1",
        "port": 8000,
        "hf-overrides": {"rope": {"factor": 2.5}},
        "max-model-len": 4096,
        "chat-template": "8k",
        "lora-modules": ["a=/x", "b=/y"],
        "enforce-eager": True,
        "no-enable-prefix-caching": True,
    }
    assert any("set A in the environment" in note for note in done.notes)


def test_vllms_file_leaves_out_what_vllm_would_misread() -> None:
    done = render(
        Profile("q8", "a/b", flags=(("chat-template", "--x"), ("middleware", "a"), ("middleware", "b"))), Form.YAML
    )
    found = yaml.safe_load(done.text)
    assert "chat-template" not in found and found["middleware"] == "b"
    assert [name in " ".join(done.notes) for name in ("--chat-template", "--middleware")] == [True, True]


def test_json_that_yaml_would_not_give_back_stays_a_text() -> None:
    for value in ('{"a": 1, "a": 2}', '{"a": NaN}', "{a", "[1, 2]"):
        found = yaml.safe_load(render(Profile("q8", "a/b", flags=(("hf-overrides", value),)), Form.YAML).text)
        assert found["hf-overrides"] == value


def test_a_native_server_gets_its_cards_its_port_and_its_own_path() -> None:
    profile = Profile("q8", "/srv/m", gpus="2", port=9000, flags=(("port", "8001"),), restart="always")
    done = render(profile, Form.ARGV)
    assert done.text.startswith("export CUDA_VISIBLE_DEVICES=0,1\nvllm serve /srv/m \\\n")
    assert "--port 9000" in done.text and "8001" not in done.text
    assert done.notes == ["Without a container there is no place for image, restart."]


def test_a_folder_of_the_hubs_cache_is_named_by_its_id() -> None:
    done = render(Profile("q8", "/srv/hub/models--Qwen--Qwen3-8B", gpus="none"), Form.ARGV)
    assert done.text.splitlines()[:2] == ["export HF_HUB_CACHE=/srv/hub", "export HF_HUB_OFFLINE=1"]
    assert "vllm serve Qwen/Qwen3-8B" in done.text


@pytest.mark.parametrize("text", ["port: 1\nfoo: 2", "model: &a [*a]", "seed: 5", "a: b\nmodel: x", "[]", "model: {{"])
def test_yaml_that_is_no_file_of_vllms_is_not_taken_for_one(text: str) -> None:
    assert read(text).run_as is None


def test_a_file_of_vllms_may_hold_mappings_lists_and_switches() -> None:
    text = "model: a/b\ncompilation-config:\n  mode: 3\nlora-modules: [a=/x, b=/y]\nenforce-eager: true\nseed: 5\n"
    found = read(text)
    assert found.model == "a/b"
    assert json.loads(str(found.args.pop("compilation-config"))) == {"mode": 3}
    assert found.args == {"lora-modules": ["a=/x", "b=/y"], "enforce-eager": True, "seed": "5"}
