"""From a container, its facts and its watch to the one state a server is in."""

from __future__ import annotations

from dataclasses import dataclass

from profiles.serve_command import ServeCommand
from tui.insight.phases import Boot, BootPhase
from tui.insight.stall import Verdict
from tui.insight.state import was_stopped
from tui.insight.vitals import Vitals
from tui.services.engine import Container
from tui.services.fleet_facts import Facts
from tui.services.fleet_watch import Watch
from tui.services.server import Server, State
from tui.services.vllm import Identity

AT_REST = {"created": State.CREATED, "paused": State.PAUSED, "removing": State.GONE}
ENDED = frozenset({State.STOPPED, State.FAILED, State.RESTARTING})
RANKS = {
    **dict.fromkeys((State.READY, State.BUSY, State.SILENT, State.UNKNOWN, State.HUNG, State.HALF, State.BROKEN), 0),
    State.HEADLESS: 0,
    **dict.fromkeys((State.STARTING, State.RESTARTING, State.PAUSED), 1),
    State.FAILED: 2,
    **dict.fromkeys((State.STOPPED, State.CREATED, State.GONE), 3),
}
"""Where a server stands among the others. States that come and go by themselves share a rank: rows must not jump."""


DOUBTS = {Verdict.HUNG: State.HUNG, Verdict.HALF: State.HALF, Verdict.BROKEN: State.BROKEN}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, gathered once."""

    last_lines: str = ""
    boot: Boot | None = None


def draw(
    host: str, container: Container, facts: Facts, command: ServeCommand, seen: tuple[Watch | None, Ending | None, bool]
) -> Server:
    """Draw up one server from its facts and what was seen: its watch, its ending, whether somebody had it ended."""
    watch, ending, _killed = seen
    state, since = _state(container, facts, *seen)
    identity, vitals = _said(watch)
    current = _current(state, watch, ending)
    return Server(
        host=host,
        id=container.id,
        name=container.name,
        kind="container",
        state=state,
        image=container.image,
        phase=current.name if current else None,
        progress=current.fraction if current else None,
        exit_code=facts.exit_code if state in ENDED and container.state != "running" else None,
        oom_killed=facts.oom_killed and state in ENDED,
        model=identity.model or next(iter(command.served_names), None),
        path=command.model,
        url=facts.url,
        port=facts.port,
        since=since,
        version=identity.version,
        task=command.task,
        running=vitals.running if vitals else None,
        waiting=vitals.waiting if vitals else None,
        tty=facts.tty,
        api_key=facts.api_key,
        arguments=command.words,
        origin=facts.origin,
        auto_remove=facts.auto_remove,
        context_length=identity.context_length,
        all_interfaces=facts.all_interfaces,
        action="…" if watch and not watch.asked.is_set() else None,
    )


def _said(watch: Watch | None) -> tuple[Identity, Vitals | None]:
    """What a server says of itself; before it has been asked, nothing."""
    if watch is None:
        return Identity(), None
    return watch.identity or Identity(), watch.vitals


def _current(state: State, watch: Watch | None, ending: Ending | None) -> BootPhase | None:
    """The phase in which it is while it starts, or was when it ended."""
    if state is State.STARTING and watch:
        return watch.boot(watch.began).current
    ended = state in {State.FAILED, State.RESTARTING} and ending and ending.boot
    return ended.current if ended else None


def pending(host: str, name: str, words: str) -> Server:
    """Draw up a server that is being made and has no container yet."""
    return Server(host, name, name, "container", State.CREATED, action=words)


def rank(server: Server, before: int | None) -> int:
    """Say where a server belongs in the list; while something is done with it, it stays where it was before."""
    if server.action is None:
        return RANKS[server.state]
    making = server.state is State.CREATED
    return (1 if making else 0) if before is None else before


def _state(
    container: Container, facts: Facts, watch: Watch | None, ending: Ending | None, killed: bool
) -> tuple[State, float | None]:
    if container.state in AT_REST:
        return AT_REST[container.state], facts.started if container.state == "paused" else container.created
    if container.state == "running" and watch is not None:
        return _running(facts, watch)
    if container.state == "restarting":
        return State.RESTARTING, facts.finished
    stopped = was_stopped(
        facts.exit_code,
        killed_by_request=killed,
        oom_killed=facts.oom_killed,
        last_lines=ending.last_lines if ending else "",
    )
    return (State.STOPPED if stopped else State.FAILED), facts.finished


def _running(facts: Facts, watch: Watch) -> tuple[State, float | None]:
    if watch.failed:
        return (State.BROKEN, watch.answered_at) if watch.ready else (State.FAILED, facts.started)
    if watch.unreachable:
        return State.UNKNOWN, watch.reader.ready_at
    if not watch.ready:
        return (State.HEADLESS if watch.headless else State.STARTING), facts.started
    if watch.verdict is not Verdict.WORKS:
        return DOUBTS[watch.verdict], watch.doubted_at
    if watch.silent:
        return State.SILENT, watch.answered_at
    busy = bool(watch.vitals and watch.vitals.running)
    return (State.BUSY if busy else State.READY), watch.ready_at
