"""`llmtui stop NAME`: ends a server at once, and says what was ended."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _
from typing import TYPE_CHECKING

from tui.cli import headless
from tui.cli.status import record
from tui.services import native_end
from tui.services.errors import ServiceError
from tui.services.server import ALIVE, Server, State

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.fleet_view import FleetView
    from tui.services.services import Services

LOOK_SECONDS = 1.5
"""How long servers may take to say how they are; to be stopped they need not say it."""
PATIENCE = 15.0
"""Seconds that a process is given."""


async def work(options: Options, services: Services) -> int:
    """Stop the one that is named; 0 when it does not run any more."""
    try:
        view = await services.fleet.look_once(LOOK_SECONDS)
        server = _named(view, options.subject, options.any)
        said = await _stopped(services, server)
    except ServiceError as error:
        return headless.failed(error, options.json, server=None)
    if options.json:
        ended = replace(server, state=State.STOPPED, phase=None, url=None, since=None)
        headless.show_json({"server": record(ended if server.state in ALIVE else server), "error": None})
    else:
        print(headless.clean(said), flush=True)
    return headless.DONE


def _named(view: FleetView, name: str, anything: bool) -> Server:
    """Find who is meant.

    Raises:
        ServiceError: There is none of this name, or it is no model server and was not to be anything.
    """
    for server in view.servers:
        if server.name == name:
            return server
    other = next((one for one in view.others if one.name == name), None)
    if other is None:
        if view.trouble is not None:  # it may be one of the containers that cannot be seen
            raise view.trouble
        names = [one.name for one in view.servers] + ([one.name for one in view.others] if anything else [])
        raise headless.unknown(name, names, _("There is no server {name}"))
    if not anything:
        raise ServiceError(
            _("{name} is a container that serves no model").format(name=name),
            mend=_("--any stops it all the same: llmtui stop {name} --any").format(name=name),
        )
    state = State.UNKNOWN if other.state in {"running", "paused", "restarting"} else State.STOPPED
    return Server(view.host, other.id, name, "container", state, other.image, serves=False)


async def _stopped(services: Services, server: Server) -> str:
    """Stop it, and say so in a sentence.

    Raises:
        ServiceError: It goes on running.
    """
    if server.kind == "endpoint":
        title = _("{name} is known by its address alone").format(name=server.name)
        raise ServiceError(title, mend=_("Stop it where it was started."))
    if server.state not in ALIVE:
        return _("{name} does not run.").format(name=server.name)
    if server.kind == "process":
        return await _ended(services, server)
    await services.host.engine.stop(server.id)
    if server.auto_remove:
        return _("Stopped {name}; it was started with --rm and is gone.").format(name=server.name)
    return _("Stopped the container {name} ({image}).").format(name=server.name, image=server.image)


async def _ended(services: Services, server: Server) -> str:
    finder, pid = services.fleet.natives.natives, native_end.known(server.id)[0]
    if finder is None or not await native_end.end(finder.proc, server.id, PATIENCE):
        raise ServiceError(
            _("{name} was asked to end and still runs after {seconds:.0f} s").format(
                name=server.name, seconds=PATIENCE
            ),
            mend=_("Kill it: kill -9 {pid}").format(pid=pid),
        )
    return _("Stopped {name}, process {pid}.").format(name=server.name, pid=pid)
