"""One picture of all servers: those in containers, and those beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tui.services.fleet_natives import FleetNatives
from tui.services.fleet_rows import rank
from tui.services.fleet_view import FleetView


class Merge:
    """Puts the rows of both together, each at its rank.

    Args:
        natives: The servers beside the containers.
    """

    def __init__(self, natives: FleetNatives) -> None:
        self._natives = natives
        self._ranks: dict[tuple[str, str], int] = {}

    def picture(self, view: FleetView, actions: Mapping[tuple[str, str], str]) -> FleetView:
        """Add to a picture of the containers what runs beside them now, however old the picture is."""
        taken = {server.name for server in view.servers} | {container.name for container in view.others}
        servers = (*view.servers, *self._natives.rows(taken, actions))
        self._ranks = {server.key: rank(server, self._ranks.get(server.key)) for server in servers}
        return replace(
            view,
            servers=tuple(sorted(servers, key=lambda server: (self._ranks[server.key], server.name))),
            boots={**view.boots, **self._natives.boots()},
            vitals={**view.vitals, **self._natives.vitals()},
        )
