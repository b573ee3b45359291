"""A shell in the chosen server's container: the terminal is lent to it, and everything else goes on meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported

from tui.messages import CopyAsked
from tui.services.errors import ServiceError
from tui.services.server import Server
from tui.services.shell import as_line, shell_command
from tui.services.state_words import container_state_words
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.frame import FramedScreen
    from tui.services.services import Services

NO_PROGRAM = frozenset({126, 127})
"""Exit codes of a container that has no shell at all, among other reasons."""


async def open_shell(screen: FramedScreen, services: Services, server: Server) -> None:
    """Open a shell in the server's container until one leaves it; where that cannot be, say why."""
    words = refusal(services, server)
    if words or (words := await _closed_words(services, server)):
        screen.app.notify(words, markup=False)
        return
    command = shell_command(services.host.docker(), server.name)
    if shutil.which(command[0]) is None:
        await _without_docker(screen, command)
        return
    try:
        said = await lend_terminal(screen.app, server.name, command)
    except SuspendNotSupported:
        said = _(
            "This terminal cannot be lent to another program. Copy the command for one that can: {command}"
        ).format(command=as_line(command))
    if said:
        screen.app.notify(said, severity="warning", timeout=10, markup=False)


def refusal(services: Services, server: Server) -> str:
    """Say in one sentence why there is no shell in this one; "" where there may be."""
    if services.simulated:
        return _("{name} is simulated: there is no container to open a shell in.").format(name=server.name)
    if server.kind == "process":
        return _("{name} is a process of this machine: any shell here is beside it.").format(name=server.name)
    if server.kind == "endpoint":
        return _("{name} is known by its address alone: there is no way into it.").format(name=server.name)
    return ""


async def _closed_words(services: Services, server: Server) -> str:
    """Say that a container runs nothing that a shell could be beside; "" when it does.

    Raises:
        ServiceError: The engine does not say.
    """
    state = str((await services.host.engine.inspect(server.id))["State"]["Status"])
    if state == "running":
        return ""
    return _("{name} does not run ({state}): a shell needs a running container.").format(
        name=server.name, state=container_state_words(state)
    )


async def lend_terminal(app: App[object], name: str, command: Sequence[str]) -> str:
    """Run a program in the app's terminal; give what is to be told when it went wrong.

    The event loop goes on: what is read meanwhile is there on return. Nothing is drawn, and the driver takes up the new size.

    Raises:
        SuspendNotSupported: This terminal cannot be lent.
    """
    said = ""
    with app.batch_update(), app.suspend():
        # What is raised in here leaves the app without its screen: right only when it is called off, for then the app ends.
        try:
            print(_("shell in {name}: exit returns to llmtui").format(name=name), flush=True)
            said = _ended_words(name, *await _run(command))
        except Exception as error:
            said = _("The shell in {name} did not start: {why}").format(name=name, why=error)
    return said


async def _run(command: Sequence[str]) -> tuple[int, str]:
    """Run it in the foreground; give its exit code and what the docker command itself complained of.

    In a terminal all that comes from the container comes on stdout. One that is called off is ended first.
    """
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        _stdout, complaint = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
    return process.returncode or 0, complaint.decode("utf-8", "replace").strip()


def _ended_words(name: str, code: int, complaint: str) -> str:
    """Say how it ended; "" when well."""
    if code == 0:
        return ""
    words = _("The shell in {name} ended with code {code}").format(name=name, code=code)
    why = next(
        (line for line in complaint.splitlines() if "rror" in line), ""
    )  # the command may praise itself there, too
    hint = _("Either its last command did, or the container has no sh.") if code in NO_PROGRAM and not why else ""
    return str(ServiceError(words, why, hint))


async def _without_docker(screen: FramedScreen, command: Sequence[str]) -> None:
    """Say what is missing, how to get it, and offer the command for a place that has it."""
    line = as_line(command)
    body = [
        _("A shell in a container is opened by the docker command, and that is not among the programs here."),
        _("Debian and Ubuntu have it in the package docker-cli (older ones: docker.io), others in docker-ce-cli."),
        line,
    ]
    if await screen.app.push_screen_wait(ConfirmDialog(_("No docker command"), body, _("Copy the command"))):
        screen.post_message(CopyAsked(line, _("the command")))
