"""What is kept aside of a server after a recreate, and letting it go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from gettext import gettext as _
from typing import TYPE_CHECKING

from tui.services.errors import ServiceError
from tui.services.server import Server

if TYPE_CHECKING:
    from tui.screens.frame import FramedScreen
    from tui.services.launch import Step
    from tui.services.services import Services


async def drop_old(screen: FramedScreen, services: Services, server: Server) -> None:
    """Ask, then delete what a server was before its last recreate.

    Raises:
        ServiceError: It could not be deleted.
    """
    from tui.screens.dialogs import ConfirmDialog

    title = _("Drop what {name} was before its last recreate?").format(name=server.name)
    body = [
        _("The container that is kept aside is deleted; u cannot bring it back any more. What runs now stays."),
        _("The saved configurations of all before it are deleted too, with the values of their variables."),
    ]
    if await screen.app.push_screen_wait(ConfirmDialog(title, body, _("Drop the old one"), danger=True)):
        await forget_aside(services, server.name, services.fleet.view.aside.get(server.name, ()))
        screen.app.notify(_("What {name} was before is deleted.").format(name=server.name), markup=False)


async def forget_aside(services: Services, name: str, aside: Sequence[str]) -> None:
    """Let go of the way back, and of what stands aside without an entry in the journal."""
    await services.recreator.let_go(name)
    for container in aside:
        with suppress(ServiceError):  # gone with the journal's entry; one that somebody started by now stays
            await services.host.engine.remove(container)
    services.fleet.nudge()


async def told_when_started(steps: AsyncIterator[Step], started: Callable[[], None]) -> AsyncIterator[Step]:
    """Pass the steps of a recreate on; `started` is called when the new one is about to boot."""
    async for step in steps:
        if step.name == "start":
            started()
        yield step
