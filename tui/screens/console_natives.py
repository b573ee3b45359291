"""What is done with servers that are no containers: a process is ended, an address is added or forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual.content import Content

from tui.screens.console_several import what_ends
from tui.services.errors import ServiceError
from tui.services.server import Server
from widgets.dialog import ConfirmDialog
from widgets.form_lines import HangingLine

if TYPE_CHECKING:
    from tui.screens.frame import FramedScreen
    from tui.services.services import Services

PATIENCE = 15.0
"""Seconds that a process is given to end by itself."""
KILL_SECONDS = 5.0
"""Seconds within which the kernel has ended what was killed."""
MOST_WORDS = 400
"""Characters of a command line that a question shows."""

Do = Callable[[Server, str, Callable[[], Awaitable[object]]], Awaitable[object]]
"""Shows beside a server what is done with it, for as long as it is done."""


async def stop_process(screen: FramedScreen, services: Services, server: Server, do: Do) -> None:
    """Ask, then have a process end; where it does not, ask whether to kill it.

    Raises:
        ServiceError: It is not ours to end.
    """
    from tui.services import native_end

    natives = services.fleet.natives
    finder = natives.natives
    if finder is None or not await screen.app.push_screen_wait(stop_question(server)):
        return
    natives.stopped(server.id)
    try:
        if await do(server, _("stopping"), lambda: native_end.end(finder.proc, server.id, PATIENCE)):
            return
    except ServiceError:
        natives.stopped(server.id, by_us=False)
        raise
    if not await screen.app.push_screen_wait(kill_question(server)):
        return
    if not await do(server, _("killing"), lambda: native_end.kill(finder.proc, server.id, KILL_SECONDS)):
        text = _("Process {pid} is still there: the kernel waits for a device before it can end it.")
        screen.app.notify(text.format(pid=native_end.known(server.id)[0]), severity="warning", markup=False)


async def add_endpoint(screen: FramedScreen, services: Services) -> str:
    """Ask for an address and keep it; give the name of its server, "" when nothing was added.

    Raises:
        ServiceError: The settings cannot be written.
    """
    from tui.screens.endpoint_dialog import EndpointDialog

    natives = services.fleet.natives
    taken = frozenset(server.name for server in services.fleet.view.servers)
    endpoint = await screen.app.push_screen_wait(EndpointDialog(taken))
    if endpoint is None:
        return ""
    await asyncio.to_thread(natives.endpoints.add, endpoint)
    services.fleet.nudge()
    return endpoint.name


async def forget_endpoint(screen: FramedScreen, services: Services, server: Server) -> None:
    """Ask, then take an address out of the settings.

    Raises:
        ServiceError: The settings cannot be written.
    """
    body = [_("It is taken out of the settings. What serves there runs on.")]
    dialog = ConfirmDialog(_("Forget {name}?").format(name=server.name), body, _("Forget"), danger=True)
    if await screen.app.push_screen_wait(dialog):
        await asyncio.to_thread(services.fleet.natives.endpoints.remove_id, server.id)
        services.fleet.nudge()


def stop_question(server: Server) -> ConfirmDialog:
    """Make the question before a process is ended: which one, and what ends with it."""
    from tui.services.native_end import known

    command = " ".join(server.arguments)
    command = command if len(command) <= MOST_WORDS else command[:MOST_WORDS] + "…"
    told = Content.assemble((_("process {pid}").format(pid=known(server.id)[0]), "bold"), f"  {command}")
    also = _("llmtui cannot start it again: it did not start it.")
    body: list[str | HangingLine] = [HangingLine(told, indent=2), *what_ends("stop", server), also]
    deed = _("{deed} {name}").format(deed=_("Stop"), name=server.name)
    return ConfirmDialog(_("Stop {name}?").format(name=server.name), body, deed, danger=True)


def kill_question(server: Server) -> ConfirmDialog:
    """Make the question before a process that does not end is killed."""
    text = _("It was asked to end and still runs after {seconds:.0f} s. Killed, it and its children end at once.")
    title = _("Kill {name}?").format(name=server.name)
    return ConfirmDialog(title, [text.format(seconds=PATIENCE)], _("Kill"), danger=True, refuse=_("Wait"))
