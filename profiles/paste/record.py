"""What a pasted text says: one launch, before it becomes a profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from profiles.lint.finding import Finding, Kind
from profiles.profile import Mount

Value = str | bool | list[str]
"""A flag's value: a text, True for a switch, several texts."""


@dataclass(frozen=True, slots=True)
class Port:
    """A published port."""

    ip: str
    """"" when none was given: every interface."""
    host: int | str | None
    """None: the engine chooses. A text where a variable stands in it."""
    container: int | str
    protocol: str = "tcp"

    @property
    def open(self) -> bool:
        """Whether it is published on every interface."""
        return self.ip.strip("[]") in ("", "0.0.0.0", "::", "*")  # noqa: S104


@dataclass(slots=True)
class Pasted:
    """One launch as it was read; filled in by the readers of the several forms."""

    run_as: str | None = None
    """docker, native, or None when no launch was found."""
    image: str | None = None
    name: str | None = None
    gpus: str | None = None
    model: str | None = None
    """As the server will see it."""
    ports: list[Port] = field(default_factory=list)
    mounts: list[Mount] = field(default_factory=list)
    env: dict[str, str | None] = field(default_factory=dict)
    """None: by name, from the user's own environment."""
    env_files: list[str] = field(default_factory=list)
    args: dict[str, Value] = field(default_factory=dict)
    """vLLM's flags by their one name; what it would refuse is in the notes."""
    settings: dict[str, str] = field(default_factory=dict)
    """ipc, shm_size, network, runtime, restart where they are given."""
    labels: dict[str, str] = field(default_factory=dict)
    devices: list[str] = field(default_factory=list)
    remove: bool = False
    further: list[tuple[str, str, str]] = field(default_factory=list)
    """Options without a place above: name, value, and the text as given."""
    entrypoint: list[str] | None = None
    starts: list[str] = field(default_factory=list)
    """The words that start vLLM in place of the image's entrypoint: `python3 -m vllm.entrypoints.openai.api_server`."""
    command: list[str] = field(default_factory=list)
    """The words behind the image (or behind `vllm serve`)."""
    service: str = ""
    """The compose file's own name of the service."""
    notes: list[Finding] = field(default_factory=list)

    def note(self, kind: Kind, flag: str | None, text: str) -> None:
        """Add a note, once."""
        if not any((one.kind, one.flag) == (kind, flag) for one in self.notes):
            self.notes.append(Finding(kind, flag, text))

    @property
    def extra(self) -> list[str]:
        """Every option that has no place of its own, as given."""
        return [text for _name, _value, text in self.further]

    def as_json(self) -> dict[str, Any]:
        """Give the whole as plain values: what `llmtui import --json` prints."""
        data: dict[str, Any] = {
            "run_as": self.run_as,
            "image": self.image,
            "name": self.name,
            "gpus": self.gpus,
            "model": self.model,
            "ports": [_port(port) for port in self.ports],
            "mounts": [{"source": one.source, "target": one.target, "read_only": one.read_only} for one in self.mounts],
            "env": dict(self.env),
            "env_file": list(self.env_files),
            "args": dict(self.args),
        }
        data |= self.settings
        if self.labels:
            data["labels"] = dict(self.labels)
        if self.devices:
            data["devices"] = list(self.devices)
        if self.remove:
            data["remove"] = True
        data["extra"] = self.extra
        if self.run_as is not None and self.model is None and not self.args and self.command:
            data["command"] = list(self.command)
        data["notes"] = [{"flag": one.flag, "kind": str(one.kind), "text": one.text} for one in self.notes]
        return data


def _port(port: Port) -> dict[str, Any]:
    data: dict[str, Any] = {"ip": port.ip, "host": port.host, "container": port.container}
    return data if port.protocol == "tcp" else data | {"protocol": port.protocol}
