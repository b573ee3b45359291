"""How the simulated engine would show a container: the inspect record and the row of the list."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tui.demo.log import time_text
from tui.services.engine import Container, ImageInfo, Port

NEVER = "0001-01-01T00:00:00Z"
NOTHING: Mapping[str, Any] = {"Env": [], "Labels": {}, "Tty": False, "Entrypoint": None, "Cmd": None, "Image": ""}
CREATED: Mapping[str, Any] = {
    **{"Status": "created", "Running": False, "Paused": False, "Restarting": False, "OOMKilled": False, "Dead": False},
    **{"Pid": 0, "ExitCode": 0, "Error": "", "StartedAt": NEVER, "FinishedAt": NEVER},
}
UNIT = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def new_record(id_: str, name: str, body: Mapping[str, Any], image: ImageInfo, when: float) -> dict[str, Any]:
    """Write the inspect record of a container created at a moment from a create body."""
    config = {**NOTHING, **{key: value for key, value in body.items() if key not in ("HostConfig", "NetworkingConfig")}}
    for part in ("Entrypoint", "Cmd"):
        config[part] = config[part] or list(image.config.get(part) or ())
    host = {"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "NetworkMode": "default", "AutoRemove": False}
    line = [*config["Entrypoint"], *config["Cmd"]]
    networks = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {"bridge": {}}
    return {
        "Id": id_,
        "Name": f"/{name}",
        "Created": time_text(when),
        "Path": line[0] if line else "",
        "Args": line[1:],
        "State": dict(CREATED),
        "Image": image.id,
        "RestartCount": 0,
        "Config": config,
        "HostConfig": {**host, **(body.get("HostConfig") or {})},
        "Mounts": [],
        "NetworkSettings": {
            "Ports": {},
            "Networks": {key: {"IPAddress": "", **value} for key, value in networks.items()},
        },
    }


def enter(record: dict[str, Any], status: str, when: float, code: int = 0) -> None:
    """Change a record's state as an engine would."""
    alive = status == "running"
    pid = 2000 + int(record["Id"][:4], 16) if alive else 0
    record["State"].update(Status=status, Running=alive, ExitCode=0 if alive else code, Pid=pid)
    record["State"]["StartedAt" if alive else "FinishedAt"] = time_text(when)


def row(record: Mapping[str, Any]) -> Container:
    """Show a container as the list would."""
    from tui.insight.log_times import epoch_of

    state, settings = record["State"], record["NetworkSettings"]
    ports = tuple(
        Port(int(key.split("/")[0]), int(bound["HostPort"]), str(bound["HostIp"]))
        for key, bounds in settings["Ports"].items()
        for bound in bounds
    )
    since = epoch_of(state["StartedAt" if state["Running"] else "FinishedAt"])
    return Container(
        id=str(record["Id"]),
        name=str(record["Name"]).lstrip("/"),
        image=str(record["Config"]["Image"]),
        image_id=str(record["Image"]),
        command=" ".join(f"'{word}'" if " " in word else word for word in (record["Path"], *record["Args"])),
        state=str(state["Status"]),
        status=_status(state, time.time() - (since or time.time())),
        created=epoch_of(record["Created"]) or 0.0,
        ports=ports if state["Running"] else (),
        labels=dict(record["Config"]["Labels"] or {}),
        networks={key: str(value.get("IPAddress", "")) for key, value in settings["Networks"].items()},
    )


def _status(state: Mapping[str, Any], seconds: float) -> str:
    if state["Status"] == "created":
        return "Created"
    size, unit = next((pair for pair in UNIT if seconds >= pair[0]), UNIT[-1])
    age = f"{int(seconds // size)} {unit}"
    return f"Up {age}" if state["Running"] else f"Exited ({state['ExitCode']}) {age} ago"
