"""The rows of the list, each made anew only when it reads otherwise: with hundreds of them most stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui.panes.server_words import age, container_row, server_row
from tui.services.fleet_view import FleetView
from tui.services.server import Server
from widgets.server_list import ServerList

if TYPE_CHECKING:
    from tui.services.engine import Container

Made = tuple[ServerList.Row, Server]


class Rows:
    """Makes rows and keeps them for the next picture."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Made]] = {}

    def server(self, server: Server, answering: bool, now: float) -> ServerList.Row:
        """Give the row of a server."""
        made_of = (server, answering, age(now, server.since))
        return self._made(server.name, made_of, lambda: (server_row(server, answering, now), server))[0]

    def container(self, fleet: FleetView, container: Container, now: float) -> Made:
        """Give the row of a container that serves no model, and its record."""
        made_of = (container, age(now, container.created), fleet.seen, fleet.trouble)
        return self._made(container.name, made_of, lambda: container_row(fleet, container, now))

    def _made(self, name: str, made_of: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        before, made = self._kept.get(name, (None, None))
        if made is None or before != made_of:
            made = make()
            self._kept[name] = made_of, made
        return made

    def keep(self, names: set[str]) -> None:
        """Forget the others."""
        for gone in self._kept.keys() - names:
            del self._kept[gone]
