"""What one inspect says of a server: the facts that do not change while its container lives, and how its last run went."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profiles.flags import API_KEY
from profiles.serve_command import ServeCommand
from tui.insight.log_times import epoch_of
from tui.services.engine import Container, EngineInfo
from tui.services.host import Host

INSIDE_PORT = 8000
"""Where vLLM listens unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One server's container as inspect tells it."""

    started: float | None
    finished: float | None
    exit_code: int
    oom_killed: bool
    tty: bool
    auto_remove: bool
    api_key: str | None = field(repr=False)
    url: str | None
    port: int | None
    all_interfaces: bool
    origin: str
    error: str
    restarts: int = 0
    """How often its restart policy has started it again."""
    host_network: bool = False
    """Its port is the host's own: anything else on the host may hold it."""


def facts(
    host: Host, container: Container, record: Mapping[str, Any], command: ServeCommand, native: bool = True
) -> Facts:
    """Read an inspect record; what it does not say is absent.

    Args:
        host: Where it runs.
        container: Its row in the list.
        record: What inspect says.
        command: The server it starts.
        native: Whether the containers' own addresses are reached from here.
    """
    state, config, host_config = (_part(record, name) for name in ("State", "Config", "HostConfig"))
    inside = command.port or INSIDE_PORT
    address, port = (None, None) if command.headless else _way_in(host, record, host_config, inside, native)
    return Facts(
        started=epoch_of(state.get("StartedAt")),
        finished=epoch_of(state.get("FinishedAt")),
        exit_code=int(state.get("ExitCode") or 0),
        oom_killed=bool(state.get("OOMKilled")),
        tty=bool(config.get("Tty")),
        auto_remove=bool(host_config.get("AutoRemove")),
        api_key=command.api_key or _environment(config).get(API_KEY) or None,
        url=_url(address, port),
        # Inside the container's own network there is no port of the host to name.
        port=port if address == host.loopback or _published(record, host_config, inside) else None,
        all_interfaces=not command.headless and _on_all_interfaces(host_config, inside, command.flag("host")),
        origin=_origin(container.labels),
        error=str(state.get("Error") or ""),
        restarts=int(record.get("RestartCount") or 0),
        host_network=host_config.get("NetworkMode") == "host",
    )


def is_native(engine: EngineInfo) -> bool:
    """Whether the engine shares this machine's network, so that a container's own address leads to it."""
    return sys.platform == "linux" and engine.address.startswith("unix://") and engine.product != "Docker Desktop"


def _way_in(
    host: Host, record: Mapping[str, Any], host_config: Mapping[str, Any], inside: int, native: bool
) -> tuple[str | None, int | None]:
    """The published port, else the port of its arguments under host network, else the container's own address."""
    for address, port in _published(record, host_config, inside):
        return (host.loopback if address in {"", "0.0.0.0", "::", "127.0.0.1"} else address), port  # noqa: S104
    if host_config.get("NetworkMode") == "host":
        return host.loopback, inside
    networks = _part(_part(record, "NetworkSettings"), "Networks")
    for network in networks.values() if native else ():
        if isinstance(network, dict) and network.get("IPAddress"):
            return str(network["IPAddress"]), inside
    return None, None


def _url(address: str | None, port: int | None) -> str | None:
    if not address or not port:
        return None
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def _published(record: Mapping[str, Any], host_config: Mapping[str, Any], inside: int) -> list[tuple[str, int]]:
    """(address, port) on the host for the port inside: as it is bound now, else as it was asked for."""
    for bindings in (_part(_part(record, "NetworkSettings"), "Ports"), _part(host_config, "PortBindings")):
        for binding in bindings.get(f"{inside}/tcp") or ():
            if str(binding.get("HostPort") or "").isdigit():
                return [(str(binding.get("HostIp") or ""), int(binding["HostPort"]))]
    return []


def _on_all_interfaces(host_config: Mapping[str, Any], inside: int, listens: str | None) -> bool:
    bindings = _part(host_config, "PortBindings").get(f"{inside}/tcp") or ()
    addresses = [str(binding.get("HostIp") or "") for binding in bindings]
    if host_config.get("NetworkMode") == "host":
        addresses = [listens or ""]  # nothing is published there: the server itself chooses where it listens
    return any(address in {"", "0.0.0.0", "::"} for address in addresses)  # noqa: S104


def _origin(labels: Mapping[str, str]) -> str:
    if profile := labels.get("llmtui.profile"):
        return f"profile {profile}"
    if project := labels.get("com.docker.compose.project"):
        return f"compose {project}"
    return ""


def _environment(config: Mapping[str, Any]) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in config.get("Env") or () if isinstance(entry, str))
    return {name: value for name, _, value in pairs}


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}
