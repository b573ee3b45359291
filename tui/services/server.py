"""A server: one vLLM (or OpenAI-compatible) process on a host, and the state it is in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a server's life stands; exactly one at a time."""

    CREATED = "created"
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    SILENT = "silent"
    """It was ready and still runs, but does not answer any more."""
    HUNG = "hung"
    """It says that it is healthy, or nothing at all, and a question of one token gets no answer."""
    HALF = "half"
    """Some of its engines work and some do not (data parallel)."""
    BROKEN = "broken"
    """It runs and answers everything with an error: its engine is dead."""
    HEADLESS = "headless"
    """It runs as a part of a bigger server, whose head answers for it."""
    RESTARTING = "restarting"
    """It ended, and the engine starts it again and again."""
    STOPPED = "stopped"
    FAILED = "failed"
    PAUSED = "paused"
    GONE = "gone"
    UNKNOWN = "unknown"
    """It runs, but there is no way in (no published port, no address)."""


ALIVE = frozenset(
    {
        State.STARTING,
        State.READY,
        State.BUSY,
        State.SILENT,
        State.HUNG,
        State.HALF,
        State.BROKEN,
        State.HEADLESS,
        State.RESTARTING,
        State.UNKNOWN,
        State.PAUSED,
    }
)
"""Where there is something to stop."""


LOOP_RESTARTS = 2
"""Restarts in a row, with no time ready between them, from which it is a crash loop."""
LOOPING = frozenset({State.RESTARTING, State.STARTING, State.FAILED})


@dataclass(frozen=True, slots=True)
class Server:
    """One server as the console knows it now. Absent is None, never 0."""

    host: str
    """The host's name."""
    id: str
    """The container's id; it changes with a recreate, (host, name) does not."""
    name: str
    kind: str
    """container, process or endpoint."""
    state: State
    image: str = ""
    phase: str | None = None
    """While starting: config, engine, weights, "KV cache", graphs, server (see `tui.insight.phases`)."""
    progress: float | None = None
    """0..1 inside the phase, where the log says it."""
    exit_code: int | None = None
    killed: bool = False
    """Ended by SIGKILL that no request to stop came before: out of memory, or a `docker kill`."""
    oom_killed: bool = False
    cause: str = ""
    """The line of its log that tells best why it ended badly."""
    model: str | None = None
    """The name that requests must use (served model name)."""
    path: str | None = None
    """The model argument it was started with (hub id or path in the container)."""
    url: str | None = None
    """`http://127.0.0.1:8000`, without /v1; None when there is no way in."""
    port: int | None = None
    since: float | None = None
    """What its age counts from, seconds since the epoch: the start while it runs, the end when it has ended."""
    doubted: float | None = None
    """When it was last seen to work, while it runs and does not."""
    seen: float | None = None
    """None when fresh; else when it was last seen (the engine does not answer)."""
    version: str | None = None
    """vLLM's own version."""
    task: str = "generate"
    """generate or embed: which question proves that it answers."""
    running: int | None = None
    waiting: int | None = None
    tty: bool = False
    api_key: str | None = None
    """For our own requests only; never shown, never stored."""
    arguments: tuple[str, ...] = ()
    """vLLM's own arguments, the model first where it is positional."""
    origin: str = ""
    """profile NAME, compose PROJECT, by hand."""
    auto_remove: bool = False
    """Started with --rm: stopping deletes it."""
    context_length: int | None = None
    """max_model_len as /v1/models reports it."""
    all_interfaces: bool = False
    """Published on every interface."""
    mishap: str | None = None
    """Why the last thing done with it failed, until something is done with it again."""
    boot_seconds: float | None = None
    """How long its last good boot took, as far as it was watched."""
    kept: bool = False
    """What it was before its last recreate is kept, as a container aside or as a saved configuration, and can be brought back."""
    serves: bool = True
    """False for a container that serves no model."""
    restarts: int = 0
    """How often the engine has started it again by its restart policy, since somebody started it."""
    action: str | None = None
    """What llmtui is doing with it right now, in a word or two (pulling 41 %, recreating); None when nothing."""

    @property
    def key(self) -> tuple[str, str]:
        """The identity that outlives a recreate: (host, name)."""
        return (self.host, self.name)

    @property
    def loops(self) -> bool:
        """Whether it fails and is started again and again: a crash loop."""
        return self.restarts >= LOOP_RESTARTS and self.state in LOOPING

    def __repr__(self) -> str:
        return f"Server({self.host}/{self.name}, {self.state})"
