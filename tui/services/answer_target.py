"""Whom to ask whether a container's server works: read from its inspect record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profiles.serve_command import ServeCommand
from tui.insight.recognise import recognised
from tui.services.engine import Container
from tui.services.fleet_facts import facts
from tui.services.host import Host


@dataclass(frozen=True, slots=True)
class Target:
    """One server's address and the model that must answer there."""

    url: str | None
    """Without /v1; None when there is no way in."""
    model: str
    """The name to ask for; empty when the command does not say it."""
    task: str
    """generate or embed."""
    api_key: str | None = field(default=None, repr=False)


def target(host: Host, record: Mapping[str, Any], native: bool) -> Target | None:
    """Read whom to ask; None when the container is no vLLM server.

    `native` says whether the containers' own addresses are reached from here: not those of an engine elsewhere, or in a
    virtual machine.
    """
    command = serve_command(record)
    if command is None or command.headless:
        return None
    known = facts(host, _row(record), record, command, native)
    names = command.served_names
    return Target(known.url, names[0] if names else "", command.task, known.api_key)


def serve_command(record: Mapping[str, Any]) -> ServeCommand | None:
    """Read the vLLM server that an inspected container starts."""
    argv = [str(record.get("Path") or ""), *(str(word) for word in record.get("Args") or ())]
    labels = (record.get("Config") or {}).get("Labels") or {}
    return recognised(argv, record.get("Config"), labels)


def _row(record: Mapping[str, Any]) -> Container:
    labels = (record.get("Config") or {}).get("Labels") or {}
    return Container(str(record.get("Id")), str(record.get("Name")).lstrip("/"), "", "", "", "", "", 0.0, labels=labels)
