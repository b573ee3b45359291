"""What an engine answers, as our records: JSON in, frozen dataclasses out; what is absent stays absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from tui.insight.log_times import epoch_of
from tui.services.engine import NOISE, Container, EngineInfo, Event, ImageInfo, Port, PullProgress

Json = Mapping[str, Any]
Item = TypeVar("Item")

STATES = {"stopped": "exited", "configured": "created", "initialized": "created", "stopping": "running"}
"""Podman's words for Docker's states."""

ACTIONS = {"remove": "destroy", "died": "die"}
"""Podman's words for Docker's events."""


GRACE = 10
"""Seconds that Docker gives a container which says nothing of it."""


def container(row: Json) -> Container:
    """Read one row of /containers/json."""
    names = [str(name).lstrip("/") for name in row.get("Names") or ()]
    networks = (row.get("NetworkSettings") or {}).get("Networks") or {}
    return Container(
        id=str(row["Id"]),
        name=next((name for name in names if "/" not in name), names[0] if names else str(row["Id"])[:12]),
        image=str(row.get("Image") or ""),
        image_id=str(row.get("ImageID") or ""),
        command=command_line(row.get("Command")),
        state=state(row.get("State")),
        status=str(row.get("Status") or ""),
        created=float(row.get("Created") or 0),
        ports=tuple(_port(port) for port in row.get("Ports") or ()),
        labels=dict(row.get("Labels") or {}),
        networks={str(name): str((end or {}).get("IPAddress") or "") for name, end in networks.items()},
        network_mode=str((row.get("HostConfig") or {}).get("NetworkMode") or ""),
    )


def state(word: Any) -> str:
    """Give a container's state in Docker's words."""
    text = str(word or "").lower()
    return STATES.get(text, text)


def inspected(record: dict[str, Any]) -> dict[str, Any]:
    """Give an inspect record as it is, but for Podman's words for the state.

    Raises:
        KeyError: It has no id, so it is no record of a container.
    """
    record["Id"]
    if isinstance(found := record.get("State"), dict) and "Status" in found:
        found["Status"] = state(found["Status"])
    return record


def stop_seconds(record: Json) -> int:
    """Say how long a container is given to end, from its inspect record; below 0 it is never killed."""
    found = (record.get("Config") or {}).get("StopTimeout")
    return GRACE if found is None else int(found)


def command_line(command: Any) -> str:
    """Give a row's command as one line; Podman sends a list."""
    if isinstance(command, list):
        return " ".join(f"'{word}'" if " " in str(word) or not word else str(word) for word in command)
    return str(command or "")


def _port(port: Json) -> Port:
    public = port.get("PublicPort")
    return Port(
        private=int(port.get("PrivatePort") or 0),
        public=int(public) if public else None,
        address=str(port.get("IP") or ""),
        protocol=str(port.get("Type") or "tcp"),
    )


def event(message: Json) -> Event | None:
    """Read one message of /events; None for the noise."""
    actor = message.get("Actor") or {}
    attributes = {str(key): str(value) for key, value in (actor.get("Attributes") or {}).items()}
    action = str(message.get("Action") or message.get("status") or "")
    if action.split(":", maxsplit=1)[0] in NOISE:
        return None
    nanoseconds = message.get("timeNano")
    identity = str(actor.get("ID") or message.get("id") or "")
    kind = str(message.get("Type") or "container")
    return Event(
        kind=kind,
        action=ACTIONS.get(action, action) if kind == "container" else action,
        id=identity,
        name=attributes.get("name", "" if kind == "container" else identity),
        time=nanoseconds / 1e9 if nanoseconds else float(message.get("time") or 0),
        attributes=attributes,
    )


def image(row: Json) -> ImageInfo:
    """Read one row of /images/json, or an image's inspect record."""
    created = row.get("Created")
    return ImageInfo(
        id=str(row.get("Id") or ""),
        tags=tuple(str(tag) for tag in row.get("RepoTags") or () if tag != "<none>:<none>"),
        size=int(row.get("Size") or 0),
        created=float(created) if isinstance(created, (int, float)) else epoch_of(created) or 0.0,
        config=dict(row.get("Config") or {}),
    )


def pull_progress(message: Json) -> PullProgress:
    """Read one message of a pull; the tag line ("Pulling from library/x") belongs to the whole, not to a layer."""
    detail = message.get("progressDetail") or {}
    status = str(message.get("status") or "")
    whole = status.startswith(("Pulling from", "Digest:", "Status:"))
    return PullProgress(
        layer="" if whole else str(message.get("id") or ""),
        status=status,
        current=int(detail.get("current") or 0),
        total=int(detail.get("total") or 0),
    )


def listed(read: Callable[[Json], Item]) -> Callable[[Any], list[Item]]:
    """Give the reader of a whole list; it refuses what is none."""

    def read_all(rows: Any) -> list[Item]:
        if not isinstance(rows, list):
            raise TypeError("no list")
        return [read(row) for row in rows]

    return read_all


def version(answer: Json) -> Json:
    """Check the answer of /version: an engine says there which API it speaks.

    Raises:
        KeyError: It does not.
    """
    if not answer["ApiVersion"]:
        raise KeyError("ApiVersion")
    return answer


def engine_info(version: Json, info: Json, address: str, context: str) -> EngineInfo:
    """Put the two answers about an engine together."""
    names = [str(part.get("Name") or "") for part in version.get("Components") or ()]
    product = _product(names, version, info)
    return EngineInfo(
        version=str(version.get("Version") or ""),
        api=str(version.get("ApiVersion") or ""),
        product=product,
        address=address,
        context=context,
        runtimes=tuple(info.get("Runtimes") or ()),
        cpus=int(info.get("NCPU") or 0),
        memory=int(info.get("MemTotal") or 0),
        root=str(info.get("DockerRootDir") or ""),
        id="" if product == "Podman" else str(info.get("ID") or ""),  # Podman makes up another at every question
    )


def _product(names: Iterable[str], version: Json, info: Json) -> str:
    if any(name.lower().startswith("podman") for name in names):
        return "Podman"
    platform = str((version.get("Platform") or {}).get("Name") or "")
    if platform.startswith("Docker Desktop") or info.get("OperatingSystem") == "Docker Desktop":
        return "Docker Desktop"
    return "Docker Engine"


def processes(answer: Json) -> list[tuple[int, str]]:
    """Read /containers/…/top; the columns are what the engine's ps calls them."""
    titles = [str(title) for title in answer.get("Titles") or ()]
    if "PID" not in titles:
        return []
    number = titles.index("PID")
    line = next((titles.index(name) for name in ("CMD", "COMMAND", "ARGS") if name in titles), len(titles) - 1)
    rows = answer.get("Processes") or ()
    return [
        (int(row[number]), str(row[line])) for row in rows if len(row) > max(number, line) and row[number].isdigit()
    ]
