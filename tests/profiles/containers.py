"""Containers for tests on a real engine: made by the docker command, looked at by inspect, removed again."""

from __future__ import annotations

import json
import subprocess
import uuid
from typing import Any

SLEEP = ("sleep", "600")


def docker(*words: str) -> str:
    """Run the docker CLI and give what it prints."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"docker {' '.join(words)}: {done.stderr}"
    return done.stdout.strip()


def inspect(name: str) -> dict[str, Any]:
    """Give a container's whole record."""
    found: dict[str, Any] = json.loads(docker("inspect", "--type", "container", name))[0]
    return found


class Bench:
    """Containers, networks and volumes of one test; all are removed with it."""

    def __init__(self, image: str) -> None:
        self.image = image
        self.tag = f"c-{uuid.uuid4().hex[:8]}"
        self.names: list[str] = []
        self.networks: list[str] = []

    def network(self, *options: str) -> str:
        name = f"{self.tag}-net{len(self.networks)}"
        docker("network", "create", *options, name)
        self.networks.append(name)
        return name

    def run(self, *options: str, command: tuple[str, ...] = SLEEP) -> str:
        name = self.create(*options, command=command)
        docker("start", name)
        return name

    def create(self, *options: str, command: tuple[str, ...] = SLEEP) -> str:
        name = f"{self.tag}-{len(self.names)}"
        self.names.append(name)
        docker("create", "--name", name, *options, self.image, *command)
        return name

    def close(self) -> None:
        for name in self.names:
            subprocess.run(["docker", "rm", "-f", "-v", name], capture_output=True, check=False, timeout=60)
        for name in self.networks:
            subprocess.run(["docker", "network", "rm", name], capture_output=True, check=False, timeout=60)


ADDRESSES = (
    "EndpointID Gateway IPAddress IPPrefixLen IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen MacAddress DNSNames"
)


def comparable(record: dict[str, Any]) -> dict[str, Any]:
    """Give Config, HostConfig and networks without ids and addresses."""
    config = dict(record["Config"])
    if config["Hostname"] == record["Id"][:12]:
        config["Hostname"] = "<short id>"
    networks = {}
    for name, value in record["NetworkSettings"]["Networks"].items():
        networks[name] = {key: entry for key, entry in value.items() if key not in ADDRESSES.split()}
        networks[name]["Aliases"] = [a for a in value["Aliases"] or () if a != record["Id"][:12]]
    return {"Config": config, "HostConfig": record["HostConfig"], "Networks": networks}
