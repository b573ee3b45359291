"""What the fake engine keeps of a container, and how an engine would show it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.fake_source import FakeSource
from tui.services.engine import Container, ContainerStats, LogBatch, Port

NEVER = "0001-01-01T00:00:00Z"


class FakeContainer:
    """One container: its inspect record, what it wrote, and who reads its log."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.batches: list[LogBatch] = []
        self.rest = b""
        self.log_sources: list[FakeSource[LogBatch]] = []
        self.usage = ContainerStats()
        self.keep = False
        """A restart does not delete a container that was started with --rm."""

    @property
    def id(self) -> str:
        """The 64 digits."""
        return str(self.record["Id"])

    @property
    def name(self) -> str:
        """Without the slash."""
        return str(self.record["Name"]).lstrip("/")

    @property
    def running(self) -> bool:
        """Running, paused or restarting."""
        return bool(self.record["State"]["Running"])

    def enter(self, status: str, code: int = 0, oom: bool = False) -> None:
        """Change the state as the engine would."""
        now, state = time_text(time.time()), self.record["State"]
        alive = status in ("running", "paused", "restarting")
        state.update(Status=status, Running=alive, Paused=status == "paused", Restarting=status == "restarting")
        state.update(ExitCode=0 if alive else code, OOMKilled=oom, Dead=status == "dead", Pid=4242 if alive else 0)
        state["StartedAt" if status == "running" else "FinishedAt"] = now

    def end_logs(self) -> None:
        """End the streams of whoever follows."""
        for source in self.log_sources:
            source.end()
        self.log_sources.clear()

    def written(self, tail: int | None, since: float | None) -> list[LogBatch]:
        """Give what was written so far, as one batch."""
        lines = [line for batch in self.batches for line in batch.lines]
        if since is not None:
            start = time_text(since).encode()
            lines = [line for line in lines if line[:30] >= start]
        if tail is not None:
            lines = lines[max(0, len(lines) - tail) :]
        partial = self.batches[-1].partial if self.batches else b""
        return [LogBatch(tuple(lines), partial)] if lines or partial else []


def time_text(when: float) -> str:
    """Write a time as an engine does: nine digits and a Z, always 30 characters."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def stamped(one: FakeContainer, data: bytes, when: float | None) -> LogBatch:
    """Cut what a container wrote into lines with a timestamp each."""
    stamp = time_text(time.time() if when is None else when).encode() + b" "
    *lines, one.rest = (one.rest + data).split(b"\n")
    return LogBatch(tuple(stamp + line for line in lines), stamp + one.rest if one.rest else b"")


def create_body(
    image: str, command: Sequence[str], port: int | None, labels: Mapping[str, str], tty: bool
) -> dict[str, Any]:
    """Write a create body such as a `docker run` would post."""
    binding = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]} if port else {}
    return {
        "Image": image,
        "Entrypoint": list(command[:2]),
        "Cmd": list(command[2:]),
        "Labels": dict(labels),
        "Tty": tty,
        "ExposedPorts": {key: {} for key in binding},
        "HostConfig": {"PortBindings": binding, "IpcMode": "host", "AutoRemove": False},
    }


def fresh_record(number: int, name: str, body: Mapping[str, Any], created: str) -> dict[str, Any]:
    """Write the inspect record of a container that was just created from this body."""
    config = {key: value for key, value in body.items() if key not in ("HostConfig", "NetworkingConfig")}
    config = {"Env": [], "Labels": {}, "Tty": False, "Entrypoint": None, "Cmd": None, "Image": "", **config}
    host = {"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "NetworkMode": "default", "AutoRemove": False}
    host |= body.get("HostConfig") or {}
    line = [*(config["Entrypoint"] or []), *(config["Cmd"] or [])]
    networks = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {"bridge": {}}
    state: dict[str, Any] = {"Status": "created", "Running": False, "Paused": False, "Restarting": False}
    state |= {"OOMKilled": False, "Dead": False, "Pid": 0, "ExitCode": 0, "Error": ""}
    return {
        "Id": f"{number:012x}{'f' * 52}",
        "Name": f"/{name}",
        "Created": created,
        "Path": line[0] if line else "",
        "Args": line[1:],
        "State": {**state, "StartedAt": NEVER, "FinishedAt": NEVER},
        "Image": f"sha256:{'a' * 64}",
        "RestartCount": 0,
        "Config": config,
        "HostConfig": host,
        "Mounts": [],
        "NetworkSettings": {
            "Ports": dict(host.get("PortBindings") or {}),
            "Networks": {
                key: {"IPAddress": f"172.17.0.{number % 250 + 2}", **value} for key, value in networks.items()
            },
        },
    }


def container_row(one: FakeContainer) -> Container:
    """Show a container as LIST would."""
    record, state = one.record, one.record["State"]
    ports = tuple(
        Port(int(key.split("/")[0]), int(bound["HostPort"] or 0) or None, bound["HostIp"], key.split("/")[1])
        for key, bounds in record["NetworkSettings"]["Ports"].items()
        for bound in bounds or ()
    )
    status = "Up 2 minutes" if one.running else f"Exited ({state['ExitCode']}) 2 minutes ago"
    return Container(
        id=one.id,
        name=one.name,
        image=record["Config"]["Image"],
        image_id=record["Image"],
        command=shlex.join([record["Path"], *record["Args"]]),
        state=state["Status"],
        status="Created" if state["Status"] == "created" else status,
        created=datetime.fromisoformat(record["Created"][:26]).replace(tzinfo=UTC).timestamp(),
        ports=ports if one.running else (),
        labels=dict(record["Config"]["Labels"] or {}),
        networks={key: value.get("IPAddress", "") for key, value in record["NetworkSettings"]["Networks"].items()},
        network_mode=str(record["HostConfig"].get("NetworkMode") or ""),
    )
