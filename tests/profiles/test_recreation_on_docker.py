"""Containers made in many ways by the docker CLI, made once more through the raw API, and compared by inspect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from profiles.edit import edited
from profiles.inspected import profile_of, recreation
from tests.profiles.containers import Bench, comparable, docker, inspect

pytestmark = pytest.mark.docker


def recreated(docker_client: Any, old: dict[str, Any], start: bool = True) -> dict[str, Any]:
    """Remove a container, make it again from its record, and give the new record."""
    plan = recreation(old)
    docker("rm", "-f", old["Id"])
    made = docker_client._post_json(
        docker_client._url("/containers/create"), data=plan.body, params={"name": plan.name}
    )
    assert made.status_code == 201, made.text
    new = made.json()["Id"]
    for network, endpoint in plan.networks:
        data = {"Container": new, "EndpointConfig": endpoint}
        assert (
            docker_client._post_json(docker_client._url("/networks/{0}/connect", network), data=data).status_code == 200
        )
    if start:
        docker("start", new)
    return inspect(plan.name)


CASES = {
    "by hand": (),
    "with a published port": ("-p", "127.0.0.1:8301:8000"),
    "with a port of the engine's choice": ("-p", "8000", "--expose", "9000/udp"),
    "on every interface, also a range": ("-p", "8302:8000", "-p", "8303-8304:9000-9001/udp"),
    "with --rm": ("--rm",),
    "compose-labelled": ("--label", "com.docker.compose.project=x", "--label", "com.docker.compose.service=vllm"),
    "always restarted": ("--restart", "always"),
    "restarted on failure": ("--restart", "on-failure:3"),
    "with ulimits": ("--ulimit", "nofile=1024:2048", "--ulimit", "core=0"),
    "with tmpfs": ("--tmpfs", "/scratch:size=1m", "--mount", "type=tmpfs,target=/scratch2,tmpfs-size=1048576"),
    "with shm": ("--shm-size", "256m"),
    "with host ipc": ("--ipc", "host"),
    "with shareable ipc": ("--ipc", "shareable"),
    "with a device": ("--device", "/dev/null:/dev/mine:rw"),
    "with a healthcheck": ("--health-cmd", "true", "--health-interval", "30s", "--health-retries", "2"),
    "without a healthcheck": ("--no-healthcheck",),
    "as a user": ("--user", "1000:1000", "--group-add", "44"),
    "with a workdir": ("-w", "/data"),
    "with log options": ("--log-driver", "json-file", "--log-opt", "max-size=1m", "--log-opt", "max-file=2"),
    "without logs": ("--log-driver", "none"),
    "with a tty": ("-t", "-i"),
    "with a host name": ("--hostname", "gpu-box", "--domainname", "lan"),
    "under the host's network": ("--network", "host"),
    "under the host's network with a name": ("--network", "host", "--hostname", "gpu-box"),
    "under the host's uts": ("--uts", "host"),
    "without network": ("--network", "none"),
    "with limits": (
        "--memory",
        "64m",
        "--cpus",
        "0.5",
        "--cpuset-cpus",
        "0",
        "--pids-limit",
        "99",
        "--cpu-shares",
        "512",
    ),
    "with memory and swap": ("--memory", "64m", "--memory-swap", "-1", "--memory-reservation", "32m"),
    "with capabilities": ("--cap-add", "SYS_NICE", "--cap-drop", "MKNOD", "--security-opt", "seccomp=unconfined"),
    "with an init": ("--init", "--stop-signal", "SIGINT", "--stop-timeout", "30"),
    "with the host's pids": ("--pid", "host", "--oom-score-adj", "100"),
    "with dns": ("--dns", "9.9.9.9", "--dns-search", "lan", "--dns-opt", "ndots:1", "--add-host", "db:10.0.0.9"),
    "read-only": ("--read-only", "--sysctl", "net.core.somaxconn=512"),
    "with a folder": ("-v", "/tmp:/host tmp:ro", "--mount", "type=bind,source=/usr,target=/usr2,readonly"),
    "with odd variables": ("-e", "A=b c'\"$x", "-e", "EMPTY=", "-e", "模型=大", "--label", 'odd="x" y'),
}


NEVER_STARTED = {
    "privileged": ("--privileged",),
    "with locked memory": ("--ulimit", "memlock=-1:-1"),
    "with cards": ("--gpus", "all"),
    "with two cards": ("--gpus", '"device=0,1"'),
}
"""What not every machine that runs tests allows; made, and never started."""


@pytest.mark.parametrize("options", NEVER_STARTED.values(), ids=NEVER_STARTED.keys())
def test_a_container_that_never_ran_is_the_same(bench: Bench, docker_client: Any, options: tuple[str, ...]) -> None:
    old = inspect(bench.create(*options))
    assert comparable(recreated(docker_client, old, start=False)) == comparable(old)


@pytest.mark.parametrize("options", CASES.values(), ids=CASES.keys())
def test_a_container_made_once_more_is_the_same(bench: Bench, docker_client: Any, options: tuple[str, ...]) -> None:
    old = inspect(bench.run(*options))
    new = recreated(docker_client, old)
    assert comparable(new) == comparable(old)
    assert new["Id"] != old["Id"]


@pytest.mark.parametrize("options", CASES.values(), ids=CASES.keys())
def test_seeing_a_container_as_a_profile_and_changing_nothing_changes_nothing(
    bench: Bench, options: tuple[str, ...]
) -> None:
    record = inspect(bench.create(*options))
    seen = profile_of(record)
    body = recreation(record).body
    assert edited(body, seen, seen) == body


def test_a_mac_address_that_somebody_chose_comes_back(bench: Bench, docker_client: Any) -> None:
    body = {"Image": bench.image, "Cmd": ["sleep", "9"], "MacAddress": "02:42:ac:11:99:99", "HostConfig": {}}
    made = docker_client._post_json(
        docker_client._url("/containers/create"), data=body, params={"name": f"{bench.tag}-mac"}
    ).json()
    bench.names.append(f"{bench.tag}-mac")
    old = inspect(made["Id"])
    assert comparable(recreated(docker_client, old, start=False)) == comparable(old)


def test_an_emptied_entrypoint_does_not_come_back(bench: Bench, docker_client: Any) -> None:
    docker("tag", bench.image, f"{bench.image}-base")
    first = bench.run()
    docker("commit", "--change", 'ENTRYPOINT ["/bin/false"]', first, f"{bench.image}-entry")
    bench.image, plain = f"{bench.image}-entry", bench.image
    try:
        old = inspect(bench.run("--entrypoint", "", command=("/bin/sleep", "600")))
        assert comparable(recreated(docker_client, old)) == comparable(old)
    finally:
        bench.close()
        docker("rmi", "-f", f"{plain}-entry", f"{plain}-base")


def test_an_env_file_and_a_volume_and_its_data_survive(bench: Bench, docker_client: Any, tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_text("HF_TOKEN=hf_x\n# a comment\nHF_ENDPOINT=https://hf-mirror.com\n", "utf-8")
    volume = f"{bench.tag}-vol"
    old = inspect(bench.run("--env-file", str(env), "-v", f"{volume}:/data"))
    docker("exec", old["Id"], "sh", "-c", "echo kept > /data/file")
    try:
        new = recreated(docker_client, old)
        assert comparable(new) == comparable(old)
        assert docker("exec", new["Id"], "cat", "/data/file") == "kept"
    finally:
        bench.close()
        docker("volume", "rm", volume)


def test_an_anonymous_volume_is_carried_over_with_its_data(bench: Bench, docker_client: Any) -> None:
    old = inspect(bench.run("-v", "/data"))
    docker("exec", old["Id"], "sh", "-c", "echo kept > /data/file")
    new = recreated(docker_client, old)
    assert docker("exec", new["Id"], "cat", "/data/file") == "kept"
    assert new["Config"] == old["Config"] | {"Hostname": new["Config"]["Hostname"]}
    volume = old["Mounts"][0]["Name"]
    assert new["HostConfig"]["Binds"] == [f"{volume}:/data"]
    again = recreated(docker_client, new)
    assert comparable(again) == comparable(new)
    bench.close()
    docker("volume", "rm", volume)


def test_two_networks_with_aliases_and_a_fixed_address_are_joined_again(bench: Bench, docker_client: Any) -> None:
    one, two = bench.network("--subnet", "10.231.7.0/24"), bench.network()
    name = bench.run("--network", one, "--ip", "10.231.7.77", "--network-alias", "vllm", "--network-alias", "llm")
    docker("network", "connect", "--alias", "second", two, name)
    old = inspect(name)
    new = recreated(docker_client, old)
    assert comparable(new) == comparable(old)
    assert new["NetworkSettings"]["Networks"][one]["IPAddress"] == "10.231.7.77"
    assert set(new["NetworkSettings"]["Networks"]) == {one, two}


def test_links_and_another_containers_network_come_back(bench: Bench, docker_client: Any) -> None:
    first = bench.run()
    old = inspect(bench.run("--link", f"{first}:db"))
    assert comparable(recreated(docker_client, old)) == comparable(old)
    old = inspect(bench.run("--network", f"container:{first}"))
    assert comparable(recreated(docker_client, old)) == comparable(old)


def test_a_bridge_container_that_joined_a_second_network_joins_both_again(bench: Bench, docker_client: Any) -> None:
    name, further = bench.run(), bench.network()
    docker("network", "connect", further, name)
    old = inspect(name)
    assert comparable(recreated(docker_client, old)) == comparable(old)
    assert set(inspect(name)["NetworkSettings"]["Networks"]) == {"bridge", further}
