"""Giving a container another name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.frame import FramedScreen
    from tui.services.server import Server
    from tui.services.services import Services


async def rename(
    screen: FramedScreen,
    services: Services,
    do: Callable[[Server, str, Callable[[], Awaitable[object]]], Awaitable[object]],
    server: Server,
) -> None:
    """Ask for the name and give it; what is kept aside follows.

    Raises:
        ServiceError: It was refused.
    """
    from tui.screens.dialogs import RenameDialog

    view = services.fleet.view
    taken = {one.name for one in view.servers} | {one.name for one in view.others}
    name = await screen.app.push_screen_wait(RenameDialog(server.name, frozenset(taken - {server.name})))
    if name and name != server.name:
        await do(server, _("renaming"), lambda: services.host.engine.rename(server.id, name))
        await services.recreator.renamed(server.name, name)
