"""Waiting for a launched server: its phases on stderr, until it is ready or has failed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from tui.cli import headless
from tui.cli.status import record
from tui.services.answer_cause import cause_line
from tui.services.errors import ServiceError
from tui.services.server import Server, State
from tui.services.state_words import phase_words, state_name

if TYPE_CHECKING:
    from tui.services.fleet import Fleet
    from tui.services.fleet_view import FleetView
    from tui.services.services import Services

WELL = frozenset({State.READY, State.BUSY, State.UNKNOWN, State.HEADLESS})
"""Where a boot has come to its end; one that nobody can reach is ready by its log alone."""
MOVING = frozenset({State.CREATED, State.STARTING, State.SILENT})
"""Where it may still come to it."""
LAST_LINES = 12
"""Lines of its log that are shown of a server that failed."""
LOG_LINES = 3000
"""Lines in which the cause is looked for."""
LOG_SECONDS = 5.0
LOOK_SECONDS = 1.0
APPEAR_SECONDS = 10.0
"""How long a container that was just started may be missing from the picture."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a launch ended."""

    well: bool
    text: str
    """One sentence."""
    server: dict[str, Any] | None = None
    """As `llmtui status --json` writes it."""
    lines: tuple[str, ...] = ()
    """The last lines of its log, where it failed."""


class _Watcher:
    """Takes every picture, shows the phases, and notes when the boot has come to an end."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self._fleet = fleet
        self.name = name
        self._phase = ""
        self._trouble = ""
        self._began = asyncio.get_running_loop().time()
        self.server: Server | None = None
        self.changed = asyncio.Event()

    def look(self) -> None:
        """A new picture."""
        view = self._fleet.view
        if view.trouble is not None:
            if self._trouble != view.trouble.title:
                headless.complain(view.trouble)
            self._trouble = view.trouble.title
            return
        self._trouble = ""
        found = next((one for one in view.servers if one.name == self.name), None)
        if found is not None or self.server is not None or view.loaded:
            self.server = found
            self._tell(found)
            self.changed.set()

    def _tell(self, server: Server | None) -> None:
        phase = server.phase or "" if server is not None and server.state is State.STARTING else ""
        if phase and phase != self._phase:
            seconds = asyncio.get_running_loop().time() - self._began
            print(f"{seconds:4.0f} s  {phase_words(phase)}", file=sys.stderr, flush=True)
            self._phase = phase


async def came_up(services: Services, name: str) -> Outcome:
    """Wait until a server is ready or has failed; the engine may go away and come back meanwhile.

    Called off, the server is left running, and that is said.
    """
    fleet = services.fleet
    watcher = _Watcher(fleet, name)
    fleet.listen(lambda view: watcher.look())
    fleet.choose((services.host_name, name))
    running = asyncio.ensure_future(fleet.run())
    try:
        return await _ended(services, watcher, running)
    except asyncio.CancelledError:
        text = _("{name} goes on starting; llmtui logs {name} -f shows how far it is, llmtui stop {name} ends it.")
        headless.complain(text.format(name=name))
        raise
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def _ended(services: Services, watcher: _Watcher, watching: asyncio.Future[None]) -> Outcome:
    loop, name = asyncio.get_running_loop(), watcher.name
    began, seen = loop.time(), False
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await watcher.changed.wait()
        watcher.changed.clear()
        if watching.done():
            watching.result()  # it never ends by itself: what broke it is not waited out
        server = watcher.server
        if server is None:
            if seen or loop.time() - began > APPEAR_SECONDS:
                return Outcome(False, _missing_words(services.fleet.view, name))
            continue
        seen = True
        if server.state in WELL:
            seconds = loop.time() - began
            return Outcome(True, _ready_words(server, seconds), record(server))
        if server.state not in MOVING:
            return await _failed(services, server)


def _missing_words(view: FleetView, name: str) -> str:
    if any(one.name == name for one in view.others):
        return _("{name} runs nothing that is known as a model server; its log says more: llmtui logs {name}").format(
            name=name
        )
    return _("{name} is gone: it ended and was removed, or somebody removed it.").format(name=name)


def _ready_words(server: Server, seconds: float) -> str:
    if server.state is State.HEADLESS:
        return _("{name} runs as a part of a server: its head answers.").format(name=server.name)
    if server.state is State.UNKNOWN:
        return _("{name} is ready by its log, but no way leads to it: publish a port.").format(name=server.name)
    return _("{name} is ready after {seconds:.0f} s: {url}").format(
        name=server.name, seconds=seconds, url=f"{server.url}/v1"
    )


async def _failed(services: Services, server: Server) -> Outcome:
    """Say how it stands, and show what its log says last and what it says is the cause."""
    lines = await _last_lines(services, server)
    words = _("{name} did not come up: {state}").format(name=server.name, state=state_name(server.state))
    if server.exit_code is not None:
        words = _("{name} did not come up: {state}, exit code {code}").format(
            name=server.name, state=state_name(server.state), code=server.exit_code
        )
    cause = cause_line(lines)
    return Outcome(False, str(ServiceError(words, cause)), record(server), tuple(lines[-LAST_LINES:]))


async def _last_lines(services: Services, server: Server) -> list[str]:
    """Read the log's end as it is shown: clean, without our own polling lines."""
    from tui.cli.logs import shown, whole
    from tui.insight.log_reader import LogReader

    source = services.host.engine.logs(server.id, tty=server.tty, tail=LOG_LINES, follow=False)
    try:
        async with asyncio.timeout(LOG_SECONDS):
            raw, rest = await whole(source, server.name)
    except (TimeoutError, ServiceError):
        return []
    return [text.decode("utf-8", "replace") for text in shown(LogReader(), [*raw, *rest], everything=False)]
