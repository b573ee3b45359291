"""From a container, its facts and its watch to the one state a server is in."""

from __future__ import annotations

from dataclasses import dataclass

from profiles.serve_command import ServeCommand
from tui.insight.phases import Boot, BootPhase
from tui.insight.stall import Verdict
from tui.insight.state import was_stopped
from tui.insight.vitals import Vitals
from tui.services.engine import Container
from tui.services.fleet_events import Wish
from tui.services.fleet_facts import Facts
from tui.services.fleet_watch import Watch
from tui.services.server import Server, State
from tui.services.vllm import Identity

AT_REST = {"created": State.CREATED, "paused": State.PAUSED, "removing": State.GONE}
ENDED = frozenset({State.STOPPED, State.FAILED, State.RESTARTING})
SIGKILLED = 137
DOUBTS = {Verdict.HUNG: State.HUNG, Verdict.HALF: State.HALF, Verdict.BROKEN: State.BROKEN}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, gathered once."""

    last_lines: str = ""
    cause: str = ""
    """The one line that says why, where it ended badly (see `answer_cause`)."""
    boot: Boot | None = None


Seen = tuple[Watch | None, Ending | None, Wish]
"""What was seen of a container: its watch, how its last run ended, what somebody asked the engine to do with it."""


def draw(host: str, container: Container, facts: Facts, command: ServeCommand, seen: Seen) -> Server:
    """Draw up one server from its facts and what was seen."""
    watch, ending, wish = seen
    state, since = _state(container, facts, *seen)
    identity, vitals = _said(watch)
    current = _current(state, watch, ending)
    ended = state in ENDED and container.state != "running"
    return Server(
        host=host,
        id=container.id,
        name=container.name,
        kind="container",
        state=state,
        image=container.image,
        phase=current.name if current else None,
        progress=current.fraction if current else None,
        exit_code=facts.exit_code if ended else None,
        killed=ended and facts.exit_code == SIGKILLED and wish is not Wish.STOP,
        oom_killed=facts.oom_killed and state in ENDED,
        cause=ending.cause if ended and ending and state is not State.STOPPED else "",
        model=identity.model or next(iter(command.served_names), None),
        path=command.model,
        url=facts.url,
        port=facts.port,
        since=since,
        doubted=doubted(state, watch),
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
        restarts=facts.restarts,
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


def _state(
    container: Container, facts: Facts, watch: Watch | None, ending: Ending | None, wish: Wish
) -> tuple[State, float | None]:
    if container.state in AT_REST:
        return AT_REST[container.state], facts.started if container.state == "paused" else container.created
    if container.state == "running" and watch is not None:
        return _running(facts, watch)
    if container.state == "restarting":
        return State.RESTARTING, facts.finished
    stopped = was_stopped(
        facts.exit_code,
        killed_by_request=wish is not Wish.NONE,
        oom_killed=facts.oom_killed,
        last_lines=ending.last_lines if ending else "",
    )
    return (State.STOPPED if stopped else State.FAILED), facts.finished


def _running(facts: Facts, watch: Watch) -> tuple[State, float | None]:
    """The state of one that runs. It counts from its start, whoever looks and since when."""
    if watch.failed and not watch.ready:
        return State.FAILED, watch.reader.failed_at
    if not (watch.ready or watch.unreachable or watch.failed):
        return (State.HEADLESS if watch.headless else State.STARTING), facts.started
    return working(watch), facts.started


def working(watch: Watch) -> State:
    """Say how one that has come up gets on."""
    if watch.failed:
        return State.BROKEN
    if watch.unreachable:
        return State.UNKNOWN
    if watch.verdict is not Verdict.WORKS:
        return DOUBTS[watch.verdict]
    if watch.silent:
        return State.SILENT
    return State.BUSY if watch.vitals and watch.vitals.running else State.READY


def doubted(state: State, watch: Watch | None) -> float | None:
    """Say when one that runs was last seen to work, while it does not."""
    if watch is None or state not in {State.SILENT, State.BROKEN, *DOUBTS.values()}:
        return None
    return watch.answered_at if state is State.SILENT or watch.doubted_at is None else watch.doubted_at
