"""What a container engine can do for us, and the records it speaks in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tui.services.source import Source


@dataclass(frozen=True, slots=True)
class Port:
    """One published or exposed port of a container."""

    private: int
    public: int | None = None
    address: str = ""
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True)
class Container:
    """One row of the engine's list: what one LIST says, with no further question."""

    id: str
    name: str
    image: str
    image_id: str
    command: str
    """Entrypoint and arguments as one line, as LIST gives it (arguments with spaces are in single quotes)."""
    state: str
    """created, running, paused, restarting, removing, exited or dead."""
    status: str
    """The engine's own words: `Exited (1) 2 minutes ago`."""
    created: float
    """Seconds since the epoch."""
    ports: tuple[Port, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    """Network name to the container's address in it ("" when it has none)."""
    network_mode: str = ""
    """bridge, host, none, a network's name, or `container:` and the id of the one whose network it shares."""


NOISE = frozenset(
    [
        "exec_create",
        "exec_start",
        "exec_die",
        "exec_detach",
        "top",
        "resize",
        "archive-path",
        "export",
        "attach",
        "detach",
        "health_status",
    ]
)
"""Actions that health checks, terminals and our own questions cause: nothing that is shown changes, and an answer to one would
cause the next."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a container or an image."""

    kind: str
    """container, image, network, …"""
    action: str
    """create, start, kill, die, oom, stop, destroy, rename, pause, …"""
    id: str
    name: str
    time: float
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What the engine adds: exitCode, signal, image, oldName."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine answers."""

    version: str
    api: str
    product: str
    """Docker Engine, Podman, Docker Desktop."""
    address: str
    """unix:///var/run/docker.sock, tcp://…, npipe://…"""
    context: str
    """The docker context's name; "default" or "DOCKER_HOST" when no context chose it."""
    runtimes: tuple[str, ...] = ()
    """Container runtimes by name: runc, nvidia, …"""
    cpus: int = 0
    memory: int = 0
    """Bytes of RAM that the engine has."""
    root: str = ""
    """The engine's data root on its own machine."""
    id: str = ""
    """The name the engine gave itself once and for all; empty where it has none that lasts."""

    @property
    def identity(self) -> str:
        """What tells this engine from every other: its own id, else the address it answers at."""
        return self.id or self.address


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """One image on the engine's disk."""

    id: str
    tags: tuple[str, ...]
    size: int
    created: float
    config: Mapping[str, Any] = field(default_factory=dict)
    """The image's own Config (Entrypoint, Cmd, Env, Labels); empty where a list row does not carry it."""


@dataclass(frozen=True, slots=True)
class ContainerStats:
    """What a container uses now; None is not known."""

    cpu: float | None = None
    """Cores that are busy for it, since it was asked before."""
    memory: int | None = None
    limit: int | None = None
    """Bytes; a container without a limit of its own may have all that the engine has."""


@dataclass(frozen=True, slots=True)
class LogBatch:
    """What one read of a container's log brought, cut into complete lines.

    `lines` are raw bytes without the final newline, each starting with the engine's RFC 3339 timestamp and a space when
    timestamps were asked for. `partial` is the still unfinished last line (a progress bar, a prompt), which the next batch's
    first line or partial replaces.
    """

    lines: Sequence[bytes]
    partial: bytes = b""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far one layer of a pull is, or the whole when `layer` is empty."""

    layer: str
    status: str
    """Waiting, Downloading, Verifying Checksum, Extracting, Pull complete, Already exists, …"""
    current: int = 0
    total: int = 0
    """Bytes; 0 when the registry did not say."""


class Engine(Protocol):
    """A container engine: short calls are async and raise `ServiceError`; streams are `Source`s for a daemon thread.

    A call never blocks the event loop and gives up after a few seconds with a `ServiceError`, whatever hangs.
    `stop` and `restart` wait for the container's own grace time on top.
    """

    async def info(self) -> EngineInfo:
        """Say who answers; this is also the question that tells whether the engine is back."""
        ...

    async def containers(self) -> list[Container]:
        """List ALL containers, running or not, in one call."""
        ...

    async def inspect(self, container: str) -> dict[str, Any]:
        """Give the engine's whole record of one container (raw inspect JSON)."""
        ...

    async def create(self, name: str, body: Mapping[str, Any]) -> str:
        """Create a container from a raw create body (Config fields plus HostConfig, NetworkingConfig); return its id."""
        ...

    async def start(self, container: str) -> None:
        """Start a created or stopped container."""
        ...

    async def stop(self, container: str, grace: int | None = None) -> None:
        """Ask it to end; kill it after `grace` seconds, None after those that the container itself is made with (else 10)."""
        ...

    async def restart(self, container: str, grace: int | None = None) -> None:
        """Stop and start it again."""
        ...

    async def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """Send a signal to its first process."""
        ...

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        """Delete a container; `volumes` deletes its anonymous volumes as well."""
        ...

    async def rename(self, container: str, name: str) -> None:
        """Give it another name."""
        ...

    async def set_restart_policy(self, container: str, policy: str, retries: int = 0) -> None:
        """Set no, always, unless-stopped or on-failure, also on a running container."""
        ...

    async def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Join a container to one more network with this endpoint configuration (raw)."""
        ...

    async def top(self, container: str) -> list[tuple[int, str]]:
        """List its processes as (process id on the engine's host, command line)."""
        ...

    async def exec(self, container: str, command: Sequence[str], patience: float = 10.0) -> tuple[int, str]:
        """Run a short command in a running container; give its exit code (127: no such program) and what it wrote.

        Raises:
            TimeoutError: It has not ended within `patience` seconds, and runs on in there.
            ServiceError: The engine refused (a container that is paused or has ended), or cannot be reached.
        """
        ...

    async def stats(self, container: str) -> ContainerStats:
        """Say what a running container uses; an engine may take a second over it."""
        ...

    async def images(self) -> list[ImageInfo]:
        """List the images with a tag."""
        ...

    async def image(self, reference: str) -> ImageInfo | None:
        """Give one image with its config, None when it is not on the disk."""
        ...

    def events(self, since: float | None = None) -> Source[Event]:
        """Stream what happens to containers and images from now, or from `since` (seconds since the epoch)."""
        ...

    def logs(
        self, container: str, *, tty: bool, tail: int | None = None, since: float | None = None, follow: bool = True
    ) -> Source[LogBatch]:
        """Stream a container's log with timestamps; `tail` None is all of it."""
        ...

    def pull(self, reference: str) -> Source[PullProgress]:
        """Pull an image; closing the source cancels the pull."""
        ...

    def close(self) -> None:
        """Close every stream and let go of the pool; waits for nothing."""
        ...
