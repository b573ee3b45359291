"""A profile made from a container on a real engine makes a container like it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from profiles.create import create_body
from profiles.edit import edited
from profiles.inspected import recreation
from profiles.profile import Profile
from profiles.render import docker_run
from profiles.seen import profile_of
from tests.profiles.containers import Bench, docker, inspect
from tests.profiles.test_recreation_on_docker import CASES, NEVER_STARTED

pytestmark = pytest.mark.docker

OTHERWISE = {
    "with a folder": "a profile mounts folders as objects",
    "with tmpfs": "a profile has no word for a tmpfs that is a mount object",
    "on every interface, also a range": "a profile publishes one port",
    "with a port of the engine's choice": "a profile publishes the port that was chosen",
}
"""Cases whose HostConfig a profile says in another way, or not wholly."""
ASKED = {name: words for name, words in {**CASES, **NEVER_STARTED}.items() if name not in OTHERWISE}


def meant(record: dict[str, Any]) -> dict[str, Any]:
    """Give a HostConfig without emptiness and without what the command line alone sends."""
    empty = (None, [], {}, "", 0, False)
    host = {key: value for key, value in record["HostConfig"].items() if value not in empty and key != "ConsoleSize"}
    host["Ulimits"] = sorted(host.get("Ulimits", ()), key=str)
    return host


def seen(record: dict[str, Any], name: str) -> Profile:
    """Give the profile that is made from a container, under a free name."""
    image = json.loads(docker("image", "inspect", record["Image"]))[0]["Config"]
    return replace(profile_of(record, image), name=name)


@pytest.mark.parametrize(
    "words",
    [
        ("--pid=host",),
        ("--privileged",),
        ("--device-cgroup-rule=c 188:* rmw",),
        ("--sysctl=net.ipv4.ip_local_port_range=1024 65000",),
        ("--log-opt=tag=a b='c' $d",),
        ("--workdir=/a b=c",),
        ("--security-opt=seccomp=unconfined", "--pid=host"),
        ("--add-host=my=1.2.3.4", "--add-host=other=[::1]"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("ipc", ["host", "private"])
def test_just_the_options_that_somebody_gave_are_seen(bench: Bench, ipc: str, words: tuple[str, ...]) -> None:
    found = seen(inspect(bench.create(f"--ipc={ipc}", *words)), "x")
    wanted = [one.replace("my=", "my:").replace("other=[::1]", "other:::1") for one in words]
    assert (sorted(found.options), found.ipc) == (sorted(wanted), "host" if ipc == "host" else "")


def test_a_container_whose_ipc_leaves_the_host_has_its_labels_again(bench: Bench, docker_client: Any) -> None:
    old = inspect(bench.create("--ipc", "host"))
    assert old["HostConfig"]["SecurityOpt"] == ["label=disable"]
    before = seen(old, "x")
    body = edited(recreation(old).body, before, replace(before, ipc="private"))
    name = f"{bench.tag}-alone"
    bench.names.append(name)
    docker_client._post_json(docker_client._url("/containers/create"), data=body, params={"name": name})
    assert not inspect(name)["HostConfig"]["SecurityOpt"]


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED.keys())
def test_a_launch_from_it_has_the_same_hostconfig(bench: Bench, docker_client: Any, words: tuple[str, ...]) -> None:
    old = inspect(bench.create(*words))
    profile = seen(old, f"{bench.tag}-again")
    bench.names.append(profile.name)
    made = docker_client._post_json(
        docker_client._url("/containers/create"),
        data=create_body(profile, {}, entrypoint=[]),
        params={"name": profile.name},
    )
    assert made.status_code == 201, made.text
    new = inspect(profile.name)
    assert meant(new) == meant(old)
    for key in ("Hostname", "Domainname", "User", "WorkingDir", "StopSignal", "StopTimeout", "Tty", "OpenStdin"):
        mine = new["Config"].get(key)
        assert (mine if mine != new["Id"][:12] else old["Id"][:12]) == old["Config"].get(key), key


def test_the_line_of_a_profile_carries_the_options_too(bench: Bench) -> None:
    asked = (
        "--device",
        "/dev/null:/dev/mine:rw",
        "--cap-add",
        "SYS_NICE",
        "--init",
        "--sysctl",
        "net.core.somaxconn=512",
        "--log-opt",
        "tag=a b='c' $d",
        "--add-host=my=1.2.3.4",
    )
    old = inspect(bench.create(*asked))
    profile = seen(old, f"{bench.tag}-line")
    bench.names.append(profile.name)
    line = docker_run(profile, entrypoint=[]).replace("docker run -d", "docker create", 1)
    subprocess.run(["bash", "-c", line], check=True, capture_output=True, env=dict(os.environ), timeout=60)
    assert meant(inspect(profile.name)) == meant(old)
