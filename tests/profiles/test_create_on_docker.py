"""The create body and the `docker run` line, both given to a real engine, make the same container."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from profiles.create import create_body
from profiles.profile import Mount, Profile
from profiles.render import docker_run
from tests.profiles.containers import Bench, comparable, inspect

pytestmark = pytest.mark.docker

PROFILES = {
    "a plain one": Profile("x", "a/b", gpus="none"),
    "with cards": Profile("x", "a/b", gpus="all"),
    "with two cards": Profile("x", "a/b", gpus="device=0,1"),
    "with a folder": Profile("x", "/usr", gpus="none", mounts=(Mount("/tmp", "/x y", read_only=False),)),
    "with everything": Profile(
        "x",
        "a/b",
        gpus="none",
        port=8305,
        env=(("A", "b c'\"\n$x 模型"), ("E", "")),
        env_names=("LLMTUI_TEST_SECRET", "LLMTUI_TEST_ABSENT"),
        ipc="private",
        shm_size="256m",
        memory="64m",
        cpus="1.5",
        restart="on-failure:3",
        user="1000:1000",
        ulimits=("nofile=1024:2048", "memlock=-1"),
        labels=(("who", 'me "x" y'),),
        flags=(("hf-overrides", '{"a": [1, 2]}'), ("seed", "-1"), ("enforce-eager", None)),
    ),
    "under the host's network": Profile("x", "a/b", gpus="none", network="host", port=8306),
    "with all that a paste keeps": Profile(
        "x",
        "a/b",
        gpus="none",
        port=8381,
        options=(
            "--publish=127.0.0.1:8382:9090/udp",
            "--publish=8383-8384:9091-9092",
            "--publish=8385:8000",
            "--entrypoint=python3 -m vllm.entrypoints.openai.api_server",
            "--init",
        ),
    ),
    "bound to every address": Profile("x", "a/b", gpus="none", bind="0.0.0.0", port=8307).with_flag("port", "9"),
}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES.keys())
def test_the_line_and_the_body_make_the_same_container(bench: Bench, docker_client: Any, profile: Profile) -> None:
    environ = {**os.environ, "LLMTUI_TEST_SECRET": "s3cret"}
    profile = replace(profile, name=f"{bench.tag}-line", image=bench.image)
    bench.names += [profile.name, f"{bench.tag}-body"]
    line = docker_run(profile).replace("docker run -d", "docker create", 1)
    assert "s3cret" not in line
    subprocess.run(["bash", "-c", line], check=True, capture_output=True, env=environ, timeout=60)
    made = docker_client._post_json(
        docker_client._url("/containers/create"), data=create_body(profile, environ), params={"name": bench.names[-1]}
    )
    assert made.status_code == 201, made.text
    by_line, by_body = comparable(inspect(profile.name)), comparable(inspect(f"{bench.tag}-body"))
    assert "LLMTUI_TEST_SECRET=s3cret" in (by_body["Config"]["Env"] or ()) or not profile.env_names
    assert plain(by_body) == plain(by_line)


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record without what the CLI sends and means nothing: emptiness, an order, a name that has no value."""
    host = {key: value for key, value in record["HostConfig"].items() if value not in (None, [], {}, "", 0, -1, False)}
    host["Ulimits"] = sorted(host.get("Ulimits", ()), key=lambda limit: str(limit["Name"]))
    config = {key: value for key, value in record["Config"].items() if not key.startswith("AttachStd") and value}
    config["Env"] = sorted(entry for entry in config.get("Env", ()) if "=" in entry)
    host.pop("ConsoleSize", None)
    return {"Config": config, "HostConfig": host}
